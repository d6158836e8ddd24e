"""A voice session: what the server knows of one client, whichever websocket it is on."""

import json
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

from sandbox.voice.mls import Proposal, append_body, revoke_body
from sandbox.voice.records import ConnectionRecord
from sandbox.voice.rtp import RtpPacket, TransportCipher
from sandbox.voice.udp import Address
from sandbox.voice.voice_opcodes import NUMBERED, Speaking, VoiceOp

_BUFFERED_MESSAGES: Final = 512


class ClientSocket(Protocol):
    """A client's websocket, as its session sees it."""

    def post(self, message: str | bytes) -> None:
        """Queues a finished message."""

    def note_packet(self, datagram: bytes, *, is_from_server: bool) -> None:
        """A voice packet of its session was sent."""

    def order_close(self, code: int, reason: str) -> None:
        """Closes after what is queued; the first order counts."""

    async def close(self, code: int, reason: str) -> None:
        """Closes with a close frame and waits until it is closed."""


@dataclass(frozen=True, slots=True)
class Admission:
    """What the main gateway announced: who may come, and with what."""

    guild_id: int
    """The server, in Discord's sense."""
    channel_id: int
    """The voice channel."""
    user_id: int
    """The bot."""
    session_id: str
    """The voice session's id, from VOICE_STATE_UPDATE."""
    token: str
    """The voice token, from VOICE_SERVER_UPDATE."""


class VoiceSession:
    """Lives from an identify until it is forgotten; survives its websocket where a resume is possible.

    It is the bot's seat in the call: a participant of the DAVE group and a sink of datagrams.
    """

    def __init__(
        self, admission: Admission, ssrc: int, receive: Callable[["VoiceSession", bytes, float], None]
    ) -> None:
        """`receive` takes the session's voice packets, each with its arrival in seconds of `time.monotonic()`."""
        self.admission = admission
        """Who it is."""
        self.user_id = admission.user_id
        """The bot."""
        self.ssrc = ssrc
        """The number of its voice packets."""
        self.cipher = TransportCipher()
        """Its transport encryption."""
        self.address: Address | None = None
        """Where its datagrams come from, known from IP discovery on."""
        self.dave_version = 0
        """The DAVE version that the session description named."""
        self.connection: ClientSocket | None = None
        """Its websocket, while it has one."""
        self.is_resumable = True
        """Whether its client may take it up again after its websocket is closed."""
        self.record: ConnectionRecord | None = None
        """The record of its present or last websocket."""
        self.announced: dict[int, tuple[int, Speaking]] = {}
        """What its client was told of each SSRC: whose it is, and what kind of sound."""
        self._receive = receive
        self._last_number = 0
        self._buffer: deque[tuple[int, str | bytes]] = deque(maxlen=_BUFFERED_MESSAGES)

    def send(self, op: VoiceOp, data: Mapping[str, Any] | bytes) -> None:
        """Sends a message; one that is numbered waits for a resume when there is no websocket."""
        number = self._next_number() if op in NUMBERED or isinstance(data, bytes) else None
        message: str | bytes
        if isinstance(data, bytes):
            message = (number or 0).to_bytes(2, "big") + bytes([op]) + data
        else:
            message = json.dumps({"op": op, "d": data} | ({} if number is None else {"seq": number}))
        if number is not None:
            self._buffer.append((number, message))
        if self.connection is not None:
            self.connection.post(message)

    def missed_since(self, number: int) -> list[str | bytes] | None:
        """The numbered messages after `number`; None when some are no longer kept."""
        if self._buffer and self._buffer[0][0] > max(number, 0) + 1:
            return None
        return [message for sent, message in self._buffer if sent > number]

    def receive_datagram(self, datagram: bytes, arrival: float) -> None:
        """Hands a voice packet to the call."""
        if self.connection is not None:
            self.connection.note_packet(datagram, is_from_server=False)
        self._receive(self, datagram, arrival)

    def encrypt(self, packet: RtpPacket) -> bytes:
        """The datagram of a packet that is sent to this client."""
        datagram = self.cipher.encrypt(packet)
        if self.connection is not None:
            self.connection.note_packet(datagram, is_from_server=True)
        return datagram

    def take_external_sender(self, package: bytes) -> None:
        """Op 25."""
        self.send(VoiceOp.MLS_EXTERNAL_SENDER, package)

    def take_proposals(self, proposals: Sequence[Proposal]) -> None:
        """Op 27, to append."""
        self.send(VoiceOp.MLS_PROPOSALS, b"\0" + append_body(proposals))

    def revoke_proposals(self, proposals: Sequence[Proposal]) -> None:
        """Op 27, to revoke."""
        self.send(VoiceOp.MLS_PROPOSALS, b"\1" + revoke_body(proposals))

    def take_commit(self, transition_id: int, commit: bytes) -> None:
        """Op 29."""
        self.send(VoiceOp.MLS_ANNOUNCE_COMMIT, transition_id.to_bytes(2, "big") + commit)

    def take_welcome(self, transition_id: int, welcome: bytes) -> None:
        """Op 30."""
        self.send(VoiceOp.MLS_WELCOME, transition_id.to_bytes(2, "big") + welcome)

    def prepare_epoch(self, version: int, epoch: int) -> None:
        """Op 24."""
        self.send(VoiceOp.DAVE_PREPARE_EPOCH, {"protocol_version": version, "epoch": epoch})

    def prepare_transition(self, version: int, transition_id: int) -> None:
        """Op 21."""
        self.send(VoiceOp.DAVE_PREPARE_TRANSITION, {"protocol_version": version, "transition_id": transition_id})

    def execute_transition(self, transition_id: int) -> None:
        """Op 22."""
        self.send(VoiceOp.DAVE_EXECUTE_TRANSITION, {"transition_id": transition_id})

    def _next_number(self) -> int:
        self._last_number = (self._last_number + 1) & 0xFFFF
        return self._last_number
