"""The assistant with a plug-in that goes wrong, on SIGUSR1 and as STUCK says, and never lets go.

"thread": a thread of asyncio's and one of a pool, neither of which ends. "loop": the event loop itself.
"""

import asyncio
import os
import signal
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from assistant.config.settings import load_settings
from assistant.runtime.runner import run_until_stopped
from assistant.runtime.stop_signals import end_at_sigterm
from assistant.telemetry.logs import logging_to_stderr

_FOR_EVER = 600.0


def a_call_without_an_end() -> None:
    end = time.monotonic() + _FOR_EVER
    while time.monotonic() < end:
        time.sleep(0.1)


async def main() -> int:
    loop, pool = asyncio.get_running_loop(), ThreadPoolExecutor(1, thread_name_prefix="plug-in")

    def go_wrong() -> None:
        if os.environ["STUCK"] == "loop":
            a_call_without_an_end()
        loop.run_in_executor(None, a_call_without_an_end)
        loop.run_in_executor(pool, a_call_without_an_end)

    loop.add_signal_handler(signal.SIGUSR1, go_wrong)
    return await run_until_stopped(load_settings(os.environ))


if __name__ == "__main__":
    end_at_sigterm(0)
    sys.path.insert(0, str(Path(__file__).parents[2]))
    with logging_to_stderr("INFO", []):
        exit_code = asyncio.run(main())
    sys.exit(exit_code)
