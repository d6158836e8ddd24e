"""Calls outlive the assistant's process: whatever was typed is answered, once, and no call is lost."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, ExitStack
from pathlib import Path

import pytest

from bench.restarts.restart_row import RestartRow
from bench.restarts.scenarios import deploy, kill, lose_shard, stop
from tests.support.postgresql import NoPostgreSQL, a_database, a_server, do_without_postgresql

pytestmark = [pytest.mark.timeout(600), pytest.mark.xdist_group("restarts")]

START_SECONDS = 20.0
"""What a process may take to start on a busy machine, and to take up its calls."""
STALE_SECONDS = 5.0
"""For how long a process must not have been heard of before another one takes it for dead."""
STOP_SECONDS = 15.0
"""What a process may take to finish its sentence and to say that it is coming back."""


Scenario = Callable[[Path, str | None], Awaitable[RestartRow]]

SCENARIOS: Mapping[tuple[str, str], Scenario] = {
    ("stop", "sqlite"): stop,
    ("kill", "sqlite"): kill,
    ("deploy", "sqlite"): deploy,
    ("deploy", "postgresql"): deploy,
    ("lose_shard", "sqlite"): lose_shard,
    ("lose_shard", "postgresql"): lose_shard,
}
"""What is tried, and on which database."""
AT_ONCE = 3
"""How many scenarios are tried at a time: most of each is waiting."""

RowOf = Callable[[str, str], RestartRow]


@pytest.fixture(scope="module")
def row_of(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RowOf]:
    """What came of a scenario on a database."""
    with ExitStack() as stack:
        try:
            server = stack.enter_context(a_server())
        except NoPostgreSQL:
            server = None
        tried = [name for name in SCENARIOS if server is not None or name[1] != "postgresql"]
        rows = asyncio.run(try_all(tried, server, tmp_path_factory.mktemp("restarts")))

        def row_of(scenario: str, database: str) -> RestartRow:
            if (scenario, database) not in rows:
                do_without_postgresql()
            row = rows[scenario, database]
            if isinstance(row, BaseException):
                raise row
            return row

        yield row_of


async def try_all(
    names: Sequence[tuple[str, str]], server: str | None, folder: Path
) -> Mapping[tuple[str, str], RestartRow | BaseException]:
    """Try these scenarios; one that breaks costs no other its row."""
    free = asyncio.Semaphore(AT_ONCE)

    async def row(scenario: str, database: str) -> RestartRow:
        async with free, AsyncExitStack() as stack:
            own = folder / f"{scenario}-{database}"
            own.mkdir()
            url = None
            if database == "postgresql":
                assert server is not None
                url = await stack.enter_async_context(a_database(server))
            return await SCENARIOS[scenario, database](own, url)

    return dict(zip(names, await asyncio.gather(*(row(*name) for name in names), return_exceptions=True), strict=True))


def all_is_answered_and_no_call_is_lost(row: RestartRow) -> None:
    """What must hold after every restart."""
    assert (row.answered_once, row.never_answered, row.answered_twice) == (row.messages, 0, 0), str(row)
    assert row.calls_lost == 0, str(row)
    assert row.panels_doubled == 0, str(row)
    assert (row.tracebacks, row.refused_requests) == (0, 0), str(row)


def test_sigterm_in_the_middle_of_a_sentence_costs_no_answer_and_no_sentence(row_of: RowOf) -> None:
    row = row_of("stop", "sqlite")
    all_is_answered_and_no_call_is_lost(row)
    assert (row.calls, row.messages) == (2, 8)
    assert (row.exit_code, row.panels_restarting) == (0, row.calls), str(row)
    assert row.exit_seconds < STOP_SECONDS
    assert (row.sentences_lost, row.sentences_doubled) == (0, 0), str(row)
    assert row.without_voice is not None
    assert row.without_voice < START_SECONDS


def test_kill_costs_no_answer_and_at_most_the_sentence_that_was_being_said(row_of: RowOf) -> None:
    row = row_of("kill", "sqlite")
    all_is_answered_and_no_call_is_lost(row)
    assert (row.calls, row.messages) == (2, 8)
    assert row.exit_code == -9
    assert row.sentences_lost + row.sentences_doubled <= row.calls, str(row)
    assert row.without_voice is not None
    assert row.without_voice < STALE_SECONDS + START_SECONDS


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_a_deploy_with_overlap_costs_nothing(row_of: RowOf, database: str) -> None:
    row = row_of("deploy", database)
    all_is_answered_and_no_call_is_lost(row)
    assert (row.calls, row.messages, row.calls_not_ended) == (7, 62, 0)
    assert row.exit_code == 0
    assert row.exit_seconds < STOP_SECONDS
    assert (row.sentences_lost, row.sentences_doubled) == (0, 0), str(row)
    assert (row.clicks, row.clicks_answered) == (2, 2), str(row)
    assert row.without_voice is not None
    assert row.without_voice < STALE_SECONDS


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_a_shard_that_is_killed_comes_back_and_the_others_do_not_notice(row_of: RowOf, database: str) -> None:
    row = row_of("lose_shard", database)
    all_is_answered_and_no_call_is_lost(row)
    assert (row.calls, row.messages) == (3, 12)
    assert row.exit_code == -9
    assert row.other_calls_disturbed == 0, str(row)
    assert row.sentences_lost + row.sentences_doubled <= 1, str(row)
    assert row.without_voice is not None
    assert row.without_voice < STALE_SECONDS + START_SECONDS
