import asyncio
import time
from collections.abc import Callable

import pytest

from assistant.telemetry.loop_lag import LagSnapshot, LoopLag


async def until(holds: Callable[[], bool]) -> None:
    """Wait until something holds of a measurement that goes on by itself."""
    async with asyncio.timeout(20):
        while not holds():  # noqa: ASYNC110 - nothing signals that a timer has fired
            await asyncio.sleep(0.005)


async def until_fired(lag: LoopLag, count: int) -> LagSnapshot:
    """The snapshot once at least so many timers have fired."""
    await until(lambda: lag.snapshot().count >= count)
    return lag.snapshot()


async def test_before_the_first_timer_there_is_no_lag() -> None:
    async with LoopLag() as lag:
        assert lag.snapshot() == LagSnapshot(0.0, 0.0, 0)


async def test_a_block_shows_in_the_maximum() -> None:
    async with LoopLag() as lag:
        await until_fired(lag, 3)
        time.sleep(0.3)  # noqa: ASYNC251 - blocking the loop is what is measured
        snapshot = await until_fired(lag, 5)
        assert lag.blocks_over(0.25) == 1
        assert lag.blocks_over(20.0) == 0
    assert snapshot.max >= 0.25
    assert snapshot.p99 <= snapshot.max


async def test_what_is_older_than_the_window_is_forgotten() -> None:
    async with LoopLag(window=0.2) as lag:
        await until_fired(lag, 1)
        time.sleep(0.5)  # noqa: ASYNC251 - blocking the loop is what is measured
        await until(lambda: lag.snapshot().max >= 0.4)
        await until(lambda: lag.snapshot().max < 0.4)
        assert lag.snapshot().count <= 0.2 / 0.01 + 1


async def test_its_task_ends_with_it() -> None:
    before = asyncio.all_tasks()
    with pytest.raises(RuntimeError, match="inside"):
        async with LoopLag():
            assert len(asyncio.all_tasks()) == len(before) + 1
            raise RuntimeError("inside")
    assert asyncio.all_tasks() == before


@pytest.mark.alone
async def test_measuring_costs_next_to_nothing() -> None:
    begun, cpu = time.perf_counter(), time.thread_time()
    async with LoopLag() as lag:
        await until_fired(lag, 50)
    assert time.thread_time() - cpu < 0.1 * (time.perf_counter() - begun)
