"""Formats findings as a table of plain text."""

from collections.abc import Sequence
from typing import Final

from assistant.doctor.finding import Finding, Verdict
from assistant.util.redaction import Redactor

_HEAD: Final = ("check", "result", "details")


def table(findings: Sequence[Finding], secrets: Sequence[str]) -> str:
    """One line for each finding, with the advice below it, and a last line with the totals. Secrets are masked."""
    rows = [_HEAD, *((each.name, each.verdict.value, _one_line(each.detail)) for each in findings)]
    names, verdicts = (max(len(row[column]) for row in rows) for column in (0, 1))
    lines = []
    for (name, verdict, detail), advice in zip(rows, ["", *(each.advice for each in findings)], strict=True):
        lines.append(f"{name:{names}}  {verdict:{verdicts}}  {detail}".rstrip())
        if advice:
            lines.append(f"{'':{names}}  {'':{verdicts}}  -> {_one_line(advice)}")
    lines += ["", _summary(findings)]
    return Redactor(secrets).redact("\n".join(lines)) + "\n"


def _summary(findings: Sequence[Finding]) -> str:
    count = {verdict: sum(each.verdict is verdict for each in findings) for verdict in Verdict}
    return ", ".join(f"{count[verdict]} {verdict.value}" for verdict in Verdict)


def _one_line(text: str) -> str:
    """The text on one line, without control characters that a terminal would act on."""
    line = " ".join(text.split())
    return "".join(character if character.isprintable() else "?" for character in line)
