import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, cast

import pytest

from assistant.cluster.journal import CallJournal, CallJournals
from assistant.domain.call_snapshot import CallSnapshot
from assistant.domain.errors import StorageUnavailable
from assistant.domain.exchange import Exchange
from assistant.storage.write_behind import WriteBehind
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
            while self.trouble == "hangs":  # noqa: ASYNC110 - a test ends it
                await asyncio.sleep(0.1)
            if self.trouble == "down":
                raise StorageUnavailable(address="sqlite", detail="down")
            self.told.append((name, *values, *options.items()))
            return self.is_accepted

        return method


@asynccontextmanager
async def journal_in(store: FakeStore, *, is_stored: bool = True) -> AsyncIterator[CallJournal]:
    async with WriteBehind() as writes:
        yield CallJournals(cast(Any, store), writes).of(CALL.guild_id, is_stored=is_stored)


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
    (
        lambda journal: journal.accept(8, 3, is_answered=True, speaker_id=4, said="Hm?"),
        ("accept", 1, 8, 3, ("is_answered", True), ("speaker_id", 4), ("said", "Hm?")),
    ),
    (lambda journal: journal.is_held(), ("is_held_elsewhere", 1)),
    (lambda journal: journal.release(), ("release", 1)),
    (lambda journal: journal.end(), ("end", 1)),
]


@pytest.mark.parametrize(("write", "told"), WRITES)
async def test_what_happens_is_told_of_this_call(
    write: Callable[[CallJournal], Awaitable[object]], told: tuple[object, ...]
) -> None:
    store = FakeStore()
    async with journal_in(store) as journal:
        await write(journal)
        assert store.told == [told]


@pytest.mark.parametrize(("write", "told"), WRITES)
@pytest.mark.parametrize("trouble", ["down", "hangs"])
def test_a_store_in_trouble_costs_the_call_a_second_and_is_told_when_it_is_back(
    write: Callable[[CallJournal], Awaitable[object]], told: tuple[object, ...], trouble: str
) -> None:
    async def main() -> None:
        store, time = FakeStore(), asyncio.get_running_loop().time
        store.trouble = trouble
        async with journal_in(store) as journal:
            await write(journal)
            longest = 3.0 if told[0] == "release" else 1.0
            assert time() <= longest
            for number in range(10):
                await journal.update_question(number, heard=1)
            assert time() <= longest, "nobody waits for what comes behind"
            assert store.told == []
            store.trouble = ""
            await asyncio.sleep(10)
            assert store.told == [told, *(("update_question", 1, number, ("heard", 1)) for number in range(10))]
            await journal.update_question(10, heard=1)
            assert store.told[-1] == ("update_question", 1, 10, ("heard", 1))

    run_in_virtual_time(main())


async def test_a_message_is_ours_when_the_store_says_so() -> None:
    store = FakeStore()
    async with journal_in(store) as journal:
        assert await journal.accept(8, 3)
        store.is_accepted = False
        assert not await journal.accept(8, 3)


async def test_a_call_is_held_unless_the_store_says_that_another_process_has_it() -> None:
    store = FakeStore()
    async with journal_in(store) as journal:
        assert not await journal.is_held()
        store.is_accepted = False
        assert await journal.is_held()
    async with journal_in(store, is_stored=False) as journal:
        store.is_accepted = True
        assert await journal.is_held(), "it has not begun"


@pytest.mark.parametrize("trouble", ["down", "hangs"])
def test_a_call_is_held_where_nobody_can_say_whose_it_is(trouble: str) -> None:
    async def main() -> None:
        store = FakeStore()
        store.trouble = trouble
        async with journal_in(store) as journal:
            assert await journal.is_held()

    run_in_virtual_time(main())


@pytest.mark.parametrize("trouble", ["down", "hangs"])
def test_a_message_is_ours_when_nobody_can_say_whose_it_is_and_the_call_is_not_released(trouble: str) -> None:
    async def main() -> None:
        store = FakeStore()
        store.trouble, store.is_accepted = trouble, False
        async with journal_in(store) as journal:
            assert await journal.accept(8, 3)
            assert not await journal.release()

    run_in_virtual_time(main())


async def test_a_call_that_began_is_kept_and_can_be_released() -> None:
    store = FakeStore()
    async with journal_in(store, is_stored=False) as journal:
        assert await journal.accept(8, 3), "nothing is asked before the call has begun"
        await journal.begin(CALL)
        await journal.update_call(voice_id=5)
        assert await journal.release()
    assert store.told == [("begin", CALL), ("update_call", 1, ("voice_id", 5)), ("release", 1)]


@pytest.mark.parametrize("trouble", ["down", "hangs"])
def test_a_call_that_begins_without_the_store_is_written_down_from_its_beginning(trouble: str) -> None:
    async def main() -> None:
        store = FakeStore()
        store.trouble = trouble
        async with journal_in(store, is_stored=False) as journal:
            await journal.begin(CALL)
            await journal.update_call(voice_id=5)
            await journal.end()
            store.trouble = ""
            await CallJournals(journal._store, journal._writes).of(CALL.guild_id).begin(CALL)
            await asyncio.sleep(10)
        assert [name for name, *_ in store.told] == ["begin", "update_call", "end", "begin"]

    run_in_virtual_time(main())


def test_who_waits_for_the_store_can_be_cancelled() -> None:
    async def main() -> None:
        store = FakeStore()
        store.trouble = "hangs"
        async with journal_in(store) as journal:
            writing = asyncio.ensure_future(cast(Any, journal.update_call(voice_id=5)))
            await asyncio.sleep(0.5)
            writing.cancel()
            with pytest.raises(asyncio.CancelledError):
                await writing

    run_in_virtual_time(main())
