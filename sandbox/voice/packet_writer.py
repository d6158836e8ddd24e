"""Numbers a member's packets, and makes them look as those of Discord's clients do."""

from typing import Final

from sandbox.voice.rtp import SAMPLES_PER_FRAME, RtpPacket

_AUDIO_LEVEL: Final = b"\x10\xff\0\0"
"""A header extension of one element (RFC 6464), filled up to four bytes."""
_PADDED: Final = 7
"""Every so many packets there is padding; of Discord's clients 3 to 15 % have some."""
_LONGEST_PADDING: Final = 16


class PacketWriter:
    """The packets of one SSRC: each has a header extension, some have padding."""

    def __init__(self, ssrc: int) -> None:
        self._ssrc = ssrc
        self._sent = 0

    def next(self, payload: bytes) -> RtpPacket:
        """The next packet."""
        number = self._sent
        self._sent += 1
        padding = number // _PADDED % _LONGEST_PADDING + 1 if number % _PADDED == 1 else 0
        timestamp = number * SAMPLES_PER_FRAME & 0xFFFFFFFF
        return RtpPacket(number & 0xFFFF, timestamp, self._ssrc, payload, _AUDIO_LEVEL, padding)
