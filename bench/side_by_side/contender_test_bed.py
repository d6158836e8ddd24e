"""Where a bot is tried: Discord, and a model and speech services that answer at their usual pace."""

import asyncio
import os
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bench.common.conversation import Pace
from bench.common.environment import environment_of
from bench.common.frame_pacing import Stretch
from bench.common.guild_crowd import GuildCrowd, Place
from bench.common.process_usage import ProcessUsage, usage_of, usage_with_children
from bench.scale.turns import Turn
from bench.side_by_side.contender import Contender
from bench.side_by_side.rival_environment import RivalProcess
from bench.side_by_side.same_services import USUAL_PACE, Encoded, SameServices, open_services
from bench.subjects.benched_bot import BenchedBot
from sandbox import Sandbox
from sandbox.launch.bot_environment import bot_environment
from sandbox.tools.bot_process import BotProcess
from sandbox.voice import HeaderLog, Listening

_WAIT_SECONDS: Final = 120.0
_QUIET_SECONDS: Final = 1.2
"""After so much silence an answer is over. Between two sentences there is less."""
_LOOK_SECONDS: Final = 0.1
_LOG_CHARACTERS: Final = 3000


@dataclass(frozen=True, kw_only=True)
class ContenderTestBed(SameServices):
    """A bot, and everything that takes part."""

    discord: Sandbox
    """Discord."""
    crowd: GuildCrowd
    """The servers."""
    bot: BotProcess
    """The bot."""

    @property
    def usage(self) -> ProcessUsage:
        """What the bot uses now, with the processes that it has started."""
        return usage_with_children(self.bot.process_id)

    @property
    def own_usage(self) -> ProcessUsage:
        """What this process uses now: Discord and the services."""
        return usage_of(os.getpid())


@asynccontextmanager
async def open_contender_test_bed(
    contender: Contender,
    folder: Path,
    answer: Callable[[int], str],
    encoded: Encoded,
    *,
    pace: Pace = USUAL_PACE,
    listening: Listening = Listening.HEADERS,
) -> AsyncIterator[ContenderTestBed]:
    """Open a test bed for a bot that speaks on Discord; its log and temporary files are in `folder`.

    Args:
        contender: which bot it is.
        folder: where it writes.
        answer: what the model replies to its n-th request, counted from 0.
        encoded: the voice.
        pace: how fast the services are.
        listening: how closely Discord listens.

    Raises:
        TimeoutError: the bot does not become ready; its log is in a note.
    """
    async with (
        Sandbox(bot_name="Molly", listening=listening, rate_limits=False) as discord,
        open_services(answer, encoded, pace) as services,
        _process_of(contender, discord, services, folder) as bot,
    ):
        try:
            await discord.wait_until_ready(_WAIT_SECONDS)
            yield ContenderTestBed(
                model=services.model,
                google=services.google,
                hosted=services.hosted,
                discord=discord,
                crowd=GuildCrowd(discord),
                bot=bot,
            )
        except (TimeoutError, ExceptionGroup) as error:
            error.add_note(bot.log[-_LOG_CHARACTERS:])
            raise


def _process_of(contender: Contender, discord: Sandbox, services: SameServices, folder: Path) -> BotProcess:
    if contender.is_ours:
        bot = BenchedBot.ASSISTANT if contender is Contender.ASSISTANT else BenchedBot.REFERENCE
        environment = environment_of(discord, services.model, services.google, folder)
        environment |= {"BENCHED_BOT": bot, "BLOCK_SECONDS": "0"}
        return BotProcess(contender.program, environment, folder / "bot.log")
    environment = bot_environment(discord) | services.rival_variables | {"TMPDIR": str(folder)}
    return RivalProcess(contender.program, environment, folder / "bot.log")


async def hear_answer(log: HeaderLog, known: int) -> Stretch:
    """The answer behind the first `known` packets of a call, when it is over.

    Raises:
        TimeoutError: there is none, or it does not end.
    """
    last = None
    async with asyncio.timeout(_WAIT_SECONDS):
        seen = known
        while last is None or time.monotonic() < last + _QUIET_SECONDS:
            await asyncio.sleep(_LOOK_SECONDS)
            spoken = [place for place in range(seen, len(log)) if not log.is_silence(place)]
            seen = len(log)
            last = log.arrivals[spoken[-1]] if spoken else last
    return Stretch.of(log, known)


async def take_turn(place: Place) -> Turn:
    """Type a message; return when its answer was heard to the end.

    Raises:
        TimeoutError: it was not.
    """
    log = place.lounge.call.headers
    known, typed = len(log), time.monotonic()
    await place.ada.type("talk", place.text)
    answer = await hear_answer(log, known)
    return Turn(answer.arrivals[0] - typed, answer)
