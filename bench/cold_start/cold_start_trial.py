"""Starting a process with nothing compiled, and listening to its first answer."""

import asyncio
import os
import signal
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bench.cold_start.first_answers import Scenario
from bench.common.environment import environment_of
from bench.common.frame_pacing import Stretch
from bench.common.inside_report import ask_inside
from bench.common.metronome import Metronome
from bench.common.process_usage import usage_with_children
from bench.common.workload import CHARACTERS_A_SECOND
from sandbox import ChannelHandle, MemberActor, Sandbox
from sandbox.standins.faults import Slow
from sandbox.standins.google import GoogleSpeech
from sandbox.standins.google.ready_made import ReadyMadeSpeech, babble
from sandbox.standins.language_model import LanguageModel
from sandbox.state.message import Message
from sandbox.tools.bot_process import BotProcess
from sandbox.voice import Listening

_PROGRAM: Final = Path(__file__).parents[1] / "subjects" / "instrumented_bot.py"
_WAIT_SECONDS: Final = 120.0
_LISTENED_SECONDS: Final = 10.0
_LONGEST_SECONDS: Final = 10.0
_AT_ONCE: Final = Slow(0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class ColdStart:
    """The first seconds of one process. Times are in seconds."""

    ready: float
    """From the start of the process until it was ready."""
    joined: float
    """From /voice_chat until the panel said that the bot is in the channel; for a call taken up, from the start."""
    frames: int
    """How many frames of speech were heard in the time that was listened to."""
    longest_distance: float
    """The longest time between two frames that follow each other."""
    machine_distance: float
    """The longest time between two beats of a process that does nothing else, in the same time."""
    loop_held: float
    """The longest time in which the bot's event loop was held, from when the bot was in the channel."""
    imported: list[str]
    """The modules that the bot has imported in that time."""
    resident_bytes: int
    """The memory of the bot and its children at the end."""
    log: str
    """What the bot has logged."""


@dataclass(frozen=True, slots=True)
class _Stage:
    """Everything that takes part, but the bot."""

    discord: Sandbox
    google: GoogleSpeech
    text: ChannelHandle
    lounge: ChannelHandle
    ada: MemberActor
    environment: dict[str, str]
    folder: Path


async def start_cold(scenario: Scenario) -> ColdStart:
    """Run the scenario with a process of its own.

    Raises:
        TimeoutError: the bot does not become ready, does not join, or says nothing.
    """
    voice = ReadyMadeSpeech(babble(_LONGEST_SECONDS), CHARACTERS_A_SECOND)
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        async with (
            Sandbox(bot_name="Molly", listening=Listening.HEADERS, rate_limits=False) as discord,
            LanguageModel(lambda _: scenario.answer) as model,
            GoogleSpeech(mp3=voice) as google,
        ):
            folder = Path(name)
            guild = discord.add_guild("Reading club")
            stage = _Stage(
                discord=discord,
                google=google,
                text=guild.add_text_channel("general"),
                lounge=guild.add_voice_channel("Lounge"),
                ada=guild.add_member("Ada"),
                environment=environment_of(discord, model, google, folder) | dict(scenario.variables),
                folder=folder,
            )
            await stage.ada.join(stage.lounge)
            google.order(scenario.first_speech or _AT_ONCE)
            google.outage = scenario.later_speech
            return await (_take_up(stage) if scenario.is_taken_up else _begin(stage, scenario.pause))


async def _begin(stage: _Stage, pause: float) -> ColdStart:
    """Call the bot once it is ready, and ask it something."""
    started = time.monotonic()
    async with _process(stage, "bot") as bot:
        await stage.discord.wait_until_ready(_WAIT_SECONDS)
        ready = time.monotonic() - started
        await asyncio.sleep(pause)
        called = time.monotonic()
        await stage.ada.command("voice_chat", stage.text)
        await stage.text.wait_for_message(_says_it_is_in, _WAIT_SECONDS)
        joined = time.monotonic() - called
        await ask_inside(bot)
        await stage.ada.type("talk", stage.lounge)
        return await _listen(stage, bot, ready=ready, joined=joined)


async def _take_up(stage: _Stage) -> ColdStart:
    """Kill a process that has just been asked something, and let another one go on with the call."""
    async with _process(stage, "earlier") as earlier:
        await stage.discord.wait_until_ready(_WAIT_SECONDS)
        await stage.ada.command("voice_chat", stage.text)
        await stage.text.wait_for_message(_says_it_is_in, _WAIT_SECONDS)
        os.kill(earlier.process_id, signal.SIGKILL)
        await earlier.wait()
    await stage.discord.until(lambda: not stage.discord.connected, _WAIT_SECONDS)
    await stage.ada.type("talk", stage.lounge)
    started = time.monotonic()
    async with _process(stage, "bot") as bot:
        await stage.discord.wait_until_ready(_WAIT_SECONDS)
        ready = time.monotonic() - started
        await stage.discord.until(lambda: "Voice connection complete" in bot.log, _WAIT_SECONDS)
        joined = time.monotonic() - started
        await ask_inside(bot)
        return await _listen(stage, bot, ready=ready, joined=joined)


def _process(stage: _Stage, name: str) -> BotProcess:
    """A bot for which nothing is compiled yet: neither the project, as after a clone, nor what it imports."""
    compiled = {"PYTHONPYCACHEPREFIX": str(stage.folder / f"compiled-{name}"), "PYTHONDONTWRITEBYTECODE": ""}
    return BotProcess(_PROGRAM, stage.environment | compiled, stage.folder / f"{name}.log")


async def _listen(stage: _Stage, bot: BotProcess, *, ready: float, joined: float) -> ColdStart:
    call = stage.lounge.call
    async with Metronome() as metronome:
        await call.wait_for_frames(1, _WAIT_SECONDS)
        await asyncio.sleep(_LISTENED_SECONDS)
    inside = await ask_inside(bot)
    distances = Stretch.of(call.headers, 0).distances
    return ColdStart(
        ready=ready,
        joined=joined,
        frames=len(distances) + 1,
        longest_distance=max(distances),
        machine_distance=metronome.longest,
        loop_held=inside.max,
        imported=inside.imported,
        resident_bytes=usage_with_children(bot.process_id).resident_bytes,
        log=bot.log,
    )


def _says_it_is_in(message: Message) -> bool:
    return "** is in " in message.content
