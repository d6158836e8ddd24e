"""How well one member is heard."""

from dataclasses import dataclass

from assistant.domain.hearing_trouble import HearingTrouble
from assistant.hearing.counters import HearingCounters


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
