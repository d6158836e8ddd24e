"""The gateway: takes websockets, starts and resumes sessions, and tells them what happens."""

from __future__ import annotations

import asyncio
import secrets
from typing import Any, Final

from aiohttp import web

from sandbox.actions.backend import Backend
from sandbox.gateway import send_events
from sandbox.gateway.compression import compressor_for
from sandbox.gateway.connection import Connection
from sandbox.gateway.event_faults import EventFaults
from sandbox.gateway.identify import IdentifyRefused, check
from sandbox.gateway.opcodes import GatewayCloseCode, GatewayOp
from sandbox.gateway.ready import ready
from sandbox.gateway.session import Session
from sandbox.state.changes.guild_create import guild_created
from sandbox.state.event import Event
from sandbox.state.json_types import Json
from sandbox.state.permissions import Permission
from sandbox.unimplemented import Unimplemented

_ENDS_SESSION: Final = (1000, 1001)
"""The codes with which a bot says that it will not resume."""
_VERSION: Final = "10"
_OLDER_VERSIONS: Final = ("6", "7", "8", "9")
"""Those which Discord still takes: https://discord.com/developers/docs/reference#api-versioning"""
_CLOSE_SECONDS: Final = 2.0
"""Seconds that a bot gets to answer a close."""
_LATENCY_SECONDS: Final = 0.005
"""How long a heartbeat waits for its answer. No network is faster than this.

py-cord notes when it sent a heartbeat only after it has sent it, and an answer before that makes it complain of a
latency of one whole interval.
"""


class GatewayServer:
    """All sessions of the bot."""

    def __init__(self, backend: Backend, faults: EventFaults) -> None:
        self._backend = backend
        self._faults = faults
        self._serving: dict[Connection, asyncio.Task[Any]] = {}
        self._session_of: dict[Connection, Session] = {}
        self.sessions: dict[str, Session] = {}
        """All sessions that live, also those that wait to be resumed, by id."""
        backend.store.listen(self._hear)

    @property
    def url(self) -> str:
        """Where bots connect."""
        return self._backend.addresses.http_url.replace("http://", "ws://") + "/gateway"

    @property
    def connected(self) -> bool:
        """Whether a session has a connection at this moment."""
        return any(session.connection for session in self.sessions.values())

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """A bot connects. Refuses versions, encodings and compressions which the sandbox does not speak."""
        version = request.query.get("v", _VERSION)
        encoding = request.query.get("encoding", "json")
        if encoding != "json":
            return self._refuse(f"the gateway encoding {encoding}")
        if version in _OLDER_VERSIONS:
            return self._refuse(f"version {version} of the gateway")
        try:
            compressor = compressor_for(request.query.get("compress"))
        except Unimplemented as gap:
            return self._refuse(gap.what)
        socket = web.WebSocketResponse(timeout=_CLOSE_SECONDS / 2, max_msg_size=0)
        await socket.prepare(request)
        connection = Connection(socket, transport=request.transport, compressor=compressor)
        task = asyncio.current_task()
        assert task is not None
        self._serving[connection] = task
        writer = asyncio.create_task(connection.write(), name="sandbox gateway writer")
        try:
            if version == _VERSION:
                await self._converse(connection)
            else:
                connection.close(GatewayCloseCode.INVALID_API_VERSION)
            if connection.closing:
                await writer
        finally:
            writer.cancel()
            await asyncio.gather(writer, return_exceptions=True)
            await self._gone(connection)
            del self._serving[connection]
        return socket

    def _refuse(self, what: str) -> web.Response:
        self._backend.refusals.add("gateway", "connect", what)
        return web.json_response({"message": f"the sandbox does not implement {what}", "code": 0}, status=400)

    async def close(self) -> None:
        """Close all connections and forget all sessions."""
        self.sessions.clear()
        for connection in self._serving:
            connection.close(1001)
            connection.abort_if_frozen()
        if self._serving:
            await asyncio.wait(self._serving.values(), timeout=_CLOSE_SECONDS)

    async def end(self, session: Session) -> None:
        """A session is over and cannot be resumed; the bot leaves the calls that it held."""
        if self.sessions.pop(session.id, None) is not None:
            await self._backend.voice_states.end_session(session.id)
            self._backend.store.changes.notify()

    def start(self, connection: Connection, data: Json) -> None:
        """The bot identifies."""
        if connection in self._session_of:
            connection.close(GatewayCloseCode.ALREADY_AUTHENTICATED)
            return
        if not self._backend.application.session_starts.remaining:
            self._backend.refusals.add("gateway", "identify", "the new token that follows on one IDENTIFY too many")
            connection.close(GatewayCloseCode.AUTHENTICATION_FAILED)
            return
        self._backend.application.session_starts.used += 1
        try:
            intents, shard = check(data, self._backend.application, self._backend.store.guilds)
        except IdentifyRefused as refused:
            connection.close(refused.code)
            return
        now, starts = asyncio.get_running_loop().time(), self._backend.application.session_starts
        if self._backend.config.rate_limits and starts.is_too_soon(shard[0], now):
            connection.send(GatewayOp.INVALID_SESSION, False)
            return
        session = Session(secrets.token_hex(16), intents, shard, connection)
        self._session_of[connection] = session
        self.sessions[session.id] = session
        session.dispatch("READY", ready(session, self._backend))
        for guild in self._backend.store.guilds.values():
            self._tell(session, guild_created(self._backend.store, guild, new=False))
        self._backend.store.changes.notify()

    def resume(self, connection: Connection, data: Json) -> None:
        """The bot takes up a session that it lost."""
        session = self.sessions.get(str(data.get("session_id")))
        if data.get("token") != self._backend.bot.token:
            connection.close(GatewayCloseCode.AUTHENTICATION_FAILED)
        elif session is None:
            connection.send(GatewayOp.INVALID_SESSION, False)
        elif int(data.get("seq") or 0) > session.sequence:
            connection.close(GatewayCloseCode.INVALID_SEQUENCE)
        else:
            if session.connection is not None:
                self._session_of.pop(session.connection, None)
                session.connection.close(GatewayCloseCode.UNKNOWN_ERROR)
            session.connection = connection
            self._session_of[connection] = session
            session.replay(int(data.get("seq") or 0))
            session.dispatch("RESUMED", {"_trace": ["sandbox"]})
            self._backend.store.changes.notify()

    async def _converse(self, connection: Connection) -> None:
        interval = self._backend.config.heartbeat_interval
        connection.send(GatewayOp.HELLO, {"heartbeat_interval": int(interval * 1000), "_trace": ["sandbox"]})
        clock = asyncio.get_running_loop()
        limit = 2 * interval
        alarm = clock.call_later(limit, connection.close, GatewayCloseCode.SESSION_TIMED_OUT)
        try:
            async for payload in connection.payloads():
                if payload["op"] == GatewayOp.HEARTBEAT:
                    alarm.cancel()
                    alarm = clock.call_later(limit, connection.close, GatewayCloseCode.SESSION_TIMED_OUT)
                await self._handle(connection, payload)
        finally:
            alarm.cancel()

    async def _handle(self, connection: Connection, payload: Json) -> None:
        """Do what a payload asks. An opcode that the sandbox lacks is recorded and closes with 4001."""
        op: int = payload["op"]
        given = payload.get("d")
        data: Json = given if isinstance(given, dict) else {}
        session = self._session_of.get(connection)
        if op == GatewayOp.HEARTBEAT:
            await asyncio.sleep(_LATENCY_SECONDS)
            connection.send(GatewayOp.HEARTBEAT_ACK)
        elif op == GatewayOp.IDENTIFY:
            self.start(connection, data)
        elif op == GatewayOp.RESUME:
            self.resume(connection, data)
        elif session is None:
            connection.close(GatewayCloseCode.NOT_AUTHENTICATED)
        else:
            await self._handle_send_event(connection, session, op, data)

    async def _handle_send_event(self, connection: Connection, session: Session, op: int, data: Json) -> None:
        try:
            await send_events.handle(self._backend, session, op, data)
        except send_events.MalformedPayload:
            connection.close(GatewayCloseCode.DECODE_ERROR)
        except Unimplemented as gap:
            self._backend.refusals.add("gateway", f"op {op}", gap.what)
            connection.close(GatewayCloseCode.UNKNOWN_OPCODE)

    async def _gone(self, connection: Connection) -> None:
        session = self._session_of.pop(connection, None)
        if session is None or session.connection is not connection:
            return
        session.connection = None
        if connection.close_code in _ENDS_SESSION and not connection.closing:
            await self.end(session)
        self._backend.store.changes.notify()

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
        me = self._backend.store.bot_member(event.channel.guild)
        return me is not None and bool(me.permissions_in(event.channel) & Permission.view_channel)
