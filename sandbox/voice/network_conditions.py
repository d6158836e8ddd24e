"""The way of one member's packets to the voice server: what is lost, late, out of order or doubled on it."""

import math
import random
from dataclasses import dataclass
from typing import Final

_SHORTEST_DETOUR: Final = 0.025
_LONGEST_DETOUR: Final = 0.055
_LONGEST_ECHO: Final = 0.01
_SHORTEST_GAP: Final = 1e-6
"""Timers that are due at the same moment go off in any order."""


@dataclass(frozen=True, slots=True)
class NetworkConditions:
    """A network, in the words of Linux's netem. Without arguments nothing goes wrong; one seed, one course of events.

    Raises:
        ValueError: a fraction lies outside 0 to 1, a time is negative, or a burst is shorter than a packet.
    """

    loss: float = 0.0
    """The part of all packets that never arrives, 0 to 1."""
    burst: float = 1.0
    """About how many packets in a row a loss takes; with 1 each is lost for itself."""
    duplicate: float = 0.0
    """The part of all packets that arrives twice, 0 to 1."""
    reorder: float = 0.0
    """The part of all packets that one or two later ones overtake, 0 to 1."""
    delay: float = 0.0
    """Seconds that every packet takes."""
    jitter: float = 0.0
    """Seconds that a packet takes longer, at most. Nothing overtakes for it: those behind come in a burst."""
    seed: int = 0
    """Chooses what happens to which packet."""

    def __post_init__(self) -> None:
        for name in ("loss", "duplicate", "reorder"):
            if not 0.0 <= getattr(self, name) <= 1.0:
                raise ValueError(f"{name} lies between 0 and 1, not at {getattr(self, name)}")
        for name in ("delay", "jitter"):
            if getattr(self, name) < 0:
                raise ValueError(f"{name} is negative: {getattr(self, name)}")
        if self.burst < 1:
            raise ValueError(f"a burst of {self.burst} is shorter than a packet")


class NetworkPath:
    """Decides, packet by packet, when each arrives."""

    def __init__(self, conditions: NetworkConditions) -> None:
        self._conditions = conditions
        self._random = random.Random(conditions.seed)
        self._is_losing = False
        self._newest = -math.inf

    def arrivals(self, departure: float) -> list[float]:
        """When a packet arrives that leaves now, in the same seconds: never, once, or twice."""
        conditions = self._conditions
        if self._loses():
            return []
        arrival = departure + conditions.delay + self._random.uniform(0.0, conditions.jitter)
        if self._happens(conditions.reorder):
            arrival += self._random.uniform(_SHORTEST_DETOUR, _LONGEST_DETOUR)
        else:
            arrival = self._newest = max(self._newest + _SHORTEST_GAP, arrival)
        if self._happens(conditions.duplicate):
            return [arrival, arrival + self._random.uniform(0.0, _LONGEST_ECHO)]
        return [arrival]

    def _loses(self) -> bool:
        """Gilbert's model: two states, in one of which everything is lost."""
        loss, leaves = self._conditions.loss, 1 / self._conditions.burst
        if not self._is_losing or self._happens(leaves):
            self._is_losing = self._happens(loss * leaves / (1 - loss + loss * leaves))
        return self._is_losing

    def _happens(self, part: float) -> bool:
        return part > 0 and self._random.random() < part
