"""All checks together: what takes too long or breaks is told, and hides nothing."""

import asyncio
import time
from collections.abc import Sequence

from assistant.doctor.checkup import Check, find_in_time
from assistant.doctor.finding import Finding, Verdict, right


async def test_a_check_in_time_gives_what_it_found() -> None:
    async def find() -> Sequence[Finding]:
        return [right("one", "is there"), right("two", "is there")]

    assert [each.name for each in await find_in_time(Check("both", find), 5.0)] == ["one", "two"]


async def test_a_check_that_takes_too_long_is_wrong_after_its_time() -> None:
    async def find() -> Sequence[Finding]:
        await asyncio.sleep(60)
        return []

    begun = time.monotonic()
    (finding,) = await find_in_time(Check("slow", find), 0.1)
    assert time.monotonic() - begun < 5
    assert finding.verdict is Verdict.WRONG
    assert "0.1 s" in finding.detail


async def test_a_check_that_breaks_is_wrong_and_says_by_what() -> None:
    async def find() -> Sequence[Finding]:
        raise ZeroDivisionError("of our own making")

    (finding,) = await find_in_time(Check("broken", find), 5.0)
    assert finding.verdict is Verdict.WRONG
    assert "ZeroDivisionError: of our own making" in finding.detail
