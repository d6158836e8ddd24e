"""What the bot and its media process say to each other over a Unix socket.

A message is its kind (one byte), the call's number and the length of the rest (four bytes each, big-endian), and the
rest.
"""

import asyncio
import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

_HEAD: Final = struct.Struct(">BII")
_FRAME_LENGTH: Final = struct.Struct(">H")
REPORT: Final = struct.Struct(">Id")
"""How far a track was heard, in frames, and how long it was silent within, in seconds."""


class MediaKind(IntEnum):
    """What a message means."""

    JOIN = 1
    """To the media process: join this voice server (JSON, the fields of `VoiceServer`)."""
    LEAVE = 2
    """To it: close the connection."""
    PLAY = 3
    """To it: a new track begins; the call has no other."""
    FRAMES = 4
    """To it: more of the track. Each frame stands behind its length, two bytes."""
    FINISH = 5
    """To it: the track is complete."""
    STOP = 6
    """To it: silence, at once."""
    JOINED = 101
    """To the bot: the call may speak."""
    ENDED = 102
    """To the bot: the connection has ended; why, as text."""
    PROGRESS = 103
    """To the bot, twice a second while a track is played: a `REPORT`."""
    OVER = 104
    """To the bot: the track is over, heard to its end or stopped: a `REPORT`."""


@dataclass(frozen=True, slots=True)
class MediaMessage:
    """One message."""

    kind: MediaKind
    """What it means."""
    call: int
    """Which call it concerns."""
    body: bytes = b""
    """The rest."""

    def packed(self) -> bytes:
        """As it is sent."""
        return _HEAD.pack(self.kind, self.call, len(self.body)) + self.body


async def read_message(reader: asyncio.StreamReader) -> MediaMessage | None:
    """The next message; None when the other side has closed.

    Raises:
        ValueError: its kind is unknown.
    """
    try:
        kind, call, length = _HEAD.unpack(await reader.readexactly(_HEAD.size))
        return MediaMessage(MediaKind(kind), call, await reader.readexactly(length))
    except (asyncio.IncompleteReadError, ConnectionError):
        return None


def pack_frames(frames: Iterable[bytes]) -> bytes:
    """Frames as the body of a message."""
    return b"".join(_FRAME_LENGTH.pack(len(frame)) + frame for frame in frames)


def unpack_frames(body: bytes) -> Iterator[bytes]:
    """The frames in the body of a message."""
    at = 0
    while at < len(body):
        (length,) = _FRAME_LENGTH.unpack_from(body, at)
        at += _FRAME_LENGTH.size
        yield body[at : at + length]
        at += length
