import asyncio
import time

import pytest

from assistant.telemetry.loop_watchdog import LoopWatchdog
from tests.support.eventually import eventually

pytestmark = pytest.mark.alone


def a_slow_disk() -> None:
    time.sleep(1.0)


async def test_what_blocks_the_loop_is_named_while_it_does_and_for_how_long(caplog: pytest.LogCaptureFixture) -> None:
    with LoopWatchdog(blocked_seconds=0.2):
        await asyncio.sleep(0.5)
        a_slow_disk()
        await eventually(lambda: "was blocked for" in caplog.text)
    assert "a_slow_disk" in caplog.text
    assert caplog.text.count("is blocked. It is stuck here") == 1


async def test_a_loop_that_runs_is_not_reported(caplog: pytest.LogCaptureFixture) -> None:
    with LoopWatchdog(blocked_seconds=0.5):
        for _ in range(20):
            await asyncio.sleep(0.05)
            sum(range(100_000))
    assert not caplog.records
