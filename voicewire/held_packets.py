"""Packets that cannot be given out yet: nobody knows whose they are, or the key is not there."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from voicewire.rtp import RtpHeader
from voicewire.streams import Stream

HELD_SECONDS: Final = 1.0
"""How long a packet waits. What it waits for, op 5 or a commit, usually takes a tenth of that."""
_MOST_PER_SSRC: Final = 50
_MOST_SSRCS: Final = 64


@dataclass(frozen=True, slots=True)
class HeldPacket:
    """A packet without its transport encryption."""

    header: RtpHeader
    """What was readable."""
    payload: bytes
    """What may be encrypted end to end."""
    stream: Stream | None
    """Whose it is; None if nobody knew."""
    due: float
    """When it is given up."""


class HeldPackets:
    """At most a second of each of a number of SSRCs."""

    def __init__(self) -> None:
        self._by_ssrc: dict[int, deque[HeldPacket]] = {}

    def __len__(self) -> int:
        return sum(map(len, self._by_ssrc.values()))

    def hold(self, packet: HeldPacket) -> HeldPacket | None:
        """Keep a packet; returns one that is given up for it, where there are too many."""
        ssrc = packet.header.ssrc
        waiting = self._by_ssrc.get(ssrc)
        if waiting is None:
            if len(self._by_ssrc) >= _MOST_SSRCS:
                return packet
            waiting = self._by_ssrc[ssrc] = deque()
        waiting.append(packet)
        return waiting.popleft() if len(waiting) > _MOST_PER_SSRC else None

    def take(self, ssrc: int) -> list[HeldPacket]:
        """All packets of an SSRC, oldest first; they are not held any more."""
        return list(self._by_ssrc.pop(ssrc, ()))

    def ssrcs(self) -> list[int]:
        """Whose packets are held."""
        return list(self._by_ssrc)

    def overdue(self, now: float) -> Iterator[HeldPacket]:
        """The packets whose time is over; they are not held any more."""
        for ssrc, waiting in list(self._by_ssrc.items()):
            while waiting and waiting[0].due <= now:
                yield waiting.popleft()
            if not waiting:
                self._by_ssrc.pop(ssrc, None)
