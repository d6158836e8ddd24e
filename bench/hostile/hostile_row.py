"""What came of one attack: a row of the table."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from bench.common.markdown_table import markdown_table

MOST_MEGABYTES: Final = 200.0
MOST_HOLD: Final = 0.05
MOST_LATE: Final = 2.0

LEGEND: Final = f"""\
Each row is a call of its own, with a process of its own: the program that ships, on stand-ins on loopback. Ada's
attack, or that of a service, goes on while Ben asks something else. Peak: the most resident memory of the process since
the attack began, in MB (target: {MOST_MEGABYTES:g}). Loop held: how late a timer on the event loop was at most, in ms,
without the time in which the machine had no CPU for it (target: {MOST_HOLD * 1000:g}). Late timer: with
that time, as /metrics show it. Late: seconds from the moment in which it could have been the turn of Ben's question to
its answer, in writing and aloud, or only aloud where Discord takes no posts (target: {MOST_LATE:g}); waited: from the
moment in which it was typed. Turns: questions whose turn came; without text: those to which nothing was posted, apart
from skipped ones (target: 0)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HostileRow:
    """One attack and what it did."""

    attack: str
    """The attack's name."""
    sent: str
    """What was sent."""
    peak_megabytes: float
    """The most resident memory, in megabytes."""
    held: float
    """How late a timer on the loop was at most, in seconds, without the time in which the machine had no CPU for it."""
    timer_late: float
    """The same, with that time."""
    late: float | None
    """How late the other member's answer was beyond its turn, in seconds; None: it did not come."""
    waited: float | None
    """How long they waited for it, in seconds; None: it did not come."""
    turns: int
    """How many questions had their turn."""
    textless: int
    """Of how many of them nothing was posted, though nobody skipped them."""
    complaint: str
    """What else went wrong; empty if nothing did."""

    @property
    def misses(self) -> Sequence[str]:
        """The targets that were missed."""
        missed = {
            "memory": self.peak_megabytes >= MOST_MEGABYTES,
            "loop": self.held > MOST_HOLD,
            "late": self.late is None or self.late > MOST_LATE,
            "text": self.textless > 0,
            self.complaint: bool(self.complaint),
        }
        return [name for name, is_missed in missed.items() if is_missed]


def hostile_table(rows: Sequence[HostileRow]) -> str:
    """The rows as a Markdown table."""
    head = ("attack", "what was sent", "peak, MB", "loop held, ms", "late timer, ms", "late, s", "waited, s", "turns")
    return markdown_table((*head, "without text", "missed"), map(_cells, rows))


def _cells(row: HostileRow) -> Sequence[str]:
    return (
        row.attack,
        row.sent,
        f"{row.peak_megabytes:.0f}",
        f"{row.held * 1000:.0f}",
        f"{row.timer_late * 1000:.0f}",
        "–" if row.late is None else f"{row.late:.1f}",
        "–" if row.waited is None else f"{row.waited:.1f}",
        str(row.turns),
        str(row.textless),
        ", ".join(row.misses),
    )


def hostile_summary(rows: Sequence[HostileRow]) -> str:
    """One line: in how many rows all targets are met."""
    met = sum(not row.misses for row in rows)
    return f"All targets are met in {met} of {len(rows)} rows."
