"""How a process ends, and how its calls come to rest afterwards."""

import asyncio
import os
import signal
import time
from collections.abc import Sequence
from contextlib import suppress
from typing import Final

from bench.common.guild_crowd import Place
from bench.restarts.restart_test_bed import RestartStage
from bench.restarts.scoring import Stopped
from sandbox.tools.bot_process import BotProcess

_ANSWER_SECONDS: Final = 60.0
_QUIET_SECONDS: Final = 2.5
"""Longer than any pause of a voice that goes on, and long enough for a late second answer to come."""


async def end(bot: BotProcess, how: signal.Signals) -> Stopped:
    """End a process by SIGTERM or SIGKILL."""
    start = time.monotonic()
    if how is signal.SIGTERM:
        exit_code = await bot.stop()
    else:
        os.kill(bot.process_id, how)
        exit_code = await bot.wait()
    return Stopped(exit_code=exit_code, exit_seconds=time.monotonic() - start)


async def settle(stage: RestartStage, places: Sequence[Place]) -> None:
    """Wait until all is answered and said, or nothing more is to be expected."""
    await stage.wait_for_answers(_ANSWER_SECONDS)
    with suppress(TimeoutError):  # in a call that was lost before anything was said in it
        await asyncio.gather(*(place.lounge.call.wait_until_quiet(_QUIET_SECONDS, _ANSWER_SECONDS) for place in places))
