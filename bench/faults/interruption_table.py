"""What was heard where faults came in the middle of interruptions, as a table in Markdown."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, Final

from bench.common.markdown_table import markdown_table
from bench.faults.interruption_trial import InterruptionVerdict

_HEAD: Final = (
    "fault",
    "while",
    "what comes of it",
    "",
    "frames lost",
    "doubled",
    "answers to the question",
    "to a part of it",
)
INTERRUPTION_LEGEND: Final = """\
Each row is a call of its own. A member speaks over an answer of 7 s, and the fault comes when that is softer, or waits;
or the member pauses in a question, and the fault comes when an answer to its beginning is begun, which nobody hears
yet. *Nothing*: it was "mhm", and the answer goes on; or the member goes on, and what was begun counts for nothing.
*Frames lost* are those of the answer that went on, or of the one to the question. The recognizer is a stand-in. ✓ means
that the call went on, that no frame was lost but those that were sent while nothing arrived, that nothing was said
twice, and that the question was answered once."""
"""What the columns mean."""


def interruption_table(verdicts: Sequence[InterruptionVerdict]) -> str:
    """One row for each verdict."""
    return markdown_table(_HEAD, map(_cells, verdicts))


def interruption_json(verdict: InterruptionVerdict) -> dict[str, Any]:
    """A verdict as JSON has it."""
    names = {"fault": verdict.case.name, "moment": verdict.moment.value, "end": verdict.end.value}
    return names | {key: value for key, value in asdict(verdict).items() if key not in ("case", "moment", "end")}


def _cells(verdict: InterruptionVerdict) -> tuple[str, ...]:
    return (
        verdict.case.name,
        verdict.moment.value,
        verdict.end.value,
        "✓" if verdict.is_right else "✗",
        str(verdict.lost),
        str(verdict.doubled),
        str(verdict.answers),
        str(verdict.others),
    )
