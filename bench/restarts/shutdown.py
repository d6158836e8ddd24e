"""Ending a process, and waiting until its calls are quiet afterwards."""

import asyncio
import os
import signal
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from bench.common.guild_crowd import Place
from bench.restarts.restart_test_bed import RestartTestBed
from sandbox.tools.bot_process import BotProcess

_ANSWER_SECONDS: Final = 60.0
"""How long after one answer the next one may come; a long one takes 8 s."""
_QUIET_SECONDS: Final = 2.5
"""Longer than any pause of a voice that goes on, and long enough for a late second answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shutdown:
    """How a process ended."""

    exit_code: int
    """Its exit status; -9 when it was killed."""
    exit_seconds: float
    """How long it took to end."""
    panels_restarting: int = 0
    """How many panels said at its end that the bot is restarting."""


async def stop_process(bot: BotProcess, how: signal.Signals) -> Shutdown:
    """End a process by SIGTERM or SIGKILL."""
    start = time.monotonic()
    if how is signal.SIGTERM:
        exit_code = await bot.stop()
    else:
        os.kill(bot.process_id, how)
        exit_code = await bot.wait()
    return Shutdown(exit_code=exit_code, exit_seconds=time.monotonic() - start)


async def settle(bed: RestartTestBed, places: Sequence[Place]) -> None:
    """Wait until everything is answered and spoken, or nothing more is to come."""
    await bed.wait_for_answers(_ANSWER_SECONDS)
    with suppress(TimeoutError):  # a call that was lost before anything was said in it never falls quiet
        await asyncio.gather(*(place.lounge.call.wait_until_quiet(_QUIET_SECONDS, _ANSWER_SECONDS) for place in places))
