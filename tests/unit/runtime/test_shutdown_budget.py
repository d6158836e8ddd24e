"""All parts of a shutdown share one time."""

import asyncio
from types import TracebackType

import pytest

from assistant.runtime.shutdown_budget import ORDERLY_SECONDS, BoundedExit, ShutdownBudget
from tests.support.virtual_time import run_in_virtual_time


class Slow:
    """Its exit takes so many seconds."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.is_over = False

    async def __aenter__(self) -> "Slow":
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await asyncio.sleep(self.seconds)
        self.is_over = True


def test_a_part_that_takes_long_is_given_up_and_named(caplog: pytest.LogCaptureFixture) -> None:
    async def main() -> None:
        async with BoundedExit(Slow(60.0), "the database", ShutdownBudget(), 2.0):
            pass
        assert asyncio.get_running_loop().time() == pytest.approx(2.0)

    run_in_virtual_time(main())
    assert "the database hangs" in caplog.text


def test_a_part_that_is_in_time_is_left_alone(caplog: pytest.LogCaptureFixture) -> None:
    async def main() -> None:
        async with BoundedExit(Slow(1.0), "the database", ShutdownBudget(), 2.0) as slow:
            pass
        assert slow.is_over

    run_in_virtual_time(main())
    assert not caplog.text


def test_however_many_parts_hang_they_take_no_longer_than_all_may() -> None:
    async def main() -> None:
        budget = ShutdownBudget()
        await asyncio.sleep(100.0)
        budget.begin()
        for number in range(40):
            if number == 3:
                budget.begin()  # what begins it again does not lengthen it
            async with BoundedExit(Slow(60.0), f"part {number}", budget, 2.0):
                pass
        assert asyncio.get_running_loop().time() == pytest.approx(100.0 + ORDERLY_SECONDS)

    run_in_virtual_time(main())


def test_an_error_of_what_was_inside_goes_on() -> None:
    async def main() -> None:
        with pytest.raises(ValueError, match="ours"):
            async with BoundedExit(Slow(60.0), "the database", ShutdownBudget(), 2.0):
                raise ValueError("ours")

    run_in_virtual_time(main())
