"""What is tried of each contender."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final, Self

from bench.side_by_side.closing_trial import CODES, try_closing
from bench.side_by_side.contender import Contender
from bench.side_by_side.contender_row import ContenderRow
from bench.side_by_side.crowd_trial import try_crowd
from bench.side_by_side.first_sound_trial import answers_to_give, try_first_sound
from bench.side_by_side.rival_environment import is_installed, versions_of


class Part(StrEnum):
    """A part of the comparison."""

    FIRST_SOUND = "first-sound"
    CROWD = "crowd"
    CLOSING = "closing"


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialPlan:
    """How much of it."""

    parts: Sequence[Part] = tuple(Part)
    """Which parts."""
    answers: int = 10
    """How many of the usual answers are given, and how many of others."""
    calls: Sequence[int] = (1, 20, 50)
    """How many calls speak at once; each contender gets as many as it can carry."""
    turns: int = 2
    """How many turns each of those calls takes."""

    def of(self, parts: Sequence[Part], calls: Sequence[int] | None) -> Self:
        """Only these parts, and perhaps with other numbers of calls."""
        return replace(self, parts=parts, calls=calls or self.calls)


FULL: Final = TrialPlan()
QUICK: Final = TrialPlan(answers=1, calls=(1, 4), turns=1)


async def try_contender(contender: Contender, plan: TrialPlan) -> ContenderRow:
    """Measure one. What goes wrong is noted in its row: it must not cost the others theirs."""
    row = ContenderRow(contender=contender, versions=versions_of(contender))
    if not is_installed(contender):
        row.failures.append("make .venv-rivals/installed")
        return row
    for part in plan.parts:
        try:
            await _measure(row, part, plan)
        except Exception as error:  # noqa: BLE001 - a contender may fail in any way
            row.failures.append(f"{part}: {error!r} {' '.join(getattr(error, '__notes__', ()))}")
    return row


async def _measure(row: ContenderRow, part: Part, plan: TrialPlan) -> None:
    match part:
        case Part.FIRST_SOUND:
            row.first_sounds = await try_first_sound(row.contender, answers_to_give(plan.answers))
        case Part.CROWD:
            await try_crowd(row, plan.calls, plan.turns)
        case Part.CLOSING if row.contender.speaks_on_discord:
            for code in CODES:
                row.closings.append(await try_closing(row.contender, code))
