"""What is measured of calls in which somebody speaks and the assistant answers."""

from collections.abc import Mapping
from dataclasses import dataclass

from bench.common.frame_pacing import Pacing
from bench.common.inside_report import InsideReport


@dataclass(frozen=True, slots=True, kw_only=True)
class HeardRow:
    """The assistant with some number of such calls."""

    calls: int
    """How many there are."""
    asked: int
    """Questions that were asked in them by voice."""
    answered: int
    """Those of them for which an answer was heard."""
    pacing: Pacing
    """How the answers' frames arrived."""
    wait_p50: float
    """Seconds from the last frame with voice of a question to the first sound of its answer, the median."""
    wait_p95: float
    """The same, the 95th percentile."""
    members_at_once: float
    """How many members spoke at a time, on average."""
    bot_at_once: float
    """In how many calls the bot did."""
    cores: float
    """How many cores the bot kept busy, with the processes that it has started."""
    lag: InsideReport
    """The event loop's lag."""
    resident_bytes: int
    """The bot's memory at the end, with those processes."""
    recognized: int
    """Requests to the recognizer."""
    written: int
    """Requests to the model."""
    spoken: int
    """Requests to the speech service."""
    steps: Mapping[str, float]
    """What the assistant says that its steps took, in seconds, each behind the one before it: the means."""
    voices_late_p99: float
    """How late the members' packets left, in seconds: the 99th percentile."""
    voices_late_most: float
    """The latest one."""
    services_late_p99: float
    """How late timers fired where Discord, recognizer, model and speech are, in seconds: the 99th percentile."""
    rest_cores: float
    """How many cores those kept busy."""
    yardstick: float
    """Seconds of CPU for a fixed piece of work: how fast the machine was meanwhile."""

    @property
    def cores_per_call(self) -> float:
        """The part of a core that each call took."""
        return self.cores / self.calls
