"""What a voice client knows of its connection, and the task that serves its websocket."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

import aiohttp
import discord
from discord.errors import ConnectionClosed
from discord.voice.client import VoiceClient
from discord.voice.enums import ConnectionFlowState
from discord.voice.gateway import VoiceWebSocket

from assistant.domain.voice_loss import LossCause, VoiceLoss, VoiceLost
from assistant.pycord.api import gateway_of
from assistant.pycord.dave_state import DaveConnectionState
from assistant.pycord.discovery import discovery_request, is_discovery_answer
from assistant.pycord.websocket import CallWebSocket

if TYPE_CHECKING:
    from discord.raw_models import RawVoiceServerUpdateEvent, RawVoiceStateUpdateEvent

_logger = logging.getLogger(__name__)

_HANDSHAKE: Final = (
    ConnectionFlowState.got_both_voice_updates,
    ConnectionFlowState.websocket_connected,
    ConnectionFlowState.got_websocket_ready,
    ConnectionFlowState.got_ip_discovery,
)
"""The states between the assignment of a voice server and being connected to it."""
_NEW_SERVER_NAMED: Final = (ConnectionFlowState.got_voice_server_update, ConnectionFlowState.got_both_voice_updates)
"""The states in which another server was named, and after it maybe news of our voice state: that we are muted, say."""
_DISCONNECTED: Final = 4014
"""Voice close code: this voice server is done with us, for another server or for good."""
_NEW_SERVER_SECONDS: Final = 3.0
"""How long after a 4014 the name of another server may take to arrive."""


class CallConnectionState(DaveConnectionState):
    """Joins once, polls until something ends it, says what that was."""

    is_served = True
    """Whether the voice websocket is open as far as we know; py-cord's state stays `connected` without one."""
    probes_answered = 0
    _gateway_session: str | None = None
    _has_left = False

    def __init__(self, client: VoiceClient, *, hook: Any, may_leave: Callable[[], Awaitable[bool]]) -> None:
        """`may_leave` is as for `CallVoiceClient`."""
        super().__init__(client, hook=hook)
        self._may_leave = may_leave
        self.lost: asyncio.Future[VoiceLoss] = self.loop.create_future()
        """Done as soon as this connection is over for good, with what ended it."""
        self.sending = threading.Lock()
        """Held while a frame is sent. What lets the server stop listening is done only after the client's `may_speak`
        was made false while holding it: a frame that the clock's thread was in the middle of sending would be lost."""

    @property
    def _socket_reader(self) -> Any:
        return _NoSocketReader()

    @_socket_reader.setter
    def _socket_reader(self, reader: object) -> None:
        """py-cord's reader thread is dropped before it starts: nobody listens, and discovery reads for itself."""

    async def disconnect(self, *, force: bool = True, cleanup: bool = True, wait: bool = False) -> None:  # noqa: ARG002
        """Leave and release everything. Unlike py-cord's, each step is taken even if the one before failed.

        py-cord comes in here too, from a try to join that fails.
        """
        if self._runner is not None and not self._inside_runner():
            self._runner.cancel()
            await asyncio.gather(self._runner, return_exceptions=True)
            self._runner = None
        try:
            if not self._has_left:
                self._has_left = True
                if await self._may_leave():
                    await self._voice_disconnect()
        except (OSError, RuntimeError, aiohttp.ClientError, ConnectionClosed, AttributeError) as error:
            # The main gateway is down: Discord drops the voice state with that session.
            _logger.debug("Leaving was not announced: %s", error)
        finally:
            await self._close_websocket()
            self.state = ConnectionFlowState.disconnected
            if self.socket:
                self._stop_reading()
                self.socket.close()
            if cleanup:
                self.client.cleanup()

    def stay_in_channel(self) -> None:
        """See `CallVoiceClient.stay_in_channel`."""
        self._has_left = True

    async def voice_state_update(self, data: RawVoiceStateUpdateEvent) -> None:
        """Our own voice state changed: joined, moved or removed."""
        if data.channel_id is None:
            # Before our own join was confirmed, this belongs to the connection before this one; after we have left, it
            # is Discord's answer to that.
            if self.session_id is not None and not self._has_left:
                self._report_loss(VoiceLoss(cause=LossCause.REMOVED))
        elif self.state is ConnectionFlowState.got_voice_state_update:
            # Moved before a voice server was named: the one to be named is the new channel's. py-cord would join anew
            # from in here, and cancel whoever is joining.
            self.session_id = data.session_id
            self._update_voice_channel(data.channel_id)
        elif self.state in _HANDSHAKE and data.channel_id != self.channel_id:
            self._update_voice_channel(data.channel_id)
            await self._abort_attempt()
        elif not self.lost.done():
            if self.state is ConnectionFlowState.got_voice_server_update:
                # Moved once more before the server that was named is joined. py-cord would join the channel before.
                self._update_voice_channel(data.channel_id)
            await super().voice_state_update(data)

    async def voice_server_update(self, data: RawVoiceServerUpdateEvent) -> None:
        """A voice server was named: the first, or another one."""
        if self.lost.done():
            return
        if self.state in _HANDSHAKE and data.endpoint is not None and data.token != self.token:
            await self._abort_attempt()
        elif self.state is ConnectionFlowState.got_voice_server_update:
            # Named twice before anything was joined: the newer counts. py-cord would join anew from in here, too.
            self.state = ConnectionFlowState.set_guild_voice_state
            await super().voice_server_update(data)
        elif self.state is not ConnectionFlowState.disconnected:
            await super().voice_server_update(data)

    async def _abort_attempt(self) -> None:
        """What is being joined is out of date: let the owner try again.

        py-cord would leave and join from in here, beside whoever is joining, and again for each answer to that.
        """
        self._report_loss(VoiceLoss(cause=LossCause.MOVED))
        await self._close_websocket()

    async def _wrap_connect(
        self, reconnect: bool, timeout: float, self_deaf: bool, self_mute: bool, resume: bool
    ) -> None:
        """Connect. What fails is cleared away, and told in one line, by the owner of the client."""
        await self._connect(reconnect, timeout, self_deaf, self_mute, resume)

    async def _connect(self, reconnect: bool, timeout: float, self_deaf: bool, self_mute: bool, resume: bool) -> None:
        """As in py-cord, which waits with `asyncio.wait_for`.

        Before Python 3.12 that loses a cancellation that comes as the waiting ends: a call ended in that moment
        would never end.
        """
        async with asyncio.timeout(timeout):
            await self._inner_connect(reconnect, self_deaf, self_mute, resume)
        if self._runner is None:
            self._runner = self.loop.create_task(self._poll_ws(reconnect), name=f"voice poller of {self.guild_id}")

    async def _voice_connect(self, *, self_deaf: bool = False, self_mute: bool = False) -> None:
        """Ask for the channel; expect the answer from before asking on, not from after it as py-cord does."""
        if self.state is ConnectionFlowState.disconnected:
            self.state = ConnectionFlowState.set_guild_voice_state
        gateway = gateway_of(self.client.client, self.guild_id)
        self._gateway_session = gateway.session_id if gateway is not None else None
        await super()._voice_connect(self_deaf=self_deaf, self_mute=self_mute)

    async def request_again(self) -> None:
        """Ask for the channel once more if nothing has come of it: the question may have gone with a gateway."""
        if self.state is ConnectionFlowState.set_guild_voice_state:
            await self._voice_connect(self_deaf=self.self_deaf, self_mute=self.self_mute)

    async def _connect_websocket(self, resume: bool) -> VoiceWebSocket:
        websocket = await CallWebSocket.from_state(self, resume=resume, hook=self.hook)
        self.state = ConnectionFlowState.websocket_connected
        return websocket

    async def _handshake_websocket(self) -> None:
        self._stop_reading()  # IP discovery reads for itself
        try:
            await super()._handshake_websocket()
        except ConnectionClosed as closed:
            if closed.code == _DISCONNECTED:
                # Whether we were moved or removed comes over the main gateway.
                await asyncio.wait({self.lost}, timeout=_NEW_SERVER_SECONDS)
            raise
        except (OSError, TimeoutError, aiohttp.ClientError, discord.DiscordException):
            raise
        except Exception as error:
            # A message that is not as py-cord expects it may fail in any way: this try is over, the call is not.
            raise VoiceLost(loss=VoiceLoss(cause=LossCause.POLLER_FAILED, detail=repr(error))) from error
        self.loop.add_reader(self.socket, self._read)

    def probe(self) -> None:
        """Send an IP discovery packet, the one datagram that voice servers are documented to answer."""
        try:
            self.socket.send(discovery_request(self.ssrc))
        except OSError as error:
            _logger.debug("A probe has not left: %s", error)

    def _read(self) -> None:
        """Take what came over UDP: answers to probes are counted, voices are not listened to."""
        try:
            while True:
                if is_discovery_answer(self.socket.recv(2048)):
                    self.probes_answered += 1
        except BlockingIOError:
            return
        except OSError as error:  # such as the answer of a host that has no such port any more
            _logger.debug("Nothing was read: %s", error)

    def _stop_reading(self) -> None:
        if self.socket.fileno() >= 0:
            self.loop.remove_reader(self.socket)

    async def _wait_for_state(self, *states: ConnectionFlowState, timeout: float | None = None) -> None:
        """As in py-cord, without the task it leaves behind at every timeout."""
        async with asyncio.timeout(timeout):
            while self.state not in states:
                await self._state_event.wait()

    async def _poll_ws(self, reconnect: bool) -> None:  # noqa: ARG002 - py-cord passes it
        """Serve the voice websocket until it is over, then say why. py-cord would reconnect from in here."""
        while True:
            try:
                await self.ws.poll_event()
            except ConnectionClosed as closed:
                loss = await self._follow_to_new_server(closed.code)
                if loss is not None:
                    self._report_loss(loss)
                    return
            except TimeoutError:
                self._report_loss(VoiceLoss(cause=LossCause.SILENT))
                return
            except (ConnectionResetError, aiohttp.ClientConnectionError) as error:
                # An answer was written into a closing socket. Why it closes stands in what is still to be read.
                _logger.debug("An answer has not left: %s", error)
            except Exception as error:
                _logger.warning("The voice poller failed", exc_info=error)
                self._report_loss(VoiceLoss(cause=LossCause.POLLER_FAILED, detail=repr(error)))
                return

    async def _follow_to_new_server(self, close_code: int) -> VoiceLoss | None:
        """Join the new server for which the websocket was closed (moved, or another region); say what was lost else."""
        if close_code == _DISCONNECTED and self._has_gateway_session():
            # Either a new server follows, or the news that we were removed.
            with self.sending:
                self.is_served = False
            with suppress(TimeoutError):
                await self._wait_for_state(
                    *_NEW_SERVER_NAMED, ConnectionFlowState.disconnected, timeout=_NEW_SERVER_SECONDS
                )
        if self.state in _NEW_SERVER_NAMED:
            # The code says nothing then: when a new server is named, py-cord itself closes the websocket with 4014.
            return await self._join_new_server()
        if close_code == _DISCONNECTED and not self._has_gateway_session():
            return VoiceLoss(cause=LossCause.GATEWAY_SESSION_LOST)
        return VoiceLoss(cause=LossCause.CLOSED, close_code=close_code)

    async def _join_new_server(self) -> VoiceLoss | None:
        detail = "refused by the new voice server"
        try:
            async with asyncio.timeout(self.timeout):
                self.is_served = await self._potential_reconnect()
        except (TimeoutError, OSError, aiohttp.ClientError, discord.DiscordException, VoiceLost) as error:
            self.is_served = False
            detail = f"the new voice server: {error!r}"
        return None if self.is_served else VoiceLoss(cause=LossCause.NOT_JOINED, detail=detail)

    def _has_gateway_session(self) -> bool:
        """Whether the main gateway still has the session in which the channel was joined."""
        gateway = gateway_of(self.client.client, self.guild_id)
        return gateway is not None and gateway.open and gateway.session_id == self._gateway_session

    def _report_loss(self, loss: VoiceLoss) -> None:
        if not self.lost.done():
            with self.sending:
                self.lost.set_result(loss)

    def _update_voice_channel(self, channel_id: int | None) -> None:
        # Asked of the bot: after a new session on the main gateway, this guild's object is out of date.
        channel = channel_id and self.client.client.get_channel(channel_id)
        # A channel that is already deleted is no news to the client that was in it.
        if isinstance(channel, discord.VoiceChannel | discord.StageChannel):
            self.client.channel = channel

    async def _close_websocket(self) -> None:
        if not self.ws:
            return
        try:
            await self.ws.close()
        except (OSError, aiohttp.ClientError) as error:
            _logger.debug("The voice websocket was gone already: %s", error)


class _NoSocketReader:
    """Stands where py-cord keeps its UDP thread; it is asked to start, pause, resume and stop."""

    def start(self) -> None: ...
    def pause(self) -> None: ...
    def resume(self) -> None: ...
    def stop(self) -> None: ...
