"""The assistant as it ships, with a view into its process.

On SIGUSR1 it prints a line, "inside " and a JSON object: how late the event loop was since the last such line, and
how many tasks there are.
"""

import asyncio
import json
import os
import signal
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Final

sys.path.insert(0, str(Path(__file__).parents[2]))

from assistant.config.settings import load_settings
from assistant.runtime.bot import run
from assistant.runtime.interpreter import prepare_interpreter
from assistant.telemetry.logs import logging_to_stderr
from assistant.telemetry.loop_lag import LoopLag

_WINDOW_SECONDS: Final = 120.0


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
        async with LoopLag(_WINDOW_SECONDS) as lag:
            await requested.wait()
            requested.clear()
            report = asdict(lag.snapshot()) | {"tasks": len(asyncio.all_tasks())}
        print(f"inside {json.dumps(report)}", flush=True)


if __name__ == "__main__":
    prepare_interpreter()
    with logging_to_stderr("INFO", ()):
        asyncio.run(_main())
