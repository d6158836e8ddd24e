import asyncio

from assistant.runtime.memory_trim import malloc_trim, memory_trimmed
from tests.support.eventually import eventually


async def test_memory_is_given_back_while_that_is_wanted() -> None:
    trimmed: list[bool] = []
    has_calls = False

    async def sleep(seconds: float) -> None:
        assert seconds > 1
        await asyncio.sleep(0)

    async with memory_trimmed(lambda: has_calls, trim=lambda: trimmed.append(True), sleep=sleep):
        await asyncio.sleep(0.05)
        assert not trimmed
        has_calls = True
        await eventually(lambda: len(trimmed) > 2)
        has_calls = False
        await asyncio.sleep(0.05)
        count = len(trimmed)
        await asyncio.sleep(0.05)
        assert len(trimmed) == count


def test_it_works_wherever_this_runs() -> None:
    malloc_trim()
