"""The gateway: takes websockets, starts and resumes sessions, and tells them what happens."""

from __future__ import annotations

import asyncio
import secrets
from typing import TYPE_CHECKING, Any

from aiohttp import web

from sandbox.gateway import send_events
from sandbox.gateway.connection import Connection
from sandbox.gateway.event_faults import EventFaults
from sandbox.gateway.identify import Refused, check
from sandbox.gateway.opcodes import Close, Op
from sandbox.gateway.ready import ready
from sandbox.gateway.session import Session
from sandbox.state.changes.guild_changes import guild_created
from sandbox.state.event import Event
from sandbox.state.json_types import Json
from sandbox.state.permissions import Permission

if TYPE_CHECKING:
    from sandbox.actions.backend import World

_ENDS_SESSION = (1000, 1001)
"""The codes with which a bot says that it will not resume."""
_PATIENCE = 2.0
"""Seconds that a bot gets to answer a close."""


class GatewayServer:
    """All sessions of the bot."""

    def __init__(self, world: World, faults: EventFaults) -> None:
        self._world = world
        self._faults = faults
        self._serving: dict[Connection, asyncio.Task[Any]] = {}
        self.sessions: dict[str, Session] = {}
        """All sessions that live, also those that wait to be resumed, by id."""
        world.store.listen(self._hear)

    @property
    def url(self) -> str:
        """Where bots connect."""
        return self._world.http_url.replace("http://", "ws://") + "/gateway"

    @property
    def connected(self) -> bool:
        """Whether a session has a connection at this moment."""
        return any(session.connection for session in self.sessions.values())

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """A bot connects. Refuses encodings and compressions which the sandbox does not speak."""
        compression = request.query.get("compress")
        encoding = request.query.get("encoding", "json")
        if compression not in (None, "zlib-stream") or encoding != "json":
            what = f"the gateway encoding {encoding} with compression {compression}"
            self._world.refusals.add("gateway", "connect", what)
            return web.json_response({"message": f"the sandbox does not implement {what}", "code": 0}, status=501)
        socket = web.WebSocketResponse(timeout=_PATIENCE / 2, max_msg_size=0)
        await socket.prepare(request)
        connection = Connection(socket, compress=compression is not None)
        task = asyncio.current_task()
        assert task is not None
        self._serving[connection] = task
        writer = asyncio.create_task(connection.write(), name="sandbox gateway writer")
        try:
            await self._converse(connection)
            if connection.closing:
                await writer
        finally:
            writer.cancel()
            await asyncio.gather(writer, return_exceptions=True)
            await self._gone(connection)
            del self._serving[connection]
        return socket

    async def close(self) -> None:
        """Close all connections and forget all sessions."""
        self.sessions.clear()
        for connection in self._serving:
            connection.close(1001)
        if self._serving:
            await asyncio.wait(self._serving.values(), timeout=_PATIENCE)

    async def end(self, session: Session) -> None:
        """A session is over and cannot be resumed; the bot leaves the calls that it held."""
        if self.sessions.pop(session.id, None) is not None:
            await self._world.switchboard.end_session(session.id)
            self._world.store.look_again()

    def start(self, connection: Connection, data: Json) -> None:
        """The bot identifies."""
        if connection.session is not None:
            connection.close(Close.ALREADY_AUTHENTICATED)
            return
        if not self._world.session_starts.remaining:
            self._world.refusals.add("gateway", "identify", "the new token that follows on one IDENTIFY too many")
            connection.close(Close.AUTHENTICATION_FAILED)
            return
        self._world.session_starts.used += 1
        try:
            intents, shard = check(data, self._world)
        except Refused as refused:
            connection.close(refused.code)
            return
        session = Session(secrets.token_hex(16), intents, shard, connection)
        connection.session = session
        self.sessions[session.id] = session
        session.dispatch("READY", ready(session, self._world))
        for guild in self._world.store.guilds.values():
            self._tell(session, guild_created(guild, new=False))
        self._world.store.look_again()

    def resume(self, connection: Connection, data: Json) -> None:
        """The bot takes up a session that it lost."""
        session = self.sessions.get(str(data.get("session_id")))
        if data.get("token") != self._world.bot.token:
            connection.close(Close.AUTHENTICATION_FAILED)
        elif session is None:
            connection.send(Op.INVALID_SESSION, False)
        elif int(data.get("seq") or 0) > session.sequence:
            connection.close(Close.INVALID_SEQUENCE)
        else:
            if session.connection is not None:
                session.connection.session = None
                session.connection.close(Close.UNKNOWN_ERROR)
            session.connection = connection
            connection.session = session
            session.replay(int(data.get("seq") or 0))
            session.dispatch("RESUMED", {"_trace": ["sandbox"]})
            self._world.store.look_again()

    async def _converse(self, connection: Connection) -> None:
        interval = self._world.config.heartbeat_interval
        connection.send(Op.HELLO, {"heartbeat_interval": int(interval * 1000), "_trace": ["sandbox"]})
        clock = asyncio.get_running_loop()
        patience = 2 * interval
        alarm = clock.call_later(patience, connection.close, Close.SESSION_TIMED_OUT)
        try:
            async for payload in connection.payloads():
                if payload["op"] == Op.HEARTBEAT:
                    alarm.cancel()
                    alarm = clock.call_later(patience, connection.close, Close.SESSION_TIMED_OUT)
                try:
                    await send_events.obey(self._world, self, connection, payload)
                except send_events.Malformed:
                    connection.close(Close.DECODE_ERROR)
        finally:
            alarm.cancel()

    async def _gone(self, connection: Connection) -> None:
        session = connection.session
        if session is None or session.connection is not connection:
            return
        session.connection = None
        if connection.close_code in _ENDS_SESSION and not connection.closing:
            await self.end(session)
        self._world.store.look_again()

    def _hear(self, event: Event) -> None:
        delay = self._faults.delay(event)
        if delay is None:
            return
        for session in list(self.sessions.values()):
            self._tell(session, event, delay)

    def _tell(self, session: Session, event: Event, delay: float = 0.0) -> None:
        if not session.hears(event) or not self._may_see(event):
            return
        data = event.data(session.intents)
        if delay:
            self._faults.later(delay, lambda: session.dispatch(event.name, data))
        else:
            session.dispatch(event.name, data)

    def _may_see(self, event: Event) -> bool:
        if event.channel is None:
            return True
        me = event.channel.guild.me
        return me is not None and bool(me.permissions_in(event.channel) & Permission.view_channel)
