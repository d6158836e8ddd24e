"""Voice packets as anybody on the way sees them: numbers, without what is said."""

import struct
from array import array
from typing import Final

from sandbox.voice.rtp import SEALED_SILENCE_BYTES

_NUMBERS: Final = struct.Struct(">2xHII")


class HeaderLog:
    """Packets in order of arrival: 20 bytes each, so that an hour of a call takes 4 MB."""

    def __init__(self) -> None:
        self.arrivals = array("d")
        """When each datagram reached the socket, in seconds of `time.monotonic()`."""
        self.sequences = array("H")
        """Each packet's number, 16 bits."""
        self.timestamps = array("I")
        """Each packet's time in samples at 48 kHz, 32 bits."""
        self.ssrcs = array("I")
        """Whose packet each was."""
        self.sizes = array("H")
        """How many bytes each datagram had."""

    def __len__(self) -> int:
        return len(self.arrivals)

    def append(self, datagram: bytes, arrival: float) -> bool:
        """Notes an RTP packet; returns whether it is speech."""
        sequence, timestamp, ssrc = _NUMBERS.unpack_from(datagram)
        self.arrivals.append(arrival)
        self.sequences.append(sequence)
        self.timestamps.append(timestamp)
        self.ssrcs.append(ssrc)
        self.sizes.append(len(datagram))
        return len(datagram) != SEALED_SILENCE_BYTES

    def is_silence(self, index: int) -> bool:
        """Whether a packet is the silence frame.

        That one is known by its size: it stays plain in a DAVE call, where the shortest other frame is ten bytes
        longer. Without DAVE a frame of speech might have that size too, but no encoder makes one of three bytes.
        """
        return self.sizes[index] == SEALED_SILENCE_BYTES
