"""All checks together: one that takes too long or raises is reported, and hides no other."""

import asyncio
import time
from collections.abc import Sequence

from assistant.doctor.checkup import Check, run_check
from assistant.doctor.finding import Finding, Verdict, ok


async def test_a_check_in_time_gives_what_it_found() -> None:
    async def run() -> Sequence[Finding]:
        return [ok("one", "is there"), ok("two", "is there")]

    assert [each.name for each in await run_check(Check("both", run), 5.0)] == ["one", "two"]


async def test_a_check_that_takes_too_long_fails_after_its_time() -> None:
    async def run() -> Sequence[Finding]:
        await asyncio.sleep(60)
        return []

    begun = time.monotonic()
    (finding,) = await run_check(Check("slow", run), 0.1)
    assert time.monotonic() - begun < 5
    assert finding.verdict is Verdict.FAILED
    assert "0.1 s" in finding.detail


async def test_a_check_that_breaks_fails_and_says_by_what() -> None:
    async def run() -> Sequence[Finding]:
        raise ZeroDivisionError("of our own making")

    (finding,) = await run_check(Check("broken", run), 5.0)
    assert finding.verdict is Verdict.FAILED
    assert "ZeroDivisionError: of our own making" in finding.detail
