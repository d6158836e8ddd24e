import asyncio
import logging

import pytest

from assistant.domain.errors import StorageUnavailable
from assistant.storage.write_behind import WriteBehind
from tests.support.virtual_time import run_in_virtual_time

GUILD, OTHER = 1, 2


class Store:
    """Takes writes, or none."""

    def __init__(self) -> None:
        self.is_down = True
        self.taken: list[int] = []

    async def take(self, number: int) -> None:
        if self.is_down:
            raise StorageUnavailable(address="sqlite", detail="locked")
        self.taken.append(number)


async def write(writes: WriteBehind, store: Store, number: int, guild_id: int = GUILD, *, keep: bool = False) -> None:
    await writes.write(guild_id, lambda: store.take(number), otherwise=None, may_be_dropped=not keep)


def test_what_waits_is_bounded_the_oldest_goes_first_and_that_is_told_once(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)

    async def main() -> None:
        store = Store()
        async with WriteBehind() as writes:
            for number in range(1500):
                await write(writes, store, number, keep=number < 2)
            store.is_down = False
            await asyncio.sleep(10)
        assert store.taken == [0, 1, *range(502, 1500)]

    run_in_virtual_time(main())
    assert [record.levelname for record in caplog.records] == ["WARNING", "ERROR", "INFO"]


def test_a_mistake_is_raised_and_what_comes_after_it_is_written() -> None:
    async def fail() -> None:
        raise ZeroDivisionError

    async def main() -> None:
        store = Store()
        store.is_down = False
        async with WriteBehind() as writes:
            with pytest.raises(ZeroDivisionError):
                await writes.write(GUILD, fail, otherwise=None)
            await write(writes, store, 1)
        assert store.taken == [1]

    run_in_virtual_time(main())


def test_one_guild_does_not_wait_for_another() -> None:
    async def main() -> None:
        down, well = Store(), Store()
        well.is_down = False
        async with WriteBehind() as writes:
            await write(writes, down, 1)
            await write(writes, well, 2, OTHER)
            assert well.taken == [2]

    run_in_virtual_time(main())


def test_the_end_waits_a_moment_and_tells_what_is_not_written(caplog: pytest.LogCaptureFixture) -> None:
    async def main() -> None:
        store = Store()
        async with WriteBehind() as writes:
            for number in range(3):
                await write(writes, store, number)
        assert asyncio.get_running_loop().time() < 3
        assert asyncio.all_tasks() == {asyncio.current_task()}

    run_in_virtual_time(main())
    assert "3 change(s) were not written down" in caplog.text
