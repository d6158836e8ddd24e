"""What the server notes about a call: the frames that were heard, the websockets that were open."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class HeardFrame:
    """20 ms of Opus that somebody in the channel could hear."""

    arrival: float
    """When the datagram reached the socket, in seconds of `time.monotonic()`."""
    sequence: int
    """The packet's number, 16 bits."""
    timestamp: int
    """The packet's time in samples at 48 kHz, 32 bits."""
    ssrc: int
    """Whose packet it was."""
    opus: bytes
    """The frame, after transport and end-to-end decryption."""
    end_to_end: bool
    """Whether it came DAVE-encrypted and a listening member decrypted it."""
    is_silence: bool
    """Whether it is the silence frame."""
    connection: int
    """Over which voice connection of the call it came: an index into `Call.connections`."""


@dataclass(slots=True, eq=False)
class ConnectionRecord:
    """One voice websocket, as the server saw it."""

    number: int
    """Its index in `Call.connections`."""
    opened_at: float
    """When it identified or resumed, in seconds of `time.monotonic()`."""
    identify: dict[str, Any]
    """What the client sent as identify or resume, without the token."""
    resumed: bool
    """Whether it was a resume."""
    heartbeat_interval: float
    """The interval that it was told, in seconds."""
    closed_at: float | None = None
    """When it closed; None while it is open."""
    close_code: int | None = None
    """The code of the close frame, whoever sent it; 1006 when there was none, None while it is open."""
    closed_by_server: bool = False
    """Whether the server sent the close frame or dropped the connection."""
    heartbeats: list[float] = field(default_factory=list)
    """When heartbeats arrived."""
    speaking: list[tuple[float, int]] = field(default_factory=list)
    """When the client announced that it speaks, with the flags; 0 ends it."""
