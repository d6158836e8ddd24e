from dataclasses import replace
from typing import Any

import pytest

from bench.hostile.hostile_row import HostileRow, hostile_summary, hostile_table

GOOD = HostileRow(
    attack="a bomb",
    sent="1 GB",
    peak_megabytes=150.0,
    held=0.02,
    timer_late=0.3,
    late=0.5,
    waited=4.0,
    turns=3,
    textless=0,
    complaint="",
)


def test_a_row_that_meets_all_targets_misses_none() -> None:
    assert not GOOD.misses
    assert hostile_table([GOOD]).endswith("| a bomb | 1 GB | 150 | 20 | 300 | 0.5 | 4.0 | 3 | 0 |  |")


@pytest.mark.parametrize(
    ("change", "missed"),
    [
        ({"peak_megabytes": 200.0}, "memory"),
        ({"held": 0.051}, "loop"),
        ({"late": 2.1}, "late"),
        ({"late": None}, "late"),
        ({"textless": 1}, "text"),
        ({"complaint": "26 posts after the skip"}, "26 posts after the skip"),
    ],
)
def test_each_target_that_is_missed_is_named(change: dict[str, Any], missed: str) -> None:
    row = replace(GOOD, **change)
    assert row.misses == [missed]
    assert hostile_summary([row, GOOD]) == "All targets are met in 1 of 2 rows."
