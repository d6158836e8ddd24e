import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, cast

import pytest

from assistant.cluster.journal import CallJournal
from assistant.domain.call_snapshot import CallSnapshot
from assistant.domain.errors import StorageUnavailable
from assistant.domain.exchange import Exchange
from tests.support.virtual_time import run_in_virtual_time

CALL = CallSnapshot(guild_id=1, voice_id=2, text_id=3, begun_by=4)
TURNS = (Exchange("Ada", "Where?", "Here."),)


class FakeStore:
    """Keeps what it is told; the test says how it fares."""

    def __init__(self) -> None:
        self.trouble = ""
        self.told: list[tuple[object, ...]] = []
        self.is_accepted = True

    def __getattr__(self, name: str) -> Callable[..., Awaitable[bool]]:
        async def method(*values: object, **options: object) -> bool:
            if self.trouble == "hangs":
                await asyncio.sleep(1000)
            if self.trouble == "down":
                raise StorageUnavailable(address="sqlite", detail="down")
            self.told.append((name, *values, *options.items()))
            return self.is_accepted

        return method


def journal_in(store: FakeStore, *, is_stored: bool = True) -> CallJournal:
    return CallJournal(cast(Any, store), CALL.guild_id, is_stored=is_stored)


WRITES: list[tuple[Callable[[CallJournal], Awaitable[object]], tuple[object, ...]]] = [
    (lambda journal: journal.update_call(voice_id=5), ("update_call", 1, ("voice_id", 5))),
    (lambda journal: journal.update_call(panel_id=6), ("update_call", 1, ("panel_id", 6))),
    (
        lambda journal: journal.update_question(7, reply="Here.", apology="Sorry."),
        ("update_question", 1, 7, ("reply", "Here."), ("apology", "Sorry.")),
    ),
    (lambda journal: journal.update_question(7, is_posted=True), ("update_question", 1, 7, ("is_posted", True))),
    (lambda journal: journal.update_question(7, heard=2), ("update_question", 1, 7, ("heard", 2))),
    (lambda journal: journal.close_question(7, TURNS, {"sv"}), ("close_question", 1, 7, TURNS, {"sv"})),
    (lambda journal: journal.accept(8, 3, is_answered=True), ("accept", 1, 8, 3, ("is_answered", True))),
    (lambda journal: journal.release(), ("release", 1)),
    (lambda journal: journal.end(), ("end", 1)),
]


@pytest.mark.parametrize(("write", "told"), WRITES)
async def test_what_happens_is_told_of_this_call(
    write: Callable[[CallJournal], Awaitable[object]], told: tuple[object, ...]
) -> None:
    store = FakeStore()
    await write(journal_in(store))
    assert store.told == [told]


@pytest.mark.parametrize(("write", "told"), WRITES)
@pytest.mark.parametrize(("trouble", "seconds"), [("down", 0.0), ("hangs", 3.0)])
def test_a_store_in_trouble_costs_the_call_three_seconds_and_nothing_else(
    write: Callable[[CallJournal], Awaitable[object]], told: tuple[object, ...], trouble: str, seconds: float
) -> None:
    async def main() -> None:
        store = FakeStore()
        store.trouble = trouble
        journal = journal_in(store)
        await write(journal)
        assert asyncio.get_running_loop().time() == seconds
        store.trouble = ""
        await write(journal)
        assert store.told == [told], "it is written again once that is possible"

    run_in_virtual_time(main())


async def test_a_message_is_ours_when_the_store_says_so() -> None:
    store = FakeStore()
    journal = journal_in(store)
    assert await journal.accept(8, 3)
    store.is_accepted = False
    assert not await journal.accept(8, 3)


@pytest.mark.parametrize("trouble", ["down", "hangs"])
def test_a_message_is_ours_when_nobody_can_say_whose_it_is_and_the_call_is_not_released(trouble: str) -> None:
    async def main() -> None:
        store = FakeStore()
        store.trouble, store.is_accepted = trouble, False
        journal = journal_in(store)
        assert await journal.accept(8, 3)
        assert not await journal.release()

    run_in_virtual_time(main())


async def test_a_call_that_began_is_kept_and_can_be_released() -> None:
    store = FakeStore()
    journal = journal_in(store, is_stored=False)
    await journal.begin(CALL)
    await journal.update_call(voice_id=5)
    assert await journal.release()
    assert store.told == [("begin", CALL), ("update_call", 1, ("voice_id", 5)), ("release", 1)]


@pytest.mark.parametrize("trouble", ["down", "hangs"])
def test_a_call_whose_begin_could_not_be_written_goes_on_unwritten_and_cannot_be_released(trouble: str) -> None:
    async def main() -> None:
        store = FakeStore()
        store.trouble = trouble
        journal = journal_in(store, is_stored=False)
        await journal.begin(CALL)
        store.trouble, store.is_accepted = "", False
        for write, told in WRITES:
            result = await write(journal)
            assert told[0] != "accept" or result is True
            assert told[0] != "release" or result is False
        assert store.told == []

    run_in_virtual_time(main())


def test_who_waits_for_the_store_can_be_cancelled() -> None:
    async def main() -> None:
        store = FakeStore()
        store.trouble = "hangs"
        writing = asyncio.ensure_future(cast(Any, journal_in(store).update_call(voice_id=5)))
        await asyncio.sleep(1)
        writing.cancel()
        with pytest.raises(asyncio.CancelledError):
            await writing

    run_in_virtual_time(main())
