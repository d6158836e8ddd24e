"""What was measured of one contender."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Final, Self

from bench.common.frame_pacing import Pacing, percentile
from bench.side_by_side.contender import Contender

BUNCHED_SECONDS: Final = 0.005
"""A packet that comes so soon after the one before was late, or the other one was."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstSounds:
    """How soon answers were heard. Times are in seconds."""

    answers: int
    """How many there were."""
    p50: float
    """From the message to the first sound, the median."""
    p95: float
    """The same, the 95th percentile."""
    services: float | None
    """The services' part, the median: the model to the end of what is spoken first, and its speech.

    None where the answer was not streamed.
    """

    @classmethod
    def of(cls, seconds: Sequence[float], services: Sequence[float]) -> Self:
        """Sum up answers; `services` has none for answers that were not streamed."""
        return cls(
            answers=len(seconds),
            p50=median(seconds),
            p95=percentile(sorted(seconds), 95),
            services=median(services) if services else None,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaking:
    """Some calls that speak at the same time, one sentence of nine seconds after the other."""

    calls: int
    """How many."""
    pacing: Pacing | None
    """How the frames arrived; None where nothing of the contender's own sends them."""
    bunched: int
    """Packets within `BUNCHED_SECONDS` of the one before."""
    cores_per_call: float
    """The part of a core for one speaking call: all the work of its turns, divided by the time it speaks."""
    resident_bytes: int
    """The most memory that it had, with the processes that it has started."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing:
    """A voice connection that broke in the middle of an answer."""

    code: int
    """The close code."""
    lost: int
    """How many of the answer's 350 frames were never heard."""
    silence: float | None
    """The longest silence inside it, in seconds; None where the voice did not come back."""


@dataclass(kw_only=True)
class ContenderRow:
    """One contender."""

    contender: Contender
    """Who it is."""
    versions: Mapping[str, str]
    """The packages that make it; empty where it is not installed."""
    start_bytes: int | None = None
    """Its memory when it is ready, before its first call."""
    first_sounds: FirstSounds | None = None
    """How soon it is heard."""
    speaking: list[Speaking] = field(default_factory=list)
    """It with more and more calls."""
    closings: list[Closing] = field(default_factory=list)
    """What it makes of broken connections."""
    failures: list[str] = field(default_factory=list)
    """What could not be measured, and why."""

    @property
    def name(self) -> str:
        """It in tables."""
        packages = ", ".join(f"{name} {number}" for name, number in self.versions.items())
        return f"**{self.contender.value}** ({packages or 'not installed'})"
