"""Where many calls are made to the assistant: Discord, a model and Google's speech at their usual pace."""

import itertools
import os
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Final

from bench.common.environment import environment_of
from bench.common.guild_crowd import GuildCrowd
from bench.common.inside_report import InsideReport, ask_inside
from bench.common.process_usage import ProcessUsage, usage_of, usage_with_children
from bench.common.workload import CHARACTERS_A_SECOND
from bench.subjects.benched_bot import BenchedBot
from sandbox import Sandbox
from sandbox.standins.google import GoogleSpeech
from sandbox.standins.google.ready_made import ReadyMadeSpeech, babble
from sandbox.standins.language_model import LanguageModel
from sandbox.tools.bot_process import BotProcess
from sandbox.voice import Listening

_PROGRAMS: Final = {
    BenchedBot.ASSISTANT: Path(__file__).parents[1] / "subjects" / "instrumented_bot.py",
    BenchedBot.REFERENCE: Path(__file__).parents[1] / "subjects" / "bot_under_test.py",
}
_ANSWER_SECONDS: Final = 120.0
_LONGEST_SECONDS: Final = 20.0


@dataclass
class Script:
    """What the model answers."""

    is_fresh: bool = False
    """Whether every sentence is new; otherwise every answer is the same."""
    is_short: bool = False
    """Whether an answer takes one second instead of ten."""
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    """What makes fresh answers differ."""

    def answer(self) -> str:
        """Two sentences that take about ten seconds to say, or a short one."""
        number = next(self.numbers) if self.is_fresh else 0
        if self.is_short:
            return f"It is {number}."
        return (
            f"In harbour {number}, the ships come home at dusk when the gulls fly back in. "
            f"By the time the moon is up, all of town {number} is calm and asleep."
        )


@dataclass(frozen=True, eq=False)
class ScaleTestBed:
    """Everything that takes part."""

    discord: Sandbox
    """Discord, which reads packet headers only."""
    crowd: GuildCrowd
    """The servers."""
    script: Script
    """What the model says."""
    model: LanguageModel
    """The model."""
    google: GoogleSpeech
    """Google's speech service."""
    bot: BotProcess
    """The bot under test."""

    @property
    def usage(self) -> ProcessUsage:
        """What the bot uses now, with the processes that it has started."""
        return usage_with_children(self.bot.process_id)

    @property
    def own_usage(self) -> ProcessUsage:
        """What this process uses now: Discord, the model and Google's speech."""
        return usage_of(os.getpid())

    async def look_inside(self) -> InsideReport:
        """Ask the assistant how it is doing; see `ask_inside`."""
        return await ask_inside(self.bot)


@asynccontextmanager
async def open_scale_test_bed(
    folder: Path,
    *,
    bot: BenchedBot = BenchedBot.ASSISTANT,
    engine: str = "gtts",
    first_token: float = 0.3,
    tokens: float = 40.0,
    speech: float = 0.35,
    settings: Mapping[str, str] = MappingProxyType({}),
) -> AsyncIterator[ScaleTestBed]:
    """Open a test bed for a bot; its log and temporary files are in `folder`. The default paces are usual ones.

    Args:
        folder: where the bot writes.
        bot: which bot it is.
        engine: the assistant's `TTS_ENGINE`.
        first_token: seconds until the model's first token.
        tokens: tokens a second after that.
        speech: seconds for a piece of speech, apart from its length.
        settings: other variables of the assistant.

    Raises:
        TimeoutError: the bot does not become ready.
    """
    script = Script()
    voice = ReadyMadeSpeech(babble(_LONGEST_SECONDS), CHARACTERS_A_SECOND)
    async with (
        Sandbox(bot_name="Molly", listening=Listening.HEADERS, rate_limits=False) as discord,
        LanguageModel(lambda _: script.answer(), first_token_seconds=first_token, tokens_per_second=tokens) as model,
        GoogleSpeech(mp3=voice, delay=speech, seconds_per_character=0.004) as google,
    ):
        environment = environment_of(discord, model, google, folder) | {
            "TTS_ENGINE": engine,
            "TTS_CACHE_MEGABYTES": "64",
            "TTS_CACHE_FOLDER": str(folder / "cache"),
            "BENCHED_BOT": bot.value,
            "BLOCK_SECONDS": "0",
            **settings,
        }
        async with BotProcess(_PROGRAMS[bot], environment, folder / "bot.log") as process:
            await discord.wait_until_ready(_ANSWER_SECONDS)
            yield ScaleTestBed(discord, GuildCrowd(discord), script, model, google, process)
