"""The voice gateway of a Discord on loopback: websockets over TLS, UDP, transport encryption and DAVE."""

import asyncio
import tempfile
from collections.abc import Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from aiohttp import web

from sandbox.loopback_runner import close_runner
from sandbox.loopback_tls import make_loopback_tls
from sandbox.voice.call import Call
from sandbox.voice.connection_recording import Recorder
from sandbox.voice.dave_client import DaveClient
from sandbox.voice.listening import Listening
from sandbox.voice.op_handler import ConnectionOptions
from sandbox.voice.rtp import MODES
from sandbox.voice.session_registry import SessionRegistry
from sandbox.voice.udp import VoiceSocket
from sandbox.voice.voice_connection import VoiceConnection
from sandbox.voice.voice_errors import UnsupportedVoiceOperation
from sandbox.voice.voice_faults import VoiceFaults
from sandbox.voice.voice_member import MakeMember
from sandbox.voice.voice_opcodes import VoiceCloseCode
from sandbox.voice.voice_session import Admission

HEARTBEAT_SECONDS: Final = 13.75
"""The interval that Discord's voice servers advertise."""
_GATEWAY_VERSION: Final = "8"
_CLOSE_SECONDS: Final = 2.0
_READING_PAUSE: Final = 0.005
"""Seconds between readings of the UDP socket where packets are only noted: one look for a hundred of them."""


class VoiceServer:
    """Serves all voice channels of the sandbox on 127.0.0.1, on ports that the system chooses.

    The main gateway calls `expect` when the bot joins a channel, and hands the token and `endpoint` on:

        async with VoiceServer() as voice:
            voice.member_joined(channel_id, alice)
            token = voice.expect(guild_id=1, channel_id=channel_id, user_id=bot, session_id="…")
            ...
            await voice.call(channel_id).wait_for_frames(100)

    Raises:
        ExceptionGroup: when it is left, if the server itself has failed meanwhile.
    """

    def __init__(
        self,
        *,
        dave_protocol_version: int = 1,
        listening: Listening = Listening.FRAMES,
        heartbeat_interval: float = HEARTBEAT_SECONDS,
        missed_heartbeats: int | None = 3,
        commit_delay: float = 0.0,
        modes: Sequence[str] = MODES,
        make_member: MakeMember = DaveClient,
    ) -> None:
        """`heartbeat_interval` is in seconds; after `missed_heartbeats` of them without one comes 4009, or
        never with None. `commit_delay` is the seconds that simulated members take to commit to a proposal:
        the first commit of an epoch wins, so a delay lets the bot win. Where only they can commit, as when the
        bot comes to two members, it is what their commit takes. `modes` are the transport encryptions that are
        offered. `make_member` makes the voice half of the humans: `DaveClient`, or `LibdaveClient`, which is Discord's
        own implementation and needs its package.
        """
        self.dave_protocol_version = dave_protocol_version
        """The DAVE version of new connections: 1, or 0 for transport encryption alone."""
        self.heartbeat_interval = heartbeat_interval
        """The seconds that new connections are told."""
        self.endpoint = ""
        """"127.0.0.1:PORT", as VOICE_SERVER_UPDATE gives it; known once the server is entered."""
        self.ca_file = Path()
        """The certificate that a client has to trust, PEM; lasts as long as the server."""
        self.faults = VoiceFaults(self._open_in)
        """What is ordered to go wrong."""
        self.recorder: Recorder | None = None
        """Keeps what goes over each new connection."""
        self.unsupported: list[UnsupportedVoiceOperation] = []
        """What clients asked for and the sandbox does not implement; each was refused with a close."""
        self._failures: list[Exception] = []
        self._listening = listening
        self._missed_heartbeats = missed_heartbeats
        self._commit_delay = commit_delay
        self._modes = modes
        self._make_member = make_member
        self._calls: dict[int, Call] = {}
        self._connections: set[VoiceConnection] = set()
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        async with AsyncExitStack() as stack:
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="voice-sandbox-"))
            tls = make_loopback_tls(Path(folder))
            self.ca_file = tls.ca_file
            pause = _READING_PAUSE if self._listening is Listening.HEADERS else 0.0
            self._udp = VoiceSocket(self.faults.datagrams, pause=pause)
            stack.callback(self._udp.close)
            self._registry = SessionRegistry(self._udp, self.call)
            stack.callback(self._close_calls)
            app = web.Application()
            app.router.add_get("/", self._serve)
            runner = web.AppRunner(app, access_log=None, shutdown_timeout=_CLOSE_SECONDS)
            await runner.setup()
            stack.push_async_callback(close_runner, runner)
            stack.push_async_callback(self._close_connections)
            site = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=tls.server)
            await site.start()
            _, port = runner.addresses[0][:2]
            self.endpoint = f"127.0.0.1:{port}"
            self._stack = stack.pop_all()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self._stack.aclose()
        if self._failures:
            raise ExceptionGroup("the voice server failed", self._failures)

    @property
    def secrets(self) -> Sequence[str]:
        """What was handed out and should appear in no log: voice tokens, and keys as their lists of numbers."""
        return self._registry.secrets

    @property
    def udp_descriptor(self) -> int:
        """The file descriptor of the UDP socket, for a process that sends what `Call.seal` made; known once entered."""
        return self._udp.fileno()

    def expect(self, *, guild_id: int, channel_id: int, user_id: int, session_id: str) -> str:
        """Announces a client; returns the voice token for it. Former tokens of it are worth nothing then."""
        return self._registry.admit(
            guild_id=guild_id, channel_id=channel_id, user_id=user_id, session_id=session_id
        ).token

    def expected(self, *, guild_id: int, user_id: int) -> Admission | None:
        """What a client was announced with, if it still may come."""
        return self._registry.expected(guild_id, user_id)

    def call(self, channel_id: int) -> Call:
        """The call in a channel, made on first use; it is the same one over all reconnects."""
        if channel_id not in self._calls:
            self._calls[channel_id] = Call(
                channel_id,
                dave_version=self.dave_protocol_version,
                listening=self._listening,
                commit_delay=self._commit_delay,
                make_member=self._make_member,
                new_ssrc=self._registry.new_ssrc,
                send_datagram=self._udp.send,
            )
        return self._calls[channel_id]

    def member_joined(self, channel_id: int, user_id: int, *, lag: float = 0.0, is_bot: bool = False) -> None:
        """A human, or another bot, enters a channel: op 11 to the bot, and a seat in the DAVE group.

        What the voice gateway tells that member comes `lag` seconds late; what is said comes at once.
        """
        self.call(channel_id).member_joined(user_id, lag=lag, is_bot=is_bot)

    def member_left(self, channel_id: int, user_id: int) -> None:
        """A human leaves a channel: op 13 to the bot, and an epoch without it."""
        self.call(channel_id).member_left(user_id)

    async def disconnect(self, *, guild_id: int, user_id: int, code: int) -> None:
        """Ends a client's session: closes its websocket with `code`, if it has one, and refuses its token.

        As with every other close, what was on its way by then is still heard.
        """
        self._registry.revoke(guild_id, user_id)
        session = self._registry.find(guild_id, user_id)
        if session is None:
            return
        connection = session.connection
        self._registry.lose_connection(session, resumable=False)
        if connection is not None:
            await connection.close(code, "Disconnected.")

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        if self.faults.refuses_connection():
            if request.transport is not None:
                request.transport.abort()
            return web.Response(status=503)
        if request.query.get("v") != _GATEWAY_VERSION:
            return web.Response(status=400, text="the sandbox speaks version 8 of the voice gateway only")
        socket = web.WebSocketResponse(timeout=_CLOSE_SECONDS, compress=False)
        await socket.prepare(request)
        connection = VoiceConnection(
            request,
            socket,
            options=self._options(),
            registry=self._registry,
            call=self.call,
            faults=self.faults,
            refuse=self.unsupported.append,
            recording=self.recorder.begin() if self.recorder is not None else None,
        )
        self._connections.add(connection)
        try:
            await connection.serve()
        except Exception as failure:
            self._failures.append(failure)
            raise
        finally:
            self._connections.discard(connection)
        return socket

    def _options(self) -> ConnectionOptions:
        return ConnectionOptions(
            heartbeat_interval=self.heartbeat_interval,
            missed_heartbeats=self._missed_heartbeats,
            dave_version=self.dave_protocol_version,
            udp_port=self._udp.port,
            modes=self._modes,
        )

    def _open_in(self, channel_id: int) -> list[VoiceConnection]:
        return [connection for connection in self._connections if connection.channel_id == channel_id]

    async def _close_connections(self) -> None:
        connections = [*self._connections]
        await asyncio.gather(*(each.hang_up(VoiceCloseCode.GOING_AWAY, "the sandbox closes") for each in connections))

    def _close_calls(self) -> None:
        self._registry.close()
        for call in self._calls.values():
            call.close()
