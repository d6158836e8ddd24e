"""Where many calls are made to the assistant: Discord, a model and Google's speech at their usual pace."""

import asyncio
import itertools
import json
import os
import signal
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from bench.common.environment import environment_of
from bench.common.guild_crowd import Crowd, Place
from bench.common.process_usage import ProcessUsage, usage_of, usage_with_children
from bench.common.workload import CHARACTERS_A_SECOND
from sandbox import Sandbox
from sandbox.standins.google import GoogleSpeech
from sandbox.standins.google.ready_made import ReadyMadeSpeech, babble
from sandbox.standins.language_model import LanguageModel
from sandbox.state.message import Message
from sandbox.tools.bot_process import BotProcess
from sandbox.voice import Listening

_ASSISTANT: Final = Path(__file__).with_name("instrumented_bot.py")
SEED: Final = Path(__file__).parents[1] / "subjects" / "bot_under_test.py"
"""The program that is the seed pipeline when BENCHED_BOT says so."""
_AT_ONCE: Final = 8
"""How many members call the bot at a time."""
_TIMING: Final = 120.0
_LONGEST_SECONDS: Final = 20.0
_LOOK_SECONDS: Final = 0.05
_MARK: Final = "inside "


@dataclass
class Script:
    """What the model answers."""

    is_fresh: bool = False
    """Whether no sentence is ever said twice; else every answer is the same."""
    is_short: bool = False
    """Whether an answer takes one second instead of ten."""
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    """Where fresh answers differ."""

    def answer(self) -> str:
        """Two sentences that take some ten seconds to say, or one that is short."""
        number = next(self.numbers) if self.is_fresh else 0
        if self.is_short:
            return f"It is {number}."
        return (
            f"In harbour {number}, the ships come home at dusk when the gulls fly back in. "
            f"By the time the moon is up, all of town {number} is calm and asleep."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Inside:
    """What the bot says of itself."""

    p99: float
    """Seconds that 99 of 100 timers of the event loop were late at most, since it was asked before."""
    max: float
    """Seconds of the latest."""
    count: int
    """How many timers that were."""
    tasks: int
    """How many asyncio tasks there are."""


@dataclass(frozen=True, eq=False)
class ScaleStage:
    """All that takes part."""

    discord: Sandbox
    """Discord, which listens to headers only."""
    crowd: Crowd
    """The servers."""
    script: Script
    """What the model says."""
    model: LanguageModel
    """The model."""
    google: GoogleSpeech
    """Google's speech."""
    bot: BotProcess
    """The assistant."""

    @property
    def usage(self) -> ProcessUsage:
        """What the bot takes now, with the processes that it has started."""
        return usage_with_children(self.bot.process_id)

    @property
    def own_usage(self) -> ProcessUsage:
        """What this process takes now: it is Discord, the model and Google."""
        return usage_of(os.getpid())

    async def have_calls(self, count: int) -> None:
        """Have that many calls, never fewer than before."""
        free = asyncio.Semaphore(_AT_ONCE)

        async def call(place: Place) -> None:
            async with free:
                await place.ada.command("voice_chat", place.text)
                await place.text.wait_for_message(_says_that_it_is_there, _TIMING)

        async with asyncio.TaskGroup() as calling:
            for place in await self.crowd.grow(count):
                calling.create_task(call(place))

    async def look_inside(self) -> Inside:
        """Ask the bot how it is; what it counts begins anew."""
        told = self.bot.log.count(_MARK)
        os.kill(self.bot.process_id, signal.SIGUSR1)
        give_up = time.monotonic() + _TIMING
        while (log := self.bot.log).count(_MARK) == told or not log.rpartition(_MARK)[2].partition("\n")[1]:
            if time.monotonic() > give_up:
                raise TimeoutError(f"the bot says nothing: {log[-2000:]}")
            await asyncio.sleep(_LOOK_SECONDS)
        return Inside(**json.loads(log.rpartition(_MARK)[2].partition("\n")[0]))


@asynccontextmanager
async def open_scale_stage(
    folder: Path,
    *,
    program: Path = _ASSISTANT,
    engine: str = "gtts",
    first_token: float = 0.3,
    tokens: float = 40.0,
    speech: float = 0.35,
) -> AsyncIterator[ScaleStage]:
    """A bot with one of its `TTS_ENGINE`s. Times in seconds, and `tokens` a second; the defaults are usual ones."""
    script = Script()
    voice = ReadyMadeSpeech(babble(_LONGEST_SECONDS), CHARACTERS_A_SECOND)
    async with (
        Sandbox(bot_name="Molly", listening=Listening.HEADERS) as discord,
        LanguageModel(lambda _: script.answer(), first_token_seconds=first_token, tokens_per_second=tokens) as model,
        GoogleSpeech(mp3=voice, delay=speech, seconds_per_character=0.004) as google,
    ):
        environment = environment_of(discord, model, google, folder) | {
            "TTS_ENGINE": engine,
            "TTS_CACHE_MEGABYTES": "64",
            "TTS_CACHE_FOLDER": str(folder / "cache"),
            "BENCHED_BOT": "seed",
            "BLOCK_SECONDS": "0",
        }
        async with BotProcess(program, environment, folder / "bot.log") as bot:
            await discord.wait_until_ready(_TIMING)
            yield ScaleStage(discord, Crowd(discord), script, model, google, bot)


def _says_that_it_is_there(message: Message) -> bool:
    return "** is in " in message.content or "I am in the call" in message.content
