"""The figures beside their targets, as a table in Markdown."""

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

from bench.common.markdown_table import markdown_table
from bench.common.measurement import Measurement, read_measurement
from bench.summary.summary_rows import SUMMARY_ROWS, SummaryRow

_HEAD: Final = ("figure", "target", "measured", "where from")
_NOT_MEASURED: Final = "not measured"


def summary_table(folder: Path) -> str:
    """One line for each figure; then when, by which command and on which machine each file of the folder was made."""
    taken: dict[str, Measurement] = {}
    for file in dict.fromkeys(row.file for row in SUMMARY_ROWS):
        with suppress(FileNotFoundError):  # the table says of its figures that they were not measured
            taken[file] = read_measurement(folder / file)
    files = [f"- {file}: {each.date}, `{each.command}`, {each.machine}" for file, each in taken.items()]
    return "\n".join([markdown_table(_HEAD, [_cells(row, taken) for row in SUMMARY_ROWS]), "", *files])


def _cells(row: SummaryRow, taken: Mapping[str, Measurement]) -> tuple[str, ...]:
    measured = _NOT_MEASURED
    if row.file in taken:
        with suppress(LookupError):  # of a smaller form of the benchmark
            measured = row.read(taken[row.file].figures)
    return row.figure, row.target, measured, row.file
