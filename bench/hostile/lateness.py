"""How late an answer was beyond its turn: what went before it, by right, is not counted."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Turns:
    """What happened around one question, as it was seen from outside. Times are in seconds of one clock."""

    typed: float
    """When the question was typed."""
    begun: float
    """When the model was asked it."""
    answered: float
    """When its answer was posted, and its first sound was heard: the later of the two."""
    others_begun: Sequence[float]
    """When the model was asked the questions of other members, since this one was typed and before it was its turn."""
    others_ended: Sequence[float]
    """When anything of other members' turns was posted or heard."""
    members_ahead: int
    """How many members may have a turn before it."""


def lateness(turns: Turns) -> float:
    """Seconds from the moment in which its turn could have come to its answer.

    That is when it was typed, or the end of what was posted and heard before its turn. Where more turns went before it
    than there are members ahead, it is when the first began that should have come later.
    """
    if len(turns.others_begun) > turns.members_ahead:
        could_begin = sorted(turns.others_begun)[turns.members_ahead]
    else:
        could_begin = max((at for at in turns.others_ended if at <= turns.begun), default=turns.typed)
    return turns.answered - max(turns.typed, could_begin)
