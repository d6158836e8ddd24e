"""RTCP: what a client tells of its own streams beside the packets themselves, on the same port."""

import struct
from dataclasses import dataclass
from typing import Final

_SENDER_REPORT: Final = struct.Struct(">BBHIQIII")
_VERSION: Final = 0x80
_TYPE: Final = 200
_WORDS: Final = 6
"""The length, in 32-bit words less one, of a report without reception blocks."""
_EPOCH: Final = 2_208_988_800
"""Seconds from 1900, where NTP begins, to 1970."""
CLEAR_BYTES: Final = 8
"""What stays readable of a report, and is authenticated
(https://github.com/Discord-RE/Discord-video-stream/issues/50)."""


@dataclass(frozen=True, slots=True)
class SenderReport:
    """A sender report (RFC 3550, 6.4.1)."""

    ssrc: int
    """Of which stream."""
    seconds: float
    """The time of day, since 1970."""
    timestamp: int
    """The same in the stream's samples."""
    packets: int
    """How many it has sent so far."""
    payload_bytes: int
    """How many bytes of payload were in them."""

    def pack(self) -> bytes:
        """The report as it is before encryption."""
        ntp = int((self.seconds + _EPOCH) * (1 << 32))
        counts = self.timestamp & 0xFFFFFFFF, self.packets & 0xFFFFFFFF, self.payload_bytes & 0xFFFFFFFF
        return _SENDER_REPORT.pack(_VERSION, _TYPE, _WORDS, self.ssrc, ntp, *counts)
