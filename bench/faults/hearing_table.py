"""What was heard while faults came, as a table in Markdown."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, Final

from bench.common.markdown_table import markdown_table
from bench.faults.hearing_trial import HearingVerdict

_HEAD: Final = ("fault while a member speaks", "", "words said", "words lost", "seconds deaf", "what the chat was told")
HEARING_LEGEND: Final = """\
Each row is a call of its own. A member says 24 words without a pause, in 12 s; the fault comes after 2 s. If it is
the recognizer's, it lasts for the first 12 words, and the others are said apart. The recognizer is a stand-in that
knows the words by their sound. A word is lost if it was said to its end and is in no text in the chat; *seconds deaf*
is the longest time of which no word is there. ✓ means that nothing was lost but what the fault itself takes, and that
the chat was told where a whole turn was lost."""
"""What the columns mean."""


def hearing_table(verdicts: Sequence[HearingVerdict]) -> str:
    """One row for each verdict."""
    return markdown_table(_HEAD, map(_cells, verdicts))


def hearing_json(verdict: HearingVerdict) -> dict[str, Any]:
    """A verdict as JSON has it."""
    return {key: value for key, value in asdict(verdict).items() if key != "case"} | {"fault": verdict.case.name}


def _cells(verdict: HearingVerdict) -> tuple[str, ...]:
    return (
        verdict.case.name,
        "✓" if verdict.is_right else "✗",
        str(verdict.said),
        str(len(verdict.lost)),
        f"{verdict.deaf:.1f}" if verdict.lost else "0",
        " → ".join(_short(line) for line in verdict.told).replace("|", "\\|"),
    )


def _short(line: str) -> str:
    """A line without what is the same each time."""
    for part in ("has lost the connection", "I cannot hear", "couldn't make out what was said", "** is in "):
        if part in line:
            return f"“… {part.strip('* ')} …”"
    return f"“{line}”"
