"""Sound on its way between a page and the sandbox: one binary message of the websocket is 20 ms.

From a page: a byte that says what the sound is, when it was captured, the sound. To a page: the same, and before the
sound the id of the user who is heard. Times are milliseconds since 1970, numbers are big-endian.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Final

OPUS: Final = 1
"""The sound is a frame of Opus."""
PCM: Final = 2
"""The sound is samples of 16 bits, little-endian, one channel at 48 kHz: for browsers without Opus."""
PCM_BYTES: Final = 1920
"""What 20 ms of samples take."""
_LONGEST_OPUS: Final = 1275
_FROM_PAGE: Final = struct.Struct(">Bd")
_TO_PAGE: Final = struct.Struct(">BdQ")


@dataclass(frozen=True, slots=True)
class CapturedPacket:
    """20 ms from a page's microphone."""

    kind: int
    """`OPUS` or `PCM`."""
    captured: float
    """When the microphone had the last of it, in milliseconds since 1970."""
    sound: bytes
    """The frame or the samples."""


def unpack(message: bytes) -> CapturedPacket:
    """A page's message.

    Raises:
        ValueError: it is none.
    """
    if len(message) <= _FROM_PAGE.size:
        raise ValueError(f"{len(message)} bytes are no sound")
    kind, captured = _FROM_PAGE.unpack_from(message)
    sound = message[_FROM_PAGE.size :]
    is_well = len(sound) <= _LONGEST_OPUS if kind == OPUS else kind == PCM and len(sound) == PCM_BYTES
    if not is_well:
        raise ValueError(f"{len(sound)} bytes are no sound of the kind {kind}")
    return CapturedPacket(kind, captured, sound)


def pack(kind: int, arrived: float, user_id: int, sound: bytes) -> bytes:
    """A message for a page; `arrived` is when the sandbox had the sound, in milliseconds since 1970."""
    return _TO_PAGE.pack(kind, arrived, user_id) + sound
