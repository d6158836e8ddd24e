"""A timeout that counts only while the event loop runs."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from assistant.util.timeouts import LenientTimeout
from tests.support.virtual_time import VirtualTimeLoop, run_in_virtual_time


async def seconds_until_it_expires(seconds: float, held: Callable[[VirtualTimeLoop], Awaitable[None]]) -> float:
    """How long a body is waited for that never ends, while something holds up the loop."""
    loop = asyncio.get_running_loop()
    assert isinstance(loop, VirtualTimeLoop)
    begun = loop.time()
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(held(loop))  # type: ignore[arg-type]
        with pytest.raises(TimeoutError):
            async with LenientTimeout(seconds):
                await asyncio.Event().wait()
        return loop.time() - begun


async def nobody(_: VirtualTimeLoop) -> None:
    return


@pytest.mark.parametrize("seconds", [0.0, 0.1, 0.25, 0.3, 3.0, 6.7])
def test_without_a_hold_it_expires_at_its_time(seconds: float) -> None:
    assert run_in_virtual_time(seconds_until_it_expires(seconds, nobody)) == pytest.approx(seconds)


@pytest.mark.parametrize("at", [0.0, 0.1, 2.9, 2.99])
def test_what_the_loop_was_held_for_does_not_count(at: float) -> None:
    async def held(loop: VirtualTimeLoop) -> None:
        await asyncio.sleep(at)
        loop.hold(8.0)

    assert 11.0 <= run_in_virtual_time(seconds_until_it_expires(3.0, held)) <= 11.25


def test_a_loop_that_is_held_again_and_again_is_waited_for_as_long() -> None:
    async def held(loop: VirtualTimeLoop) -> None:
        for _ in range(10):
            await asyncio.sleep(0.2)
            loop.hold(1.0)

    assert 13.0 <= run_in_virtual_time(seconds_until_it_expires(3.0, held)) <= 13.0 + 10 * 0.25


def test_what_came_while_the_loop_was_held_is_read() -> None:
    async def main() -> str:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, VirtualTimeLoop)
        answer: asyncio.Future[str] = loop.create_future()
        loop.call_later(1.0, loop.hold, 8.0)
        loop.call_later(1.1, lambda: loop.call_soon(loop.call_soon, answer.set_result, "here"))
        async with LenientTimeout(3.0):
            return await answer

    assert run_in_virtual_time(main()) == "here"


def test_a_body_that_ends_leaves_nothing_behind() -> None:
    async def main() -> None:
        async with LenientTimeout(1.0):
            await asyncio.sleep(0.9)
        await asyncio.sleep(5.0)

    run_in_virtual_time(main())


def test_a_cancellation_from_outside_stays_one() -> None:
    async def main() -> None:
        async with LenientTimeout(1.0):
            await asyncio.Event().wait()

    async def cancelled() -> None:
        task = asyncio.create_task(main())
        await asyncio.sleep(0.5)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    run_in_virtual_time(cancelled())
