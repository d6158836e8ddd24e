"""What is measured of the assistant with some number of calls."""

from dataclasses import dataclass

from bench.pacing import Pacing
from bench.scale.stage import Inside


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaking:
    """Calls in turns."""

    pacing: Pacing
    """How the frames arrived."""
    first_audio_p50: float
    """Seconds from a message to the first sound of its answer, the median."""
    first_audio_p95: float
    """The same for 19 of 20."""
    cores: float
    """The cores that the bot kept busy."""
    at_once: float
    """How many calls spoke at a time, on average."""
    lag: Inside
    """The event loop's lag meanwhile."""
    resident_bytes: int
    """The bot's memory at the end."""
    listener_cores: float
    """The cores that Discord, the model and Google kept busy."""

    @property
    def cores_a_call(self) -> float:
        """The part of a core for one call that speaks: all that is done for its turn, by the time it speaks."""
        return self.cores / self.at_once


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """One row of the table."""

    calls: int
    """How many calls there are."""
    resident_bytes: int
    """The bot's memory with them, before anything was said in those that are new."""
    idle_cores: float
    """The cores that the bot keeps busy while nobody types."""
    same: Speaking
    """Turns whose speech has been made before: every answer is the same."""
    fresh: Speaking
    """Turns whose every sentence is new."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Idle:
    """The bot without a call."""

    resident_bytes: int
    """Its memory."""
    cores: float
    """The cores that it keeps busy."""
