"""The order of the tests, and a PostgreSQL server for those that need one."""

import gc
from collections.abc import AsyncIterator, Generator, Iterator

import pytest
from xdist.remote import Producer

from tests.support.both_ends import FromBothEnds
from tests.support.postgresql import NoPostgreSQL, a_database, a_server, a_template, do_without_postgresql

_TOGETHER = {
    "tests/bench/encoder/test_encoder.py",
    "tests/bench/faults/test_hearing_trial.py",
    "tests/bench/hostile/test_hostile_trial.py",
    "tests/deployment/test_package.py",
    "tests/end_to_end/test_fault_table.py",
    "tests/end_to_end/test_listening.py",
    "tests/support/test_listener.py",
}
"""Modules whose tests share what is expensive to make."""


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """What is collected stays to the end: Python looks for no garbage among it, neither meanwhile nor later."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What may take longest comes first, then whole calls, which wait; at the end, what computes for a moment.

    How long a test may take is what its `timeout` mark says.
    """
    items.sort(key=lambda item: (-_seconds_allowed(item), "end_to_end" not in item.path.parts))


def _seconds_allowed(item: pytest.Item) -> float:
    """The test's own timeout; 0 where it has that of all tests."""
    mark = item.get_closest_marker("timeout")
    return float(mark.args[0]) if mark is not None else 0.0


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> FromBothEnds | None:
    """What `-n` means where no other `--dist` is given."""
    if config.getvalue("dist") != "load":
        return None
    config.option.loadscopereorder = False
    return FromBothEnds(config, log, together=_TOGETHER)


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """The address of a database on a PostgreSQL server. Without one the test is skipped, or fails where it must not."""
    try:
        with a_server() as url:
            yield url
    except NoPostgreSQL:
        do_without_postgresql()


@pytest.fixture(scope="session")
def postgresql_template(postgresql_server: str) -> Iterator[str]:
    """The name of a database with all tables, to be copied: migrations take longer than most tests."""
    with a_template(postgresql_server) as name:
        yield name


@pytest.fixture
async def postgresql_url(postgresql_server: str) -> AsyncIterator[str]:
    """The address of an empty database."""
    async with a_database(postgresql_server) as url:
        yield url
