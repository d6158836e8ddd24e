"""What is measured of the assistant with some number of calls: two rows of the table."""

from collections.abc import Sequence
from dataclasses import dataclass

from bench.common.frame_pacing import Pacing, pacing_of, percentile
from bench.common.inside_report import InsideReport
from bench.common.process_usage import ProcessUsage
from bench.scale.turns import Turn


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaking:
    """Calls in which members and the bot take turns."""

    pacing: Pacing
    """How the frames arrived."""
    first_audio_p50: float
    """Seconds from a message to the first sound of its answer, the median."""
    first_audio_p95: float
    """The same, the 95th percentile."""
    cores: float
    """How many cores the bot kept busy."""
    at_once: float
    """How many calls spoke at a time, on average."""
    lag: InsideReport | None
    """The event loop's lag meanwhile; None for a bot that does not report it."""
    resident_bytes: int
    """The bot's memory at the end."""
    listener_cores: float
    """How many cores Discord, the model and Google kept busy."""
    yardstick: float
    """Seconds of CPU for a fixed piece of work: how fast the machine was meanwhile."""

    @property
    def cores_per_call(self) -> float:
        """The part of a core for one speaking call: all the work of its turns, divided by the time it speaks."""
        return self.cores / self.at_once


def speaking_of(
    turns: Sequence[Turn],
    before: ProcessUsage,
    after: ProcessUsage,
    *,
    listener_cores: float,
    yardstick: float,
    lag: InsideReport | None,
) -> Speaking:
    """Sum up turns that were taken between two looks at the bot's process."""
    waits = sorted(turn.first_audio for turn in turns)
    spoken = sum(turn.answer.arrivals[-1] - turn.answer.arrivals[0] for turn in turns)
    return Speaking(
        pacing=pacing_of(turn.answer for turn in turns),
        first_audio_p50=percentile(waits, 50),
        first_audio_p95=percentile(waits, 95),
        cores=after.cores_since(before),
        at_once=spoken / (after.at - before.at),
        lag=lag,
        resident_bytes=after.resident_bytes,
        listener_cores=listener_cores,
        yardstick=yardstick,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ScaleRow:
    """The assistant with some number of calls."""

    calls: int
    """How many calls there are."""
    resident_bytes: int
    """The bot's memory with them, before anything was said in the new ones."""
    idle_cores: float
    """How many cores the bot keeps busy while nobody types."""
    same: Speaking
    """Turns with the same answer each time, so that its speech comes from the cache."""
    fresh: Speaking
    """Turns in which every sentence is new."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Idle:
    """The bot without a call."""

    resident_bytes: int
    """Its memory."""
    cores: float
    """How many cores it keeps busy."""
