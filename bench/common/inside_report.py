"""What the instrumented bot reports about itself, and how it is asked."""

import asyncio
import json
import os
import signal
import time
from dataclasses import dataclass
from typing import Final

from sandbox.tools.bot_process import BotProcess

_MARK: Final = "inside "
"""What a report's line in the bot's log begins with; a JSON object follows."""
_REPORT_SECONDS: Final = 120.0
_LOOK_SECONDS: Final = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class InsideReport:
    """How the bot's event loop was doing since it was last asked."""

    p99: float
    """How late its timers fired, in seconds: the 99th percentile."""
    max: float
    """The same, the latest timer."""
    count: int
    """How many timers fired."""
    held: float
    """The latest timer without the time in which the loop could run and the machine had no CPU for it, in seconds."""
    tasks: int
    """How many asyncio tasks there are now."""
    imported: list[str]
    """The modules that were imported since then."""


async def ask_inside(bot: BotProcess) -> InsideReport:
    """Ask the instrumented bot for a report, which starts the next period.

    Raises:
        TimeoutError: it does not answer; the message has the end of its log.
    """
    known = bot.log.count(_MARK)
    os.kill(bot.process_id, signal.SIGUSR1)
    give_up = time.monotonic() + _REPORT_SECONDS
    while (log := bot.log).count(_MARK) == known or not log.rpartition(_MARK)[2].partition("\n")[1]:
        if time.monotonic() > give_up:
            raise TimeoutError(f"the bot reports nothing: {log[-2000:]}")
        await asyncio.sleep(_LOOK_SECONDS)
    return InsideReport(**json.loads(log.rpartition(_MARK)[2].partition("\n")[0]))
