"""What became of the calls in a restart: one row of the table."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any, Final

from bench.common.markdown_table import markdown_table

LEGEND: Final = """\
The assistant's processes run `app.py`, unmodified, on one database. Discord, the model and the speech are stand-ins on
loopback. A message counts as answered when its answer is posted; notices and apologies are not answers. Sentences are
those of long answers, 1.5 s each, as they were heard: "lost" is less than half of one, "doubled" more than one and a
half; so are their frames of 20 ms, of which those of a sentence that was cut off and said again are doubled. Without
voice is the longest time in seconds in which a call had no voice connection, from the end of one to the
next identify. Silence is the longest time from the last frame of one connection to the first frame of a later one, even
where the bot had nothing to say. Both are of the worst call."""
"""What the columns mean."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RestartRow:
    """One scenario, counted over all its calls."""

    scenario: str
    """What happened to the processes."""
    database: str
    """Which database they share: sqlite or postgresql."""
    calls: int
    """How many calls there were that no member ended."""
    calls_lost: int
    """How many of them have no voice connection at the end."""
    calls_not_ended: int
    """How many calls still have the bot although a member ended them."""
    messages: int
    """How many messages were typed."""
    answered_once: int
    """How many of them were answered once."""
    never_answered: int
    """How many were not answered."""
    answered_twice: int
    """How many were answered more than once."""
    sentences: int
    """How many sentences of long answers should have been heard."""
    sentences_lost: int
    """How many of them were not heard, or less than half."""
    sentences_doubled: int
    """How many were heard more than once."""
    frames: int
    """How many frames of 20 ms these sentences have."""
    frames_lost: int
    """How many of them were not heard."""
    frames_doubled: int
    """How many were heard more than once, such as those of a sentence that was cut off and is said again."""
    without_voice: float | None
    """Seconds without a voice connection in the worst call; None if it never got one back."""
    silence: float | None
    """Seconds from the last frame before the restart to the first one after it, in the worst call; None if none came.

    Time in which the bot had nothing to say counts too.
    """
    exit_code: int
    """The exit status of the process that was stopped; -9 when it was killed."""
    exit_seconds: float
    """How long it took to end."""
    panels_restarting: int
    """How many panels said "restarting" while no process held the call; 0 where there is no such time."""
    panels_doubled: int
    """How many panels were posted in addition to the first one of each call."""
    clicks: int = 0
    """How many buttons were clicked while two processes ran."""
    clicks_answered: int = 0
    """How many of the clicks were answered once and took effect."""
    other_calls_disturbed: int = 0
    """How many calls of processes that were not stopped lost a voice connection."""
    tracebacks: int = 0
    """How many tracebacks are in the processes' logs."""
    refused_requests: int = 0
    """How often a process asked the stand-in for Discord for something that it does not implement."""


def total(rows: Sequence[RestartRow]) -> RestartRow:
    """All of several rows: what is counted is added up, and of times and exit statuses it is the worst."""
    values: dict[str, Any] = {
        "scenario": f"all {len(rows)}",
        "database": ", ".join(sorted({row.database for row in rows})),
    }
    for name in ("without_voice", "silence"):
        times = [getattr(row, name) for row in rows]
        values[name] = None if None in times else max(times)
    worst = max(rows, key=lambda row: row.exit_seconds)
    values |= {"exit_code": worst.exit_code, "exit_seconds": worst.exit_seconds}
    for field in fields(RestartRow):
        values.setdefault(field.name, sum(getattr(row, field.name) for row in rows if field.name not in values))
    return RestartRow(**values)


def restart_table(rows: Sequence[RestartRow]) -> str:
    """The rows as a Markdown table."""
    names = [field.name for field in fields(RestartRow)]
    head = [name.replace("_", " ") for name in names]
    return markdown_table(head, ([_cell(getattr(row, name)) for name in names] for row in rows))


def _cell(value: object) -> str:
    if value is None:
        return "for good"
    return f"{value:.1f}" if isinstance(value, float) else str(value)
