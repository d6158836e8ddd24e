"""A session with a voice server: what is agreed on, and what outlives a websocket.

Source: https://discord.com/developers/docs/topics/voice-connections.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping
from typing import Any, Final

from voicewire.ciphers import CIPHERS, choose_mode
from voicewire.dave.mls_session import MakeMlsSession
from voicewire.dave.protocol import DaveProtocol
from voicewire.ending import EndCause, Ending
from voicewire.gateway import VoiceGateway
from voicewire.handshake import read_description, read_hello, read_ready
from voicewire.heartbeat import Heartbeat
from voicewire.messages import (
    GatewayMessage,
    MalformedMessage,
    field,
    is_shared_sound,
    number,
    select_protocol,
    speaking,
    user_id,
)
from voicewire.opcodes import VoiceOp
from voicewire.pacer import PacedFlow, Pacer
from voicewire.receiver import Receiver
from voicewire.sender import FrameSender
from voicewire.udp import UdpSocket
from voicewire.voice_server import VoiceServer

_logger = logging.getLogger(__name__)

_GREETING_FRAMES: Final = 5
"""Silence frames after a join: servers were seen to send nothing to a client that had not sent anything."""
_HANDSHAKE: Final = frozenset({VoiceOp.READY, VoiceOp.SESSION_DESCRIPTION, VoiceOp.HELLO})
"""Without these nothing works: where one is malformed the connection ends. Any other is ignored then."""
_DAVE_OPS: Final = range(VoiceOp.DAVE_PREPARE_TRANSITION, VoiceOp.MLS_INVALID_COMMIT_WELCOME + 1)


class VoiceSession:
    """What messages of the gateway mean, and the parts that they concern."""

    def __init__(
        self,
        server: VoiceServer,
        make_session: MakeMlsSession,
        on_end: Callable[[Ending], None],
        pacer: Pacer | None = None,
    ) -> None:
        """`on_end` is called as soon as a websocket is over. `pacer` sends the frames that are queued."""
        self.heartbeat = Heartbeat()
        """Counts heartbeats and their answers."""
        self.gateway = VoiceGateway(self.heartbeat, self._handle, on_end)
        """The websocket."""
        self.dave = DaveProtocol(
            server.user_id,
            server.channel_id,
            make_session,
            send_text=self.gateway.post,
            send_binary=self.gateway.post_binary,
            on_keys=lambda: self.receiver.keys_changed(),  # noqa: PLW0108 - it is made after this
            on_send_key=lambda: self.sender.take_back(),  # noqa: PLW0108 - likewise
        )
        """The end-to-end encryption."""
        self.sender = FrameSender(self.dave)
        """Frames out."""
        self.receiver = Receiver(self.dave)
        """Packets in."""
        self.udp: UdpSocket | None = None
        """The socket; None before READY."""
        self.is_ready = asyncio.Event()
        """Set when the handshake, or a resume, is complete."""
        self.is_speaking = False
        """Whether frames are announced."""
        self._pacer = pacer
        self._flow: PacedFlow | None = None
        self._ssrc = 0
        self._mode = ""
        self._secret = ("", b"")
        self._has_socket = asyncio.Event()
        self._is_selected = False
        self._handlers: Mapping[int, Callable[[Any], None]] = {
            VoiceOp.HELLO: self._hello,
            VoiceOp.READY: self._ready,
            VoiceOp.SESSION_DESCRIPTION: self._description,
            VoiceOp.RESUMED: self._resumed,
            VoiceOp.SPEAKING: self._speaking,
            VoiceOp.CLIENTS_CONNECT: self._clients_connect,
            VoiceOp.CLIENT_DISCONNECT: self._client_disconnect,
        }

    def announce_speaking(self, is_speaking: bool) -> None:
        """Op 5: frames will follow, or have ended."""
        self.is_speaking = is_speaking
        if self.is_ready.is_set():
            self.gateway.post(VoiceOp.SPEAKING, speaking(self._ssrc, is_speaking=is_speaking))

    def pause(self) -> None:
        """The websocket is over: send nothing until it is resumed."""
        self.is_ready.clear()
        self.sender.close()

    def close(self) -> None:
        """Release the socket."""
        self.pause()
        if self._flow is not None:
            self._flow.close()
        if self.udp is not None:
            self.udp.close()

    def tick(self) -> None:
        """Do what is due. To be called several times a second."""
        self.receiver.expire()
        self.dave.tick()
        if self.sender.is_quiet:
            self.sender.send_silence()

    async def select_protocol(self) -> None:
        """Once READY has come, find our own address and ask for the encryption: the steps of a join that wait."""
        await self._has_socket.wait()
        assert self.udp is not None
        self.gateway.post(VoiceOp.SELECT_PROTOCOL, select_protocol(await self.udp.discover(), self._mode))
        self._is_selected = True

    @property
    def awaited(self) -> str:
        """What a join waits for."""
        if not self._has_socket.is_set():
            return "READY"
        return "the session description" if self._is_selected else "an answer over UDP"

    def _handle(self, message: GatewayMessage) -> None:
        handler = self._handlers.get(message.op)
        try:
            if handler is not None:
                handler(message.data)
            elif message.op in _DAVE_OPS:
                self.dave.take(message.op, message.data)
            else:
                _logger.debug("Voice op %d is ignored", message.op)
        except MalformedMessage as error:
            if message.op not in _HANDSHAKE:
                raise
            self.gateway.end(Ending(cause=EndCause.PROTOCOL_ERROR, detail=f"op {message.op}: {error}"))

    def _hello(self, data: Any) -> None:
        self.gateway.greeted(read_hello(data))

    def _ready(self, data: Any) -> None:
        if self.udp is not None:
            raise MalformedMessage("a second READY")
        ready = read_ready(data)
        mode = choose_mode(ready.modes)
        if mode is None:
            self.gateway.end(Ending(cause=EndCause.NO_COMMON_MODE, detail=f"{ready.modes!r:.200}"))
            return
        self._mode, self._ssrc = mode, ready.ssrc
        try:
            self.udp = UdpSocket(ready.host, ready.port, ready.ssrc, self.receiver.take)
        except OSError as error:
            raise MalformedMessage(f"no way to {ready.host:.100}: {error}") from error
        if self._pacer is not None:
            self._flow = self.udp.paced(self._pacer, self.sender)
        self._has_socket.set()

    def _description(self, data: Any) -> None:
        if self.udp is None:
            raise MalformedMessage("a session description before READY")
        description = read_description(data)
        if self.receiver.cipher is None or self._secret != (description.mode, description.key):
            # One cipher for one key, however often it is named: it counts the nonces.
            self._secret = description.mode, description.key
            self.receiver.cipher = CIPHERS[description.mode](description.key)
        self.dave.start(description.dave_version)
        self.sender.open(self.udp.send, self.receiver.cipher, self._ssrc, self._flow)
        self.is_ready.set()
        self._greet()

    def _greet(self) -> None:
        """Say that we send, which Discord wants to hear before the first packet, and send something."""
        self.gateway.post(VoiceOp.SPEAKING, speaking(self._ssrc, is_speaking=True))
        for _ in range(_GREETING_FRAMES):
            self.sender.send_silence()
        if not self.is_speaking:
            self.gateway.post(VoiceOp.SPEAKING, speaking(self._ssrc, is_speaking=False))

    def _resumed(self, data: Any) -> None:  # noqa: ARG002 - it has none
        self.sender.reopen()
        self.is_ready.set()
        if self.is_speaking:
            self.announce_speaking(True)

    def _speaking(self, data: Any) -> None:
        ssrc, user = number(data, "ssrc"), user_id(field(data, "user_id"))
        self.receiver.assign(ssrc, user, is_shared_sound=is_shared_sound(data))

    def _clients_connect(self, data: Any) -> None:
        users = field(data, "user_ids")
        if not isinstance(users, list):
            raise MalformedMessage("user_ids is no list")
        self.dave.group.clients_connect({user_id(user) for user in users})

    def _client_disconnect(self, data: Any) -> None:
        user = user_id(field(data, "user_id"))
        self.dave.group.client_disconnect(user)
        self.receiver.forget(user)
