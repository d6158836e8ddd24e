"""What docs/upstream/ reports is still so. Where it is not, the cure that the report names can go."""

import logging
import re
from pathlib import Path

import pytest

from tests.support.dave_libraries import HAS_LIBDAVE

REPORTS = sorted((Path(__file__).parents[2] / "docs" / "upstream").glob("*.md"))


@pytest.mark.parametrize("report", REPORTS, ids=lambda path: path.stem)
def test_the_script_of_a_report_runs_as_it_says(report: Path) -> None:
    if report.stem.startswith("dave_py") and not HAS_LIBDAVE:
        pytest.skip("dave.py is not installed")
    [script] = re.findall(r"```python\n(.*?)```", report.read_text("utf-8"), re.DOTALL)
    level = logging.getLogger("dave").level  # one of them changes it
    try:
        exec(compile(script, report.name, "exec"), {"__name__": "report"})
    finally:
        logging.getLogger("dave").setLevel(level)


@pytest.mark.parametrize("report", REPORTS, ids=lambda path: path.stem)
def test_a_report_says_to_whom_it_goes_what_was_expected_and_what_was_observed(report: Path) -> None:
    text = report.read_text("utf-8")
    assert re.match(r"# [\w.-]+: ", text)
    parts = [text.index(f"\n{part}") for part in ("To: [", "**Expected.**", "**Observed.**", "```python", "**Wish.**")]
    assert parts == sorted(parts)


def test_there_are_reports() -> None:
    assert len(REPORTS) >= 6
