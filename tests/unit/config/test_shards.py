"""SHARD_COUNT, SHARD_IDS and SHARDS_PER_PROCESS."""

import socket
from collections.abc import Callable

import pytest

from assistant.config.shards import Shards, read_shards
from assistant.util.env_reader import EnvReader


def shards(**variables: str) -> Shards:
    """What is read, and there is no mistake."""
    read = EnvReader(variables)
    found = read_shards(read)
    assert read.mistakes == []
    return found


def mistake(**variables: str) -> str:
    """The one mistake, with its variable."""
    read = EnvReader(variables)
    read_shards(read)
    [found] = read.mistakes
    return " ".join(found)


@pytest.fixture
def set_hostname(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """`set_hostname("bot-0")` gives this host that name."""
    return lambda name: monkeypatch.setattr(socket, "gethostname", lambda: name)


def test_without_variables_there_is_one_process_and_one_shard() -> None:
    assert shards() == Shards(count=1, ids=(), per_process=0)


def test_a_count_alone_means_all_of_them_in_this_process() -> None:
    assert shards(SHARD_COUNT="4") == Shards(count=4)


@pytest.mark.parametrize(
    ("listed", "ids"),
    [("0", (0,)), ("0-3", (0, 1, 2, 3)), ("7, 0-2", (0, 1, 2, 7)), ("3-3", (3,)), (" 1 - 2 ,5", (1, 2, 5))],
)
def test_shards_are_listed_by_numbers_and_ranges(listed: str, ids: tuple[int, ...]) -> None:
    assert shards(SHARD_COUNT="8", SHARD_IDS=listed).ids == ids


@pytest.mark.parametrize("listed", ["a", "1,", "3-1", "-1", "1-", "1.5", "0–3", "1;2", "٣"])
def test_what_is_no_list_is_reported(listed: str) -> None:
    assert "SHARD_IDS is not a list" in mistake(SHARD_COUNT="8", SHARD_IDS=listed)


def test_a_shard_that_there_is_not_is_reported() -> None:
    assert "SHARD_IDS names shard 8, but with SHARD_COUNT=8 the highest is 7" in mistake(
        SHARD_COUNT="8", SHARD_IDS="0,8"
    )
    assert "names shard 1, but with SHARD_COUNT=1 the highest is 0" in mistake(SHARD_IDS="1")


def test_a_shard_named_twice_is_reported() -> None:
    assert "names a shard twice" in mistake(SHARD_COUNT="8", SHARD_IDS="0-3,2")


def test_a_wrong_count_is_not_blamed_on_the_list_too() -> None:
    assert mistake(SHARD_COUNT="many", SHARD_IDS="5").startswith("SHARD_COUNT")


@pytest.mark.parametrize(
    ("name", "ids"),
    [
        ("assistant-0", (0, 1, 2, 3)),
        ("assistant-1", (4, 5, 6, 7)),
        ("assistant-2.bots.default.svc", (8, 9)),
        ("my-bot-0", (0, 1, 2, 3)),
    ],
)
def test_the_number_in_the_host_s_name_gives_each_process_its_share(
    set_hostname: Callable[[str], None], name: str, ids: tuple[int, ...]
) -> None:
    set_hostname(name)
    assert shards(SHARD_COUNT="10", SHARDS_PER_PROCESS="4") == Shards(count=10, ids=ids, per_process=4)


def test_the_replicas_hold_every_shard_once(set_hostname: Callable[[str], None]) -> None:
    held: list[int] = []
    for ordinal in range(3):
        set_hostname(f"assistant-{ordinal}")
        held += shards(SHARD_COUNT="10", SHARDS_PER_PROCESS="4").ids
    assert held == list(range(10))


def test_a_replica_too_many_is_reported(set_hostname: Callable[[str], None]) -> None:
    set_hostname("assistant-3")
    told = mistake(SHARD_COUNT="10", SHARDS_PER_PROCESS="4")
    assert "leaves no shard for assistant-3: there are 10" in told
    assert "at most 3 replicas" in told


@pytest.mark.parametrize("name", ["laptop", "a1b2c3d4e5f6", "7", ""])
def test_a_host_without_a_number_is_reported(set_hostname: Callable[[str], None], name: str) -> None:
    set_hostname(name)
    assert f"this host is {name!r}" in mistake(SHARD_COUNT="10", SHARDS_PER_PROCESS="4")


def test_both_ways_at_once_are_reported() -> None:
    assert "SHARDS_PER_PROCESS is set together with SHARD_IDS" in mistake(
        SHARD_COUNT="8", SHARD_IDS="0-3", SHARDS_PER_PROCESS="4"
    )
