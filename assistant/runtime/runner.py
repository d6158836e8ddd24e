"""Runs the bot until a signal or an error ends it."""

import asyncio
import signal

from assistant.config.settings import Settings
from assistant.runtime.bot import run
from assistant.runtime.exit_codes import STOPPED
from assistant.runtime.failures import report_failure


async def run_until_stopped(settings: Settings) -> int:
    """Run the bot until a signal or an error ends it. Return the exit code."""
    stop = asyncio.Event()
    _stop_on_signals(stop)
    exit_code = STOPPED
    try:
        await run(settings, stop)
    except* Exception as errors:  # noqa: BLE001 - logged, and the program ends
        exit_code = report_failure(errors)
    return exit_code


def _stop_on_signals(stop: asyncio.Event) -> None:
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        try:
            loop.add_signal_handler(number, stop.set)
        except NotImplementedError:  # on Windows, the loop has no signal handlers
            signal.signal(number, lambda *_: loop.call_soon_threadsafe(stop.set))
