"""What came of a restart: one row of the table."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Final

LEGEND: Final = """\
The assistant's processes are `app.py`, unmodified, on one database; Discord, the model and the speech are stand-ins on
loopback. A message counts as answered when its answer is posted; notes and apologies are no answers. Parts are the
sentences of long answers, 1.5 s each, as they were heard: "never" is less than half of one, "twice" more than one and a
half. Without voice is the longest time in which a call had no voice connection, from the end of one to the next
identify; silence is the longest from the last frame of one connection to the first frame of a later one, also where
nothing was to be said. Both are of the worst call."""
"""What the columns mean."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A scenario, counted over all its calls."""

    scenario: str
    """What was done to the processes."""
    database: str
    """Which database they share: sqlite or postgresql."""
    calls: int
    """How many calls there were that nobody ended."""
    calls_lost: int
    """In how many of them the bot has no voice connection at the end."""
    calls_undead: int
    """In how many calls that a member ended it is all the same."""
    typed: int
    """How many messages were typed."""
    once: int
    """How many of them were answered exactly once."""
    never: int
    """How many were not answered."""
    twice: int
    """How many were answered more often than once."""
    parts: int
    """How many sentences of long answers were to be heard."""
    parts_never: int
    """How many of them were not, or less than half."""
    parts_twice: int
    """How many were heard more often than once."""
    without_voice: float | None
    """Seconds that the worst call was without a voice connection; None: it never had one again."""
    silence: float | None
    """Seconds from the last frame before the restart to the first one after it, in the worst call; None: none came.

    Where nothing was to be said meanwhile, that is silence too.
    """
    exit_code: int
    """With which status the process ended that was stopped; -9 when it was killed."""
    exit_seconds: float
    """How long that took."""
    panels_told: int
    """On how many panels "restarting" stood while no process held the call; kept at 0 where there is no such time."""
    panels_doubled: int
    """How many panels were posted beside the first one of a call."""
    clicks: int = 0
    """How many buttons were clicked while two processes were there."""
    clicks_answered: int = 0
    """How many of the clicks did what they say, and were answered once."""
    others_disturbed: int = 0
    """How many calls of processes that were left alone lost a voice connection."""
    tracebacks: int = 0
    """How many tracebacks are in the processes' logs."""
    refused: int = 0
    """How often the stand-in for Discord was asked for what it does not implement."""


def table(rows: Sequence[Row]) -> str:
    """The rows as a Markdown table."""
    names = [field.name for field in fields(Row)]
    head = [name.replace("_", " ") for name in names]
    lines = [head, ["---"] * len(names), *([_cell(getattr(row, name)) for name in names] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _cell(value: object) -> str:
    if value is None:
        return "for good"
    return f"{value:.1f}" if isinstance(value, float) else str(value)
