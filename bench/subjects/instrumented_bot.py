"""The assistant as it ships, with a view into its process.

On SIGUSR1 it prints a line, "inside " and a JSON object: how late the event loop was since the last such line, how late
without what the machine adds to that, which modules were imported, and how many tasks there are.
"""

import asyncio
import json
import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Final

sys.path.insert(0, str(Path(__file__).parents[2]))

from assistant.config.settings import load_settings
from assistant.runtime import event_loop
from assistant.runtime.bot import run
from assistant.runtime.interpreter import prepare_interpreter
from assistant.telemetry.logs import logging_to_stderr
from assistant.telemetry.loop_lag import LoopLag

_WINDOW_SECONDS: Final = 120.0
_TICK_SECONDS: Final = 0.005
_LINE_BYTES: Final = 100


async def _main() -> None:
    loop = asyncio.get_running_loop()
    stop, requested = asyncio.Event(), asyncio.Event()
    loop.add_signal_handler(signal.SIGTERM, stop.set)
    loop.add_signal_handler(signal.SIGUSR1, requested.set)
    async with asyncio.TaskGroup() as tasks:
        reporting = tasks.create_task(_report(requested))
        await run(load_settings(os.environ), stop)
        reporting.cancel()


async def _report(requested: asyncio.Event) -> None:
    while True:
        known = set(sys.modules)
        longest: list[float] = []
        measuring = asyncio.create_task(measure_holds(longest))
        async with LoopLag(_WINDOW_SECONDS) as lag:
            await requested.wait()
            requested.clear()
            report = asdict(lag.snapshot()) | {"held": max(longest, default=0.0), "tasks": len(asyncio.all_tasks())}
            report["imported"] = sorted(set(sys.modules) - known)
        measuring.cancel()
        # In one piece, also where Python does not buffer: `print` writes the end of the line after a log line maybe.
        sys.stdout.write(f"inside {json.dumps(report)}\n")
        sys.stdout.flush()


async def measure_holds(longest: list[float]) -> None:
    """Note how late a timer was at most, without the time in which this thread could run and had no CPU."""
    with _scheduling() as scheduling:
        waited = _seconds_without_cpu(scheduling)
        while True:
            due = time.monotonic() + _TICK_SECONDS
            await asyncio.sleep(_TICK_SECONDS)
            late = time.monotonic() - due
            before, waited = waited, _seconds_without_cpu(scheduling)
            longest[:] = [max(late - (waited - before), *longest, 0.0)]


@contextmanager
def _scheduling() -> Iterator[int | None]:
    """What the kernel tells of this thread's scheduling, kept open: to open it each time took 1 % of a core.

    https://docs.kernel.org/scheduler/sched-stats.html; None where the system does not tell that.
    """
    try:
        told = os.open("/proc/thread-self/schedstat", os.O_RDONLY)
    except OSError:
        yield None
        return
    try:
        yield told
    finally:
        os.close(told)


def _seconds_without_cpu(scheduling: int | None) -> float:
    """How long this thread has waited for a CPU so far."""
    return 0.0 if scheduling is None else int(os.pread(scheduling, _LINE_BYTES, 0).split()[1]) / 1e9


if __name__ == "__main__":
    prepare_interpreter()
    with logging_to_stderr("INFO", ()):
        event_loop.run(_main())
