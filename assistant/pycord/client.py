"""The voice client of a call."""

from __future__ import annotations

import asyncio
import logging
import struct
from collections.abc import Awaitable, Callable
from typing import Any, Final

import aiohttp
import discord
import nacl.bindings
from discord.enums import SpeakingState
from discord.voice.client import VoiceClient
from discord.voice.state import VoiceConnectionState

from assistant.domain.voice_loss import VoiceLoss
from assistant.pycord.connection_state import CallConnectionState

_logger = logging.getLogger(__name__)

_MODE: Final = "aead_xchacha20_poly1305_rtpsize"
"""The transport encryption that Discord requires every client to support
(https://discord.com/developers/docs/topics/voice-connections#transport-encryption-modes)."""
_HEADER: Final = struct.Struct(">BBHII")
_NONCE: Final = struct.Struct(">I20x")
_COUNTER_BYTES: Final = 4
"""How much of the nonce travels with the packet; the rest is zeros."""


class CallVoiceClient(VoiceClient):
    """A voice connection that reports its end instead of mending itself. Give it as `connect(cls=...)`."""

    supported_modes = (_MODE,)

    def __init__(
        self, client: discord.Client, channel: discord.abc.Connectable, may_leave: Callable[[], Awaitable[bool]]
    ) -> None:
        """`may_leave` says whether the channel is ours to leave: a bot is in it once, however many processes it has."""
        self._may_leave = may_leave
        super().__init__(client, channel)
        self._is_leaving = False
        self._key_source: object = None
        self._key = b""

    _connection: CallConnectionState

    def create_connection_state(self) -> VoiceConnectionState:
        """The hook that py-cord offers for another connection state."""
        return CallConnectionState(self, hook=self._recv_hook, may_leave=self._may_leave)

    @property
    def lost(self) -> asyncio.Future[VoiceLoss]:
        """Done as soon as this connection is over for good, with what ended it."""
        return self._connection.lost

    @property
    def may_speak(self) -> bool:
        """Whether a frame sent now would arrive, and encrypted end to end where the server asked for that."""
        state = self._connection
        if not self.is_connected() or not self._connection.is_served or self.lost.done() or self._is_leaving:
            return False
        return not state.dave_protocol_version or (state.dave_session is not None and state.dave_session.ready)

    @property
    def is_polled(self) -> bool:
        """Whether a task still serves the voice websocket."""
        runner = self._connection._runner
        return runner is not None and not runner.done()

    @property
    def heartbeats_answered(self) -> int:
        """How many answers to heartbeats have come over this connection, and over those it followed."""
        return self._connection.heartbeats_answered

    @property
    def probes_answered(self) -> int:
        """How many answers to `probe` have come."""
        return self._connection.probes_answered

    def probe(self) -> None:
        """Ask the voice server for an answer over UDP; it keeps the way through a router open, too."""
        self._connection.probe()

    async def gateway_returned(self) -> None:
        """The main gateway is back, and all that it had for us has been delivered."""
        self.keep_registered()
        await self._connection.request_again()

    def keep_registered(self) -> None:
        """Have py-cord go on telling this client about its channel; it forgets that at a new gateway session."""
        state = self.client._connection
        if state._get_voice_client(self.guild.id) is None:
            state._add_voice_client(self.guild.id, self)

    def send_frame(self, frame: bytes) -> bool:
        """Send one Opus frame of 20 ms; False if it has not left, and then it is to be sent again.

        Called from the frame clock's thread.
        """
        with self._connection.sending:
            if not self.may_speak:
                return False
            self.sequence = (self.sequence + 1) & 0xFFFF
            try:
                self._connection.socket.send(self._get_voice_packet(frame))
            except (OSError, _NotEncrypted) as error:
                _logger.debug("A frame has not left: %s", error)
                return False
            self.timestamp = (self.timestamp + 960) & 0xFFFFFFFF
            return True

    async def announce_speaking(self, speaking: bool) -> None:
        """Tell the call whether frames are to be expected (voice op 5), as Discord wants before the first one."""
        try:
            await self.ws.speak(SpeakingState.voice if speaking else SpeakingState.none)
        except (OSError, aiohttp.ClientError, AttributeError) as error:
            # Not connected, or not any more: whoever mends the connection announces again.
            _logger.debug("Speaking was not announced: %s", error)

    def stay_in_channel(self) -> None:
        """Have `disconnect` not leave the channel: another process is about to be in it."""
        self._connection.stay_in_channel()

    async def disconnect(self, *, force: bool = False) -> None:
        """Leave the channel, if it is ours to leave, without waiting for Discord to confirm it."""
        self.stop()
        with self._connection.sending:
            self._is_leaving = True
        await self._connection.disconnect(force=force)

    def cleanup(self) -> None:
        """Forget this client; not the one that may already have taken its place."""
        if self.client._connection._get_voice_client(self.guild.id) is self:
            super().cleanup()

    def _get_voice_packet(self, data: Any) -> bytes:
        """As in py-cord at some 60 % of its cost, but where DAVE is on, a frame is encrypted or it stays here.

        py-cord sends it in the clear while the DAVE session is not ready.
        """
        state = self._connection
        if state.dave_protocol_version:
            session = state.dave_session
            if session is None or not session.ready:
                raise _NotEncrypted
            data = session.encrypt_opus(data)
        if self._key_source is not state.secret_key:  # a list of numbers, a new one with each session description
            self._key_source, self._key = state.secret_key, bytes(state.secret_key)
        header = _HEADER.pack(0x80, 0x78, self.sequence, self.timestamp, state.ssrc)
        nonce = _NONCE.pack(self._incr_nonce)
        self._incr_nonce = (self._incr_nonce + 1) & 0xFFFFFFFF
        sealed = nacl.bindings.crypto_aead_xchacha20poly1305_ietf_encrypt(data, header, nonce, self._key)
        return header + sealed + nonce[:_COUNTER_BYTES]

    def _remove_ssrc(self, *, user_id: int) -> None:
        """py-cord uses its reader here also where there is none: the error would end the poller."""
        ssrc = self._id_to_ssrc.pop(user_id, None)
        if ssrc is not None:
            self._ssrc_to_id.pop(ssrc, None)


class _NotEncrypted(Exception):
    """DAVE is on and its session cannot encrypt yet."""
