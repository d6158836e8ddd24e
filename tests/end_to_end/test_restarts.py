"""Calls outlive the assistant's process: whatever was typed is answered, once, and no call is lost."""

import asyncio
from pathlib import Path

import pytest

from bench.restarts.random_restarts import random_restarts
from bench.restarts.restart_row import RestartRow
from bench.restarts.scenarios import deploy, kill, lose_shard, stop
from bench.restarts.takeovers import freeze, stop_at_takeover

pytestmark = [pytest.mark.timeout(300), pytest.mark.usefixtures("quick_starts")]

START_SECONDS = 20.0
"""What a process may take to start on a busy machine, and to take up its calls."""
STALE_SECONDS = 5.0
"""For how long a process must not have been heard of before another one takes it for dead."""
STOP_SECONDS = 15.0
"""What a process may take to finish its sentence and to say that it is coming back."""


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str | None:
    """The address of an empty database; None where it is a SQLite file in the scenario's folder."""
    return None if request.param == "sqlite" else request.getfixturevalue("postgresql_url")


def all_is_answered_and_no_call_is_lost(row: RestartRow) -> None:
    """What must hold after every restart."""
    assert (row.answered_once, row.never_answered, row.answered_twice) == (row.messages, 0, 0), str(row)
    assert row.calls_lost == 0, str(row)
    assert row.panels_doubled == 0, str(row)
    assert (row.tracebacks, row.refused_requests) == (0, 0), str(row)


async def test_sigterm_in_the_middle_of_a_sentence_costs_no_answer_and_no_sentence(tmp_path: Path) -> None:
    row = await stop(tmp_path)
    all_is_answered_and_no_call_is_lost(row)
    assert (row.calls, row.messages) == (2, 8)
    assert (row.exit_code, row.panels_restarting) == (0, row.calls), str(row)
    assert row.exit_seconds < STOP_SECONDS
    assert (row.sentences_lost, row.sentences_doubled) == (0, 0), str(row)
    assert row.without_voice is not None
    assert row.without_voice < START_SECONDS


async def test_kill_costs_no_answer_and_at_most_the_sentence_that_was_being_said(tmp_path: Path) -> None:
    row = await kill(tmp_path)
    all_is_answered_and_no_call_is_lost(row)
    assert (row.calls, row.messages) == (2, 8)
    assert row.exit_code == -9
    assert row.sentences_lost + row.sentences_doubled <= row.calls, str(row)
    assert row.without_voice is not None
    assert row.without_voice < STALE_SECONDS + START_SECONDS


async def test_a_deploy_with_overlap_costs_nothing(tmp_path: Path, database_url: str | None) -> None:
    row = await deploy(tmp_path, database_url)
    all_is_answered_and_no_call_is_lost(row)
    assert (row.calls, row.messages, row.calls_not_ended) == (7, 62, 0)
    assert row.exit_code == 0
    assert row.exit_seconds < STOP_SECONDS
    assert (row.sentences_lost, row.sentences_doubled) == (0, 0), str(row)
    assert (row.clicks, row.clicks_answered) == (2, 2), str(row)
    assert row.without_voice is not None
    assert row.without_voice < STALE_SECONDS


async def test_a_shard_that_is_killed_comes_back_and_the_others_do_not_notice(
    tmp_path: Path, database_url: str | None
) -> None:
    row = await lose_shard(tmp_path, database_url)
    all_is_answered_and_no_call_is_lost(row)
    assert (row.calls, row.messages) == (3, 12)
    assert row.exit_code == -9
    assert row.other_calls_disturbed == 0, str(row)
    assert row.sentences_lost + row.sentences_doubled <= 1, str(row)
    assert row.without_voice is not None
    assert row.without_voice < STALE_SECONDS + START_SECONDS


async def test_a_process_that_is_stopped_as_it_takes_calls_over_leaves_them_to_the_one_before(
    tmp_path: Path, database_url: str | None
) -> None:
    row = await stop_at_takeover(tmp_path, database_url)
    all_is_answered_and_no_call_is_lost(row)
    assert row.calls == 2
    assert row.exit_code == 0, str(row)
    assert row.exit_seconds < STOP_SECONDS, "one of them hung"
    assert row.sentences_lost == 0, str(row)


async def test_a_process_that_stood_still_throws_nobody_out_of_the_calls_that_it_has_lost(
    tmp_path: Path, database_url: str | None
) -> None:
    row = await freeze(tmp_path, database_url)
    all_is_answered_and_no_call_is_lost(row)
    assert row.calls == 2
    assert row.exit_code == 0, str(row)
    assert row.exit_seconds < STOP_SECONDS, str(row)
    assert row.sentences_lost == 0, str(row)


async def test_processes_that_end_and_start_at_random_cost_no_call_and_no_answer(tmp_path: Path) -> None:
    """Two draws in which calls used to be lost; `python -m bench.restarts --random 100` makes a hundred longer ones."""

    async def draw(seed: int) -> RestartRow:
        folder = tmp_path / str(seed)
        folder.mkdir()
        return await random_restarts(folder, seed=seed, changes=2)

    for row in await asyncio.gather(draw(1), draw(2)):
        all_is_answered_and_no_call_is_lost(row)
        assert row.calls == 3
        assert row.sentences_lost == 0, str(row)
