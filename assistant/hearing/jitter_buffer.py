"""Puts the packets of one stream in order."""

from typing import Final, NamedTuple

from assistant.hearing.counters import HearingCounters
from voicewire.listener import VoicePacket

HOLD_SECONDS: Final = 0.1
"""How long a missing packet is waited for, from when one behind it has come. In order, nothing waits."""
_ENOUGH_TO_BEGIN: Final = 3
"""Packets after which a new stream is known to be in order: the very first may have been overtaken."""
_MOST_HELD: Final = 12
_LARGEST_STEP: Final = 200
"""A step of more packets than this, four seconds, is a new beginning and no loss."""


class OrderedPacket(NamedTuple):
    """A packet in its place."""

    packet: VoicePacket
    lost: int
    """How many are missing before it."""
    is_first: bool
    """Whether a new stream begins with it."""


class JitterBuffer:
    """Orders by 16-bit sequence numbers (RFC 3550, 5.1), which wrap after 22 minutes of speech."""

    def __init__(self, counters: HearingCounters) -> None:
        self._counters = counters
        self._held: dict[int, tuple[float, VoicePacket]] = {}
        """By sequence number, in the order in which they came, with the time."""
        self._next = 0
        self._is_new = True
        """Whether nothing of this stream was given out."""

    def __bool__(self) -> bool:
        """Whether packets wait."""
        return bool(self._held)

    def put(self, packet: VoicePacket, now: float) -> list[OrderedPacket]:
        """Take a packet; returns what can be decoded now, in order. `now` is in seconds."""
        ready: list[OrderedPacket] = []
        if self._is_new and not self._held:
            self._next = packet.sequence
        ahead = self._ahead(packet.sequence)
        if abs(ahead) > _LARGEST_STEP:
            ready = self.flush()
            self._next, self._is_new, ahead = packet.sequence, True, 0
        if ahead < 0 and self._is_new:
            self._next = packet.sequence
        elif ahead < 0 or packet.sequence in self._held:
            self._counters.late += 1
            return ready
        self._held[packet.sequence] = (now, packet)
        return ready + self.due(now)

    def due(self, now: float) -> list[OrderedPacket]:
        """What need not wait any longer. To be called several times in HOLD_SECONDS while packets wait."""
        if self._is_new and len(self._held) < _ENOUGH_TO_BEGIN and not self._has_waited(now):
            return []
        ready = []
        while self._held and (self._next in self._held or len(self._held) > _MOST_HELD or self._has_waited(now)):
            ready.append(self._take())
        return ready

    def flush(self) -> list[OrderedPacket]:
        """All that waits, without what is missing."""
        return [self._take() for _ in range(len(self._held))]

    def _has_waited(self, now: float) -> bool:
        return bool(self._held) and now - next(iter(self._held.values()))[0] >= HOLD_SECONDS

    def _take(self) -> OrderedPacket:
        """The front packet, and what is missing before it."""
        lost = min(map(self._ahead, self._held))
        sequence = (self._next + lost) & 0xFFFF
        ordered = OrderedPacket(self._held.pop(sequence)[1], lost, self._is_new)
        self._counters.lost += lost
        self._counters.restarts += self._is_new
        self._next, self._is_new = (sequence + 1) & 0xFFFF, False
        return ordered

    def _ahead(self, sequence: int) -> int:
        """How far a sequence number is from the next one, from -32768 to 32767."""
        return ((sequence - self._next + 0x8000) & 0xFFFF) - 0x8000
