"""The faults that come while an answer is interrupted, or while one is begun before its question is over."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final

from bench.faults import hearing_cases, injections
from bench.faults.injections import Injection, nothing


class Moment(Enum):
    """When the fault comes."""

    DUCKED = "the answer is softer"
    """Since the member makes a sound."""
    HELD = "the answer waits"
    """Since the member says words."""
    DRAFTED = "an answer is begun, unheard"
    """Since the member pauses."""


class End(Enum):
    """What comes of what the member says."""

    NOTHING = "nothing"
    """It was "mhm"; where an answer was begun: the member goes on, and asks something else."""
    QUESTION = "a question"
    """It is to be answered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InterruptionCase:
    """A fault."""

    name: str
    """What happens, in words."""
    fault: Injection = nothing
    """Makes it happen."""
    prepare: Injection = nothing
    """What happens when the call is up, before."""
    deaf_seconds: float = 2.0
    """For how long the member goes on speaking behind the fault, so that something of it is heard for certain."""
    may_lose: int = 0
    """Frames of an answer that are sent while nothing arrives."""
    may_double: bool = False
    """Whether the sentence that was cut off is said again from its beginning."""


INTERRUPTION_CASES: Final[Sequence[InterruptionCase]] = (
    InterruptionCase(name="no fault"),
    InterruptionCase(name="new keys: two members come and go", fault=injections.come_and_go),
    InterruptionCase(name="a welcome that fails", fault=hearing_cases.fail_the_welcome),
    InterruptionCase(name="a commit that fails", fault=hearing_cases.fail_the_commit),
    InterruptionCase(name="voice connection cut (1006)", fault=injections.abort),
    InterruptionCase(name="voice close 4006", fault=injections.closes(4006)),
    InterruptionCase(name="voice close 4014, then a new voice server", fault=injections.move_region),
    InterruptionCase(name="voice close 4015", fault=injections.closes(4015)),
    InterruptionCase(name="moved to another channel", fault=injections.move_to_attic),
    InterruptionCase(name="main gateway dropped", fault=injections.drop_gateway),
    InterruptionCase(name="main gateway session lost", fault=injections.drop_gateway_for_good, deaf_seconds=9.0),
    InterruptionCase(name="all UDP lost for 2 s", fault=injections.lose_datagrams, deaf_seconds=4.0, may_lose=105),
    InterruptionCase(name="process restarted", fault=injections.restart, deaf_seconds=16.0, may_double=True),
)
"""Every fault, in the order of the table."""
