"""A cancellation of ours arrives, whatever a library does with it."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from assistant.util.cancellation import heeding_cancellation
from tests.support.virtual_time import run_in_virtual_time

PASSES = range(6)


async def passes(count: int) -> None:
    """Let the event loop go round so many times."""
    for _ in range(count):
        await asyncio.sleep(0)


@pytest.mark.parametrize("answered_after", PASSES)
@pytest.mark.parametrize("cancelled_after", PASSES)
async def test_a_cancellation_that_comes_with_the_answer_is_not_lost(answered_after: int, cancelled_after: int) -> None:
    async def library() -> str:
        return await asyncio.wait_for(passes_then("an answer"), 30)

    async def passes_then(answer: str) -> str:
        await passes(answered_after)
        return answer

    async def wait_for_ever() -> None:
        assert await heeding_cancellation(library()) == "an answer"
        await asyncio.Event().wait()

    waiting = asyncio.ensure_future(wait_for_ever())
    await passes(cancelled_after)
    waiting.cancel()
    await asyncio.wait({waiting}, timeout=1)
    assert waiting.cancelled()
    assert len(asyncio.all_tasks()) == 1


class Library:
    """What libraries do when they are cancelled."""

    def __init__(self) -> None:
        self.has_cleaned_up = False

    async def ignore_three(self) -> None:
        for _ in range(3):
            try:
                await asyncio.sleep(1000)
            except asyncio.CancelledError:
                continue
        await asyncio.sleep(1000)

    async def take_it_for_the_end(self) -> None:
        try:
            await asyncio.sleep(1000)
        except asyncio.CancelledError:
            return

    async def fail(self) -> None:
        try:
            await asyncio.sleep(1000)
        except asyncio.CancelledError as cancelled:
            raise OSError from cancelled

    async def clean_up(self) -> None:
        try:
            await asyncio.sleep(1000)
        finally:
            await asyncio.sleep(0.05)
            self.has_cleaned_up = True


@pytest.mark.parametrize("work", [Library.ignore_three, Library.take_it_for_the_end, Library.fail, Library.clean_up])
def test_what_is_cancelled_is_over_whatever_it_does_then(
    work: Callable[[Library], Coroutine[Any, Any, None]],
) -> None:
    async def main() -> None:
        library = Library()
        waiting = asyncio.ensure_future(heeding_cancellation(work(library)))
        await asyncio.sleep(1)
        waiting.cancel()
        await asyncio.wait({waiting}, timeout=10)
        assert waiting.cancelled()
        assert library.has_cleaned_up is (work is Library.clean_up)
        assert len(asyncio.all_tasks()) == 1

    run_in_virtual_time(main())


async def test_results_and_errors_come_through() -> None:
    async def answer() -> int:
        await asyncio.sleep(0)
        return 4

    async def fail() -> None:
        raise TimeoutError

    assert await heeding_cancellation(answer()) == 4
    with pytest.raises(TimeoutError):
        await heeding_cancellation(fail())
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.01):
            await heeding_cancellation(asyncio.sleep(1000))
