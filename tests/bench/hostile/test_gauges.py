"""What is measured is seen."""

import asyncio
import subprocess
import sys
import time

import pytest

from bench.hostile.peak_memory import forget_peak, peak_bytes
from bench.subjects.instrumented_bot import measure_holds

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="/proc is Linux's")

_PROGRAM = """
import sys
sys.stdin.readline()
block = b"x" * 100_000_000
del block
print(flush=True)
sys.stdin.readline()
"""


def test_memory_that_was_taken_for_a_moment_is_in_the_peak_until_that_is_forgotten() -> None:
    with subprocess.Popen([sys.executable, "-c", _PROGRAM], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        before = peak_bytes(process.pid)
        process.stdin.write(b"\n")
        process.stdin.flush()
        process.stdout.readline()
        assert peak_bytes(process.pid) > before + 90_000_000
        forget_peak(process.pid)
        assert peak_bytes(process.pid) < before + 50_000_000
        process.stdin.close()


async def test_a_hold_of_the_loop_is_measured() -> None:
    longest: list[float] = []
    measuring = asyncio.create_task(measure_holds(longest))
    await asyncio.sleep(0.05)
    time.sleep(0.2)  # noqa: ASYNC251 - that is what is measured
    await asyncio.sleep(0.05)
    measuring.cancel()
    assert max(longest) > 0.15
