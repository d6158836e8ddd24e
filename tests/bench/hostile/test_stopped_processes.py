from dataclasses import replace
from typing import Any

import pytest

from bench.hostile.stopped_processes import missed_by, stops_table
from bench.restarts.restart_row import RestartRow

GOOD = RestartRow(
    scenario="SIGTERM",
    database="sqlite",
    calls=2,
    calls_lost=0,
    calls_not_ended=0,
    messages=9,
    answered_once=9,
    never_answered=0,
    answered_twice=0,
    sentences=5,
    sentences_lost=0,
    sentences_doubled=0,
    frames=375,
    frames_lost=0,
    frames_doubled=0,
    without_voice=1.0,
    silence=1.0,
    exit_code=0,
    exit_seconds=6.25,
    panels_restarting=2,
    panels_doubled=0,
)


def test_a_row_that_meets_all_targets_misses_none() -> None:
    assert not missed_by(GOOD)
    assert stops_table({"stopped": GOOD}).endswith("| stopped | 6.2 | 0 | 2 | 0 | 9 | 0 | 0 |  |")


@pytest.mark.parametrize(
    ("change", "missed"),
    [
        ({"exit_seconds": 20.1}, "time"),
        ({"exit_code": -9}, "exit status"),
        ({"calls_lost": 1}, "calls"),
        ({"never_answered": 1}, "messages"),
        ({"answered_twice": 1}, "messages"),
        ({"tracebacks": 1}, "tracebacks"),
    ],
)
def test_each_target_that_is_missed_is_named(change: dict[str, Any], missed: str) -> None:
    assert missed_by(replace(GOOD, **change)) == [missed]
