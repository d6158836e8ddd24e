"""A bot that only plays ready-made frames, as the assistant does or as py-cord; BENCHED_PLAYER says which.

It obeys two commands: "join" joins all voice channels that it is not in yet, "play 10" plays 10 s in all of them.
"""

import asyncio
import os
import ssl
import sys
from collections.abc import Callable, Coroutine, Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Final

import aiohttp
import discord
import numpy as np
from av import AudioFrame
from prometheus_client import CollectorRegistry

sys.path.insert(0, str(Path(__file__).parents[2]))

from assistant.audio.frame_clock import FrameClock
from assistant.audio.opus import FRAME_SECONDS, OpusEncoder
from assistant.audio.player import Player
from assistant.audio.track import Track
from assistant.pycord.api import use_api
from assistant.pycord.client import CallVoiceClient
from assistant.runtime.interpreter import prepare_interpreter
from assistant.telemetry.metrics import Metrics
from assistant.voice.connection import CallConnection
from assistant.voice.timing import VoiceTiming
from bench.playout.player_kind import PlayerKind
from voicewire import Pacer

_AT_ONCE: Final = 8
"""How many channels it joins at a time."""
_SAMPLE_RATE: Final = 24_000
_SAMPLE_SECONDS: Final = 5

Play = Callable[[Sequence[bytes]], Coroutine[Any, Any, None]]
"""Plays frames in one call."""
Join = Callable[[discord.VoiceChannel], Coroutine[Any, Any, Play]]
"""Joins a channel."""


class PlayoutBot(discord.Client):
    """Joins and plays on command."""

    def __init__(self, connector: aiohttp.TCPConnector) -> None:
        intents = discord.Intents(guilds=True, voice_states=True, guild_messages=True, message_content=True)
        super().__init__(intents=intents, connector=connector)
        self.join: Join = join_as_pycord
        """How it joins, and plays."""
        self._frames = list(_ready_made())
        self._plays: dict[int, Play] = {}

    async def on_message(self, message: discord.Message) -> None:
        """Carry out a command, and post when it is done."""
        match message.content.split():
            case ["join"]:
                await self._join_all()
                await message.channel.send(f"in {len(self._plays)} calls")
            case ["play", seconds]:
                frames = (self._frames * (int(seconds) // _SAMPLE_SECONDS + 1))[: int(int(seconds) / FRAME_SECONDS)]
                async with asyncio.TaskGroup() as playing:
                    for play in self._plays.values():
                        playing.create_task(play(frames))
                await message.channel.send(f"played {message.id}")

    async def _join_all(self) -> None:
        # More than 110 joins a minute would wait for py-cord's count of what Discord's gateway takes.
        limiter = self.ws._rate_limiter
        limiter.max = limiter.remaining = sys.maxsize
        free = asyncio.Semaphore(_AT_ONCE)

        async def join(channel: discord.VoiceChannel) -> None:
            async with free:
                self._plays[channel.id] = await self.join(channel)

        async with asyncio.TaskGroup() as joining:
            for guild in self.guilds:
                for channel in guild.voice_channels:
                    if channel.id not in self._plays:
                        joining.create_task(join(channel))


def join_as_assistant(bot: discord.Client, clock: FrameClock, pacer: Pacer, supervisors: asyncio.TaskGroup) -> Join:
    """As the assistant does it: one clock for all calls, each of which is supervised."""
    metrics = Metrics(CollectorRegistry())

    async def join(channel: discord.VoiceChannel) -> Play:
        call = CallConnection(
            channel, VoiceTiming(), lambda: None, bot.get_guild, metrics, pacer=pacer, is_held=_is_held
        )
        await call.join()
        client: object = channel.guild.voice_client
        while not (isinstance(client, CallVoiceClient) and client.may_speak):  # noqa: ASYNC110 - no event says so
            await asyncio.sleep(0.02)
        supervisors.create_task(call.supervise())
        return partial(_play_by_clock, clock, call)

    return join


async def _is_held() -> bool:
    """There is no other process that could hold a call."""
    return True


async def _play_by_clock(clock: FrameClock, call: CallConnection, frames: Sequence[bytes]) -> None:
    track = Track()
    utterance = track.begin()
    for frame in frames:
        utterance.append(frame)
    utterance.finish()
    track.finish()
    await Player(clock, call).play(track)


async def join_as_pycord(channel: discord.VoiceChannel) -> Play:
    """As py-cord does it: a voice client and a thread for each call."""
    client: Any = await channel.connect(reconnect=False)
    while not client._connection.dave_session.ready:  # noqa: ASYNC110 - no event says so
        await asyncio.sleep(0.02)
    return partial(_play_by_thread, client)


class _Frames(discord.AudioSource):
    def __init__(self, frames: Iterable[bytes]) -> None:
        self._frames: Iterator[bytes] = iter(frames)

    def read(self) -> bytes:
        return next(self._frames, b"")

    def is_opus(self) -> bool:
        return True


async def _play_by_thread(client: discord.VoiceClient, frames: Sequence[bytes]) -> None:
    loop = asyncio.get_running_loop()
    over = asyncio.Event()
    client.play(_Frames(frames), after=lambda _: loop.call_soon_threadsafe(over.set))
    await over.wait()


def _ready_made() -> Iterator[bytes]:
    """Opus of a buzz with some noise in it, which takes as many bytes as speech."""
    time = np.arange(_SAMPLE_SECONDS * _SAMPLE_RATE) / _SAMPLE_RATE
    buzz = sum(np.sin(2 * np.pi * 140 * harmonic * time) / harmonic for harmonic in range(1, 20))
    breath = np.random.default_rng(0).normal(0, 0.2, len(time))
    samples = (buzz + breath) * (0.6 + 0.4 * np.sin(2 * np.pi * 4 * time)) * 8000
    frame = AudioFrame.from_ndarray(samples.astype(np.int16)[np.newaxis, :], format="s16", layout="mono")
    frame.sample_rate = _SAMPLE_RATE
    encoder = OpusEncoder()
    yield from encoder.encode(frame)
    yield from encoder.finish()


async def _main() -> None:
    use_api(os.environ["DISCORD_API_URL"])
    is_clock = PlayerKind(os.environ["BENCHED_PLAYER"]) is PlayerKind.CLOCK
    if is_clock:  # as the assistant does; with many threads it would only make them switch more often
        prepare_interpreter()
    trusted = ssl.create_default_context(cafile=os.environ["DISCORD_CA_FILE"])
    with Pacer() as pacer, FrameClock(pacer) as clock:
        async with asyncio.TaskGroup() as tasks:
            bot = PlayoutBot(aiohttp.TCPConnector(limit=0, ssl=trusted))
            if is_clock:
                bot.join = join_as_assistant(bot, clock, pacer, tasks)
            await bot.start(os.environ["DISCORD_TOKEN"])


if __name__ == "__main__":
    asyncio.run(_main())
