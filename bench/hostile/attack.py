"""One attack: what is sent, and what must come of it besides what every row shows."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from bench.hostile.hostile_test_bed import HostileTestBed

Act = Callable[[HostileTestBed], Awaitable[None]]
"""Something that is done in the call."""


async def nothing(_: HostileTestBed) -> None:
    """For attacks that are settings of the bed."""


def no_complaint(_: HostileTestBed) -> str:
    """For attacks of which every row says enough."""
    return ""


@dataclass(frozen=True, kw_only=True)
class Attack:
    """One row of the table. While it goes on, another member asks a question."""

    name: str
    """What is attacked, in a few words."""
    sent: str
    """What is sent, with its size."""
    act: Act
    """Sends it."""
    prepare: Act = nothing
    """What comes before the bot is started."""
    check: Callable[[HostileTestBed], str] = no_complaint
    """What else went wrong, in words; empty if nothing did."""
    settings: Mapping[str, str] = field(default_factory=dict)
    """Environment variables of the bot that the row needs, to be short or to be right."""
    seconds_before_question: float = 0.5
    """How long the attack goes on before the other member asks."""
    wait_seconds: float = 60.0
    """How long their answer is waited for."""
    counts_start: bool = False
    """Whether memory is looked at from the start of the process on, instead of from the attack on."""
    members_ahead: int = 1
    """How many members may have a turn before theirs."""
    takes_no_posts: bool = False
    """Whether Discord takes no posts for a while. Then an answer is late by its sound: that is what people wait for."""
    is_quick: bool = False
    """Whether it is in the quick form."""
