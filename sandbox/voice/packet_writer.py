"""Numbers a member's packets, and makes them look as those of Discord's clients do, or of another bot."""

import random
from typing import Final

from sandbox.voice.rtp import SAMPLES_PER_FRAME, SILENCE, RtpPacket

_AUDIO_LEVEL: Final = b"\x10\xff\0\0"
"""A header extension of one element (RFC 6464), filled up to four bytes."""
_PADDED: Final = 7
"""Every so many packets there is padding; of Discord's clients 3 to 15 % have some."""
_LONGEST_PADDING: Final = 16
_FIRST_SEQUENCES: Final = 0x8000
"""Numbers begin at random below it, as WebRTC's do (RFC 3550, 5.1: both begin at random)."""


class PacketWriter:
    """The packets of one SSRC.

    A client's have a header extension, but for silence frames (https://github.com/discord/discord-api-docs/issues/231),
    and some have padding; its timestamps go on while nothing is sent. A bot's, as py-cord and discordgo make them, have
    neither, and its timestamps stand still (https://github.com/Kraigie/nostrum/pull/415).
    """

    def __init__(self, ssrc: int, *, seed: int = 0, is_bot: bool = False) -> None:
        """`seed` is another for each who has the SSRC in turn."""
        self.ssrc = ssrc
        """Whose packets they are."""
        beginning = random.Random(f"{ssrc} {seed}")
        self.sequence = beginning.randrange(1, _FIRST_SEQUENCES)
        """The next packet's number. May be set, to be near its end of 16 bits."""
        self.timestamp = beginning.getrandbits(32)
        """The next packet's time in samples. May be set, to be near its end of 32 bits."""
        self._is_bot = is_bot
        self._sent = 0

    def next(self, payload: bytes) -> RtpPacket:
        """The next packet."""
        sequence, timestamp = self.sequence & 0xFFFF, self.timestamp & 0xFFFFFFFF
        self.sequence += 1
        self.timestamp += SAMPLES_PER_FRAME
        if self._is_bot:
            return RtpPacket(sequence, timestamp, self.ssrc, payload)
        number = self._sent
        self._sent += 1
        padding = number // _PADDED % _LONGEST_PADDING + 1 if number % _PADDED == 1 else 0
        extension = b"" if payload == SILENCE else _AUDIO_LEVEL
        return RtpPacket(sequence, timestamp, self.ssrc, payload, extension, padding)

    def skip(self, frames: int) -> None:
        """So many frames were not sent."""
        if not self._is_bot:
            self.timestamp += frames * SAMPLES_PER_FRAME
