"""Processes that are stopped in a bad moment: the short forms of what `python -m bench.restarts` does at length."""

import asyncio
import shutil
import sys
import tempfile
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Final

from bench.common.markdown_table import markdown_table
from bench.restarts.restart_row import RestartRow
from bench.restarts.scenarios import stop_while_speech_drips
from bench.restarts.takeovers import stop_at_takeover

MOST_SECONDS: Final = 20.0
STOPS_LEGEND: Final = f"""\
Each row is one process that gets SIGTERM, beside or before another one that goes on with its calls. Gone after: seconds
from the signal to its end (target: {MOST_SECONDS:g}). Lost are calls without the bot at the end."""

Stop = Callable[[Path], Awaitable[RestartRow]]
STOPS: Final[Mapping[str, Stop]] = {
    "stopped 0.1 s after it has taken two calls over (A1)": partial(stop_at_takeover, moments=(0.1,)),
    "stopped in an answer of which the second sentence comes a byte each 0.5 s (A5)": stop_while_speech_drips,
}
"""What is tried, by its name in the table."""


async def try_stops(stops: Mapping[str, Stop]) -> dict[str, RestartRow]:
    """Try each, one after the other; return the rows by name.

    Raises:
        TimeoutError: a process does not become ready, or the bot does not join a call.
    """
    rows = {}
    for name, stop in stops.items():
        folder = Path(await asyncio.to_thread(tempfile.mkdtemp, prefix="bench-"))
        try:
            rows[name] = await stop(folder)
        finally:
            await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)
        print(stops_table({name: rows[name]}).splitlines()[-1], file=sys.stderr, flush=True)
    return rows


def missed_by(row: RestartRow) -> Sequence[str]:
    """The targets that were missed."""
    missed = {
        "time": row.exit_seconds > MOST_SECONDS,
        "exit status": row.exit_code != 0,
        "calls": row.calls_lost > 0,
        "messages": row.never_answered > 0 or row.answered_twice > 0,
        "tracebacks": row.tracebacks > 0,
    }
    return [name for name, is_missed in missed.items() if is_missed]


def stops_table(rows: Mapping[str, RestartRow]) -> str:
    """The rows as a Markdown table."""
    head = ("what happens", "gone after, s", "exit status", "calls", "lost", "messages", "not answered", "twice")
    return markdown_table((*head, "missed"), (_cells(name, row) for name, row in rows.items()))


def _cells(name: str, row: RestartRow) -> Sequence[str]:
    counts = (row.exit_code, row.calls, row.calls_lost, row.messages, row.never_answered, row.answered_twice)
    return (name, f"{row.exit_seconds:.1f}", *map(str, counts), ", ".join(missed_by(row)))
