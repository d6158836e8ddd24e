"""For py-cord and discord.py: `await channel.connect(cls=WireVoiceClient)`.

Both libraries document `VoiceProtocol` as the way to bring a voice client of one's own
(https://docs.pycord.dev/en/stable/api/voice.html#discord.voice.VoiceProtocol,
https://discordpy.readthedocs.io/en/stable/api.html#discord.VoiceProtocol). No private part of either is used.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from typing import Any, Final

import aiohttp
import discord

try:
    from discord.voice import VoiceProtocol  # py-cord from 2.7 on
except ImportError:
    from discord import VoiceProtocol  # discord.py

from voicewire.connection import VoiceConnection
from voicewire.dave.davey_session import DaveySession
from voicewire.dave.mls_session import MakeMlsSession
from voicewire.ending import ConnectionEnded, EndCause, Ending
from voicewire.listener import VoiceListener
from voicewire.voice_server import VoiceServer

_logger = logging.getLogger(__name__)

_DISCONNECTED: Final = 4014
_NEW_SERVER_SECONDS: Final = 3.0
"""How long after a 4014 the name of another server may take to arrive, or the news that we were removed."""


class WireVoiceClient(VoiceProtocol):  # type: ignore[type-arg] # generic in py-cord only
    """A voice connection of a bot. It follows to another channel or voice server; any other loss ends it.

    Joining again is left to the bot, whatever `reconnect` says: `ended` tells when, and why.
    """

    listener: VoiceListener | None = None
    """Who hears the call. A subclass may have another, or it is set before the connection is made."""
    make_session: MakeMlsSession = DaveySession
    """The library for the end-to-end encryption."""
    make_connector: Callable[[], aiohttp.BaseConnector] = aiohttp.TCPConnector
    """Makes what opens the websocket: it knows of a proxy, and whose certificates are trusted."""

    def __init__(self, client: discord.Client, channel: discord.abc.Connectable) -> None:
        super().__init__(client, channel)
        self.ended: asyncio.Future[Ending] = asyncio.get_running_loop().create_future()
        """Done as soon as the connection is over for good, with how it ended."""
        self.connection: VoiceConnection | None = None
        """The present connection; None before the first, and while another server is joined."""
        self._voice_state: tuple[str, int] | None = None
        self._voice_server: tuple[str, str] | None = None
        self._news = asyncio.Event()
        self._supervisor: asyncio.Task[None] | None = None
        self._is_in_channel = False

    async def connect(
        self, *, timeout: float, reconnect: bool, self_deaf: bool = False, self_mute: bool = False
    ) -> None:
        """Join the channel. Called by the library.

        Raises:
            TimeoutError: Discord named no voice server in time.
            ConnectionEnded: the voice server could not be joined.
        """
        del reconnect
        try:
            self._is_in_channel = True
            await self.guild.change_voice_state(channel=self._channel, self_deaf=self_deaf, self_mute=self_mute)
            async with asyncio.timeout(timeout):
                server = await self._next_server(None)
            self.connection = await self._join(server, timeout)
        except BaseException:  # at anything but a TimeoutError, py-cord would keep the client: "already connected"
            await self.disconnect(force=True)
            raise
        self._supervisor = asyncio.create_task(self._supervise(self.connection), name=f"voice of {self.guild.id}")

    async def disconnect(self, *, force: bool = False) -> None:
        """Leave the channel, without waiting for Discord to confirm it. May be called twice."""
        del force
        try:
            if self._is_in_channel:
                self._is_in_channel = False
                await self.guild.change_voice_state(channel=None)
        except (OSError, RuntimeError, aiohttp.ClientError, discord.ConnectionClosed, AttributeError) as error:
            # The main gateway is down: Discord drops the voice state with that session.
            _logger.debug("Leaving was not announced: %s", error)
        finally:
            await self.release()

    async def release(self) -> None:
        """Close the connection and forget it, but stay in the channel: another process goes on with it."""
        self._is_in_channel = False
        if self._supervisor is not None and self._supervisor is not asyncio.current_task():
            self._supervisor.cancel()
            await asyncio.wait({self._supervisor})
        if self.connection is not None:
            await self.connection.close()
        self._end(Ending(cause=EndCause.LEFT))
        self.cleanup()

    def send_frame(self, frame: bytes) -> bool:
        """Send one Opus frame of 20 ms; False if it has not left. From any thread."""
        connection = self.connection
        return connection is not None and connection.send_frame(frame)

    @property
    def may_speak(self) -> bool:
        """Whether a frame sent now would leave."""
        connection = self.connection
        return connection is not None and connection.may_speak

    async def on_voice_state_update(self, data: Any) -> None:
        """Our own voice state changed. py-cord hands over an object, discord.py what Discord sent."""
        session_id, channel_id = _read(data, "session_id"), _read(data, "channel_id")
        if channel_id is None:
            if self._voice_state is not None:  # else it belongs to the connection before this one
                self._end(Ending(cause=EndCause.REMOVED))
            return
        self._voice_state = (str(session_id), int(channel_id))
        channel = self.guild.get_channel(int(channel_id))
        if isinstance(channel, discord.VoiceChannel | discord.StageChannel):
            self.channel = channel
        self._news.set()

    async def on_voice_server_update(self, data: Any) -> None:
        """A voice server was named: the first, or another one."""
        endpoint = _read(data, "endpoint")
        if endpoint is not None:  # else the server is gone, and another one is to be named
            self._voice_server = (str(_read(data, "token")), str(endpoint))
            self._news.set()

    async def _next_server(self, last: VoiceServer | None) -> VoiceServer | None:
        """The voice server that is named now, once it is another than the last; None when all is over before."""
        while True:
            if self.ended.done():
                return None
            server = self._named_server()
            if server is not None and (last is None or server.token != last.token):
                return server
            self._news.clear()
            await self._news.wait()

    def _named_server(self) -> VoiceServer | None:
        if self._voice_state is None or self._voice_server is None or self.client.user is None:
            return None
        (session_id, channel_id), (token, endpoint) = self._voice_state, self._voice_server
        return VoiceServer(
            user_id=self.client.user.id,
            server_id=self.guild.id,
            channel_id=channel_id,
            session_id=session_id,
            token=token,
            endpoint=endpoint,
        )

    async def _join(self, server: VoiceServer | None, timeout: float) -> VoiceConnection:
        if server is None:
            raise ConnectionEnded(self.ended.result())
        connection = VoiceConnection(
            server, type(self).make_session, listener=self.listener, make_connector=type(self).make_connector
        )
        await connection.connect(timeout)
        return connection

    async def _supervise(self, connection: VoiceConnection) -> None:
        """Follow from server to server until the connection is over for good."""
        while not self.ended.done():
            server = await self._another_server(connection)
            if server is None:
                self._end(connection.ended.result())
                return
            self.connection = None
            await connection.close()
            try:
                self.connection = connection = await self._join(server, _NEW_SERVER_SECONDS)
            except ConnectionEnded as error:
                self._end(error.ending)

    async def _another_server(self, connection: VoiceConnection) -> VoiceServer | None:
        """Wait until another server is named, or the connection is over; None for the latter."""
        named = asyncio.create_task(self._next_server(connection.server))
        waiting: set[asyncio.Future[Any]] = {named, connection.ended}
        try:
            await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
            if not named.done() and connection.ended.result().close_code == _DISCONNECTED:
                waiting = {named, self.ended}
                await asyncio.wait(waiting, timeout=_NEW_SERVER_SECONDS, return_when=asyncio.FIRST_COMPLETED)
            return named.result() if named.done() else None
        finally:
            named.cancel()

    def _end(self, ending: Ending) -> None:
        if not self.ended.done():
            _logger.info("The voice connection of guild %d is over: %s", self.guild.id, ending)
            self.ended.set_result(ending)
            self._news.set()

    @property
    def _channel(self) -> discord.VoiceChannel | discord.StageChannel:
        assert isinstance(self.channel, discord.VoiceChannel | discord.StageChannel)
        return self.channel

    @property
    def guild(self) -> discord.Guild:
        """The server that it is in."""
        return self._channel.guild


def _read(data: Any, name: str) -> Any:
    return data.get(name) if isinstance(data, Mapping) else getattr(data, name)
