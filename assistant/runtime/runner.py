"""Runs the bot until a signal or an error ends it."""

import asyncio
from typing import Final

from assistant.config.settings import Settings
from assistant.runtime.bot import run
from assistant.runtime.exit_codes import STOPPED
from assistant.runtime.failures import report_failure
from assistant.runtime.last_resort import LastResort
from assistant.runtime.stop_signals import call_at_signals

_SHUTDOWN_SECONDS: Final = 19.5
"""When the process ends after a signal, whatever hangs: hosts are told that it takes at most 20 s."""
_THREADS_SECONDS: Final = 2.0
"""How long threads may hold up the end of the process, once all is closed."""


async def run_until_stopped(settings: Settings) -> int:
    """Run the bot until a signal or an error ends it. Return the exit code; the process ends soon afterwards."""
    stop = asyncio.Event()
    last_resort = LastResort(asyncio.get_running_loop(), STOPPED)
    call_at_signals(stop.set, lambda: last_resort.limit(_SHUTDOWN_SECONDS))
    try:
        await run(settings, stop)
    except* Exception as errors:  # noqa: BLE001 - logged, and the program ends
        last_resort.exit_code = report_failure(errors)
    last_resort.limit(_THREADS_SECONDS)
    return last_resort.exit_code
