"""How well one member is heard."""

from dataclasses import dataclass
from enum import Enum

from assistant.hearing.counters import HearingCounters


class HearingTrouble(Enum):
    """Why a member is not heard."""

    NOT_OPENED = "not opened"
    """Packets come, and no key opens them."""
    NOT_OPUS = "not Opus"
    """Packets open, and hold no sound."""
    TOO_SOFT = "too soft"
    """The voice is much softer than before, as somebody else's in the room would be."""
    OVER_BUDGET = "over budget"
    """They have spoken too much in the last minutes."""
    CROWDED = "crowded"
    """Too many speak at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HearingHealth:
    """A snapshot of one member."""

    counters: HearingCounters
    """A copy."""
    is_speaking: bool
    """Whether a turn is under way."""
    last_heard: float | None
    """When their voice was last heard, by the ear's clock; None: never."""
    trouble: HearingTrouble | None
    """What went wrong last; None since something was heard."""
