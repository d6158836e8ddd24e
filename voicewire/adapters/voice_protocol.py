"""For py-cord and discord.py: `await channel.connect(cls=WireVoiceClient)`.

Both libraries document `VoiceProtocol` as the way to bring a voice client of one's own
(https://docs.pycord.dev/en/stable/api/voice.html#discord.voice.VoiceProtocol,
https://discordpy.readthedocs.io/en/stable/api.html#discord.VoiceProtocol). No private part of either is used.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from typing import Any

import aiohttp
import discord

try:
    from discord.voice import VoiceProtocol  # py-cord from 2.7 on
except ImportError:
    from discord import VoiceProtocol  # discord.py

from voicewire.adapters.assignment import Assignment
from voicewire.adapters.server_follower import ServerFollower
from voicewire.connection import VoiceConnection
from voicewire.dave import default_session
from voicewire.dave.mls_session import MakeMlsSession
from voicewire.ending import EndCause, Ending
from voicewire.listener import VoiceListener
from voicewire.pacer import Pacer
from voicewire.sender import QueuedFrame
from voicewire.voice_server import VoiceServer

_logger = logging.getLogger(__name__)


class WireVoiceClient(VoiceProtocol):  # type: ignore[type-arg] # generic in py-cord only
    """A voice connection of a bot. It follows to another channel or voice server; any other loss ends it.

    Joining again is left to the bot, whatever `reconnect` says: `ended` tells when, and why.
    """

    listener: VoiceListener | None = None
    """Who hears the call. A subclass may have another, or it is set before the connection is made."""
    pacer: Pacer | None = None
    """Who sends the frames that are queued. Likewise."""
    make_session: MakeMlsSession = staticmethod(default_session)
    """The library for the end-to-end encryption."""

    def __init__(self, client: discord.Client, channel: discord.abc.Connectable) -> None:
        super().__init__(client, channel)
        assert client.user is not None, "a bot that knows channels knows itself"
        self._assignment = Assignment(client.user.id, self.guild.id)
        self._follower = ServerFollower(
            self._assignment, self._make_connection, expects_news=self.expects_news, on_end=self.on_end
        )
        self._is_in_channel = False
        self._self_deaf = self._self_mute = False

    async def connect(
        self, *, timeout: float, reconnect: bool, self_deaf: bool = False, self_mute: bool = False
    ) -> None:
        """Join the channel. Called by the library.

        Raises:
            ConnectionEnded: no voice server was named, or it could not be joined.
        """
        del reconnect
        if self._is_in_channel:
            return  # see keep_registered
        self._is_in_channel = True
        self._self_deaf, self._self_mute = self_deaf, self_mute
        try:
            await self.ask_for_channel()
            await self._follower.join(timeout)
        except BaseException:  # at anything but a TimeoutError, py-cord would keep the client: "already connected"
            await self.disconnect(force=True)
            raise

    async def resume(self, timeout: float) -> None:
        """Take up the session that was lost, in `timeout` seconds, where `may_resume`. It can be tried once.

        Raises:
            ConnectionEnded: it was not possible, or we have been removed.
        """
        await self._follower.resume(timeout)

    async def disconnect(self, *, force: bool = False) -> None:
        """Leave the channel, if it is ours to leave, without waiting for Discord to confirm it. May be called twice."""
        del force
        # First of all, since a frame that is sent when we have left is lost.
        self._follower.end(Ending(cause=EndCause.LEFT))
        try:
            if self._is_in_channel:
                self._is_in_channel = False
                if await self.may_leave():
                    await self.guild.change_voice_state(channel=None)
        except (OSError, RuntimeError, aiohttp.ClientError, discord.ConnectionClosed, AttributeError) as error:
            # The main gateway is down: Discord drops the voice state with that session.
            _logger.debug("Leaving was not announced: %s", error)
        finally:
            await self.release()

    async def may_leave(self) -> bool:
        """Whether the channel is ours to leave."""
        return True

    async def release(self) -> None:
        """Close the connection and forget it, but stay in the channel: another process goes on with it."""
        self._is_in_channel = False
        await self._follower.close()
        self.cleanup()

    def cleanup(self) -> None:
        """Have the library forget this client; not the one that may already have taken its place."""
        if self._registered is self:
            super().cleanup()

    async def ask_for_channel(self) -> None:
        """Tell the main gateway that we are in the channel (op 4); it answers by assigning a voice server."""
        await self.guild.change_voice_state(channel=self._channel, self_deaf=self._self_deaf, self_mute=self._self_mute)

    async def gateway_returned(self) -> None:
        """The main gateway is back: be told what comes, and ask again for what may have gone with it.

        Both libraries may forget their voice clients when the gateway begins a new session.
        """
        await self.keep_registered()
        if self._is_in_channel and not self._assignment.has_begun:
            await self.ask_for_channel()

    async def keep_registered(self) -> None:
        """Have the library tell this client about its channel, if it has forgotten it."""
        if self._is_in_channel and self._registered is None:
            await self._channel.connect(cls=lambda *_: self)  # only registers it: `connect` returns at once

    @property
    def ended(self) -> asyncio.Future[Ending]:
        """Done as soon as the connection is over for good, with how it ended. A resume replaces it."""
        return self._follower.ended

    @property
    def connection(self) -> VoiceConnection | None:
        """The present connection; None before the first, and while another server is joined."""
        return self._follower.connection

    @property
    def may_resume(self) -> bool:
        """Whether the connection has ended in a way that the server may still hold the session."""
        return self._follower.may_resume

    def is_connected(self) -> bool:
        """Whether there is a connection now. A method, as in the clients of both libraries."""
        return self.connection is not None and self.connection.is_connected

    @property
    def latency(self) -> float | None:
        """Seconds from a heartbeat to its answer; None without a connection, or before the first answer."""
        return None if self.connection is None else self.connection.session.heartbeat.latency

    @property
    def may_speak(self) -> bool:
        """Whether a frame sent now would leave."""
        connection = self.connection
        return connection is not None and connection.may_speak

    def send_frame(self, frame: bytes) -> bool:
        """Send one Opus frame of 20 ms; False if it has not left, and then it is to be given again. From any thread."""
        connection = self.connection
        return connection is not None and connection.send_frame(frame)

    def queue_frame(self, frame: bytes) -> QueuedFrame | None:
        """Have the pacer send one Opus frame, 20 ms after the one before; None if none may be queued now."""
        connection = self.connection
        return None if connection is None else connection.queue_frame(frame)

    def announce_speaking(self, is_speaking: bool) -> None:
        """Tell the call whether frames are to be expected; the next servers are told, too."""
        self._follower.announce_speaking(is_speaking)

    async def on_voice_state_update(self, data: Any) -> None:
        """Our own voice state changed. py-cord hands over an object, discord.py what Discord sent."""
        channel_id = _read(data, "channel_id")
        self._assignment.take_state(str(_read(data, "session_id")), None if channel_id is None else int(channel_id))
        # Asked of the bot: after a new session on the main gateway, this guild's object is out of date.
        channel = None if channel_id is None else self.client.get_channel(int(channel_id))
        if isinstance(channel, discord.VoiceChannel | discord.StageChannel):
            self.channel = channel

    async def on_voice_server_update(self, data: Any) -> None:
        """A voice server was named: the first, or another one."""
        endpoint = _read(data, "endpoint")
        self._assignment.take_server(str(_read(data, "token")), None if endpoint is None else str(endpoint))

    def expects_news(self) -> bool:
        """Whether the main gateway can say what a 4014 means: another server, or that we were removed."""
        return True

    def on_end(self, ending: Ending) -> None:
        """The connection is over for good, and nothing is sent any more."""
        _logger.info("The voice connection of guild %d is over: %s", self.guild.id, ending)

    def make_http(self) -> aiohttp.ClientSession:
        """A session for one websocket. It takes the way of the bot's own requests: its proxy, its trust."""
        http = self.client.http
        connector = http.connector or None
        return aiohttp.ClientSession(
            connector=connector, connector_owner=connector is None, proxy=http.proxy, proxy_auth=http.proxy_auth
        )

    @property
    def guild(self) -> discord.Guild:
        """The server that it is in."""
        return self._channel.guild

    def _make_connection(self, server: VoiceServer) -> VoiceConnection:
        return VoiceConnection(
            server, self.make_session, listener=self.listener, pacer=self.pacer, make_http=self.make_http
        )

    @property
    def _registered(self) -> object:
        """Which client the library tells about our server."""
        return self.guild.voice_client

    @property
    def _channel(self) -> discord.VoiceChannel | discord.StageChannel:
        assert isinstance(self.channel, discord.VoiceChannel | discord.StageChannel)
        return self.channel


def _read(data: Any, name: str) -> Any:
    return data.get(name) if isinstance(data, Mapping) else getattr(data, name)
