"""The pause before an IDENTIFY, and handlers that fail."""

import asyncio
import logging

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.pycord.bots import CallBot, IdentifyPace, ShardedCallBot


class Clock:
    """Time that passes only where somebody sleeps, and in between as a test wants."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.slept: list[float] = []

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


def paced(clock: Clock, drawn: float = 2.5) -> IdentifyPace:
    return IdentifyPace(now=lambda: clock.now, sleep=clock.sleep, between=lambda _, __: drawn)


async def test_the_first_identify_of_a_process_waits_for_nothing() -> None:
    clock = Clock()
    await paced(clock).wait(is_first=True)
    assert clock.slept == [0.0]


async def test_after_a_session_of_some_time_the_pause_is_the_drawn_one() -> None:
    clock = Clock()
    pace = paced(clock)
    await pace.wait(is_first=True)
    clock.now += 60.0
    await pace.wait(is_first=False)
    assert clock.slept == [0.0, 2.5]


async def test_the_shards_of_a_start_and_a_session_lost_at_once_are_five_seconds_apart() -> None:
    clock = Clock()
    pace = paced(clock)
    await pace.wait(is_first=True)
    await pace.wait(is_first=False)
    clock.now += 1.0
    await pace.wait(is_first=False)
    assert clock.slept == [0.0, 5.0, 4.0]


@given(st.lists(st.floats(0.0, 100.0), max_size=10))
async def test_each_pause_is_as_long_as_discord_asks_and_no_longer_than_five_seconds(lasting: list[float]) -> None:
    clock = Clock()
    pace = IdentifyPace(now=lambda: clock.now, sleep=clock.sleep)
    await pace.wait(is_first=True)
    before = clock.now
    for seconds in lasting:
        clock.now += seconds
        await pace.wait(is_first=False)
        assert 1.0 <= clock.slept[-1] <= 5.0 + 1e-9
        assert clock.now - before >= 5.0 - 1e-9
        before = clock.now


@pytest.mark.parametrize("kind", [CallBot, ShardedCallBot])
async def test_a_handler_that_fails_is_one_record_and_one_that_ends_with_the_bot_none_that_matters(
    kind: type[CallBot | ShardedCallBot], caplog: pytest.LogCaptureFixture
) -> None:
    bot = kind()

    async def on_event() -> None:
        raise RuntimeError("Session is closed")

    bot.add_listener(on_event)

    async def records() -> list[logging.LogRecord]:
        caplog.clear()
        bot.dispatch("event")
        await asyncio.sleep(0.01)
        return [record for record in caplog.records if record.levelno >= logging.WARNING]

    (record,) = await records()
    assert record.getMessage() == "The handler on_event failed"
    assert record.exc_info
    await bot.close()
    assert await records() == []
