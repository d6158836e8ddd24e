"""The assistant with a plug-in that blocks its event loop: on SIGUSR1, for the seconds in BLOCK_SECONDS."""

import asyncio
import os
import signal
import sys
import time
from pathlib import Path

from assistant.config.settings import load_settings
from assistant.runtime.bot import run
from assistant.telemetry.logs import logging_to_stderr


def a_badly_written_plug_in() -> None:
    time.sleep(float(os.environ["BLOCK_SECONDS"]))


async def main() -> None:
    loop, stop = asyncio.get_running_loop(), asyncio.Event()
    loop.add_signal_handler(signal.SIGTERM, stop.set)
    loop.add_signal_handler(signal.SIGUSR1, a_badly_written_plug_in)
    await run(load_settings(os.environ), stop)


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[2]))
    with logging_to_stderr("INFO", []):
        asyncio.run(main())
