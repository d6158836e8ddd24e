"""Traces how long the steps of a turn take, and sums up the traces of a call."""

import math
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Final

_TURNS: Final = 100


@dataclass(slots=True)
class TurnTrace:
    """When each step of one turn happened, in seconds of `time.monotonic()`; None if it did not.

    An answer that was begun while its speaker paused has some of its steps before those that stand before them here.
    """

    received: float
    """The message arrived, or its speaker's last voice."""
    recognized: float | None = None
    """What its speaker had said was recognized."""
    committed: float | None = None
    """Its speaker had paused for so long that it was taken for all."""
    begun: float | None = None
    """Its turn began: all earlier messages were answered."""
    first_token: float | None = None
    """The model's first text arrived."""
    first_clause: float | None = None
    """The first piece to be spoken was complete."""
    first_speech: float | None = None
    """The first frame was encoded: the speech engine had sent its first bytes."""
    first_frame: float | None = None
    """That frame was sent to Discord."""
    ended: float | None = None
    """The last frame was sent."""

    @property
    def first_audio(self) -> float | None:
        """Seconds from the message to the first sound of its answer; None when it was not heard."""
        return None if self.first_frame is None else self.first_frame - self.received

    @property
    def durations(self) -> dict[str, float]:
        """Seconds that each step took, counted from what happened before it; the first is counted from the message."""
        befores = [self.received, *(when for _, when in self._taken)]
        return {step: when - before for (step, when), before in zip(self._taken, befores, strict=False)}

    def __str__(self) -> str:
        """Each step with the milliseconds since the message, such as `begun 1 ms, first token 310 ms`."""
        return ", ".join(
            f"{step.replace('_', ' ')} {(when - self.received) * 1000:.0f} ms" for step, when in self._taken
        )

    @property
    def _taken(self) -> list[tuple[str, float]]:
        """The steps that happened, and when, in the order of that."""
        taken = [(step, when) for step in STEPS if (when := getattr(self, step)) is not None]
        return sorted(taken, key=lambda step: step[1])


STEPS: Final = tuple(field.name for field in fields(TurnTrace))[1:]
"""The steps of a turn in order, without `received`, from which they are counted."""


class RecentTraces:
    """The traces of a call's latest turns."""

    def __init__(self) -> None:
        self._turns: deque[TurnTrace] = deque(maxlen=_TURNS)

    def add(self, trace: TurnTrace) -> None:
        """Add a turn, if any of it was heard."""
        if trace.first_audio is not None:
            self._turns.append(trace)

    def summary(self) -> "TraceSummary | None":
        """The percentiles of these turns; None without any."""
        if not self._turns:
            return None
        audio = sorted(trace.first_audio for trace in self._turns if trace.first_audio is not None)
        steps = {name: sorted(seconds) for name in STEPS if (seconds := self._seconds_to(name))}
        return TraceSummary(
            count=len(audio),
            first_audio_p50=_percentile(audio, 0.5),
            first_audio_p95=_percentile(audio, 0.95),
            steps={name: _percentile(seconds, 0.5) for name, seconds in steps.items()},
        )

    def _seconds_to(self, step: str) -> list[float]:
        whens = ((getattr(trace, step), trace.received) for trace in self._turns)
        return [when - received for when, received in whens if when is not None]


@dataclass(frozen=True, slots=True, kw_only=True)
class TraceSummary:
    """A summary of turns, in seconds from the message."""

    count: int
    """The number of turns."""
    first_audio_p50: float
    """The median time to the first sound."""
    first_audio_p95: float
    """The 95th percentile of the time to the first sound."""
    steps: Mapping[str, float]
    """The median time to each step, by its name in STEPS."""


def _percentile(ordered: Sequence[float], share: float) -> float:
    return ordered[max(0, math.ceil(len(ordered) * share) - 1)]
