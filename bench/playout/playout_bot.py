"""A bot that only plays ready-made frames over the assistant's connections; BENCHED_PLAYER says with which player.

It obeys two commands: "join" joins all voice channels that it is not in yet, "play 10" plays 10 s in all of them.
"""

import asyncio
import os
import ssl
import sys
import threading
import time
from collections.abc import Callable, Coroutine, Iterator, Sequence
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

_AT_ONCE: Final = 8
"""How many channels it joins at a time."""
_SAMPLE_RATE: Final = 24_000
_SAMPLE_SECONDS: Final = 5

Play = Callable[[CallConnection, Sequence[bytes]], Coroutine[Any, Any, None]]


class PlayoutBot(discord.Client):
    """Joins and plays on command."""

    def __init__(self, play: Play, tasks: asyncio.TaskGroup, connector: aiohttp.TCPConnector) -> None:
        """The calls are supervised in `tasks`, as in the assistant."""
        intents = discord.Intents(guilds=True, voice_states=True, guild_messages=True, message_content=True)
        super().__init__(intents=intents, connector=connector)
        self._play = play
        self._supervisors = tasks
        self._frames = list(_ready_made())
        self._joined: dict[int, CallConnection] = {}
        self._metrics = Metrics(CollectorRegistry())

    async def on_message(self, message: discord.Message) -> None:
        """Carry out a command, and post when it is done."""
        match message.content.split():
            case ["join"]:
                await self._join_all()
                await message.channel.send(f"in {len(self._joined)} calls")
            case ["play", seconds]:
                frames = (self._frames * (int(seconds) // _SAMPLE_SECONDS + 1))[: int(int(seconds) / FRAME_SECONDS)]
                async with asyncio.TaskGroup() as playing:
                    for call in self._joined.values():
                        playing.create_task(self._play(call, frames))
                await message.channel.send(f"played {message.id}")

    async def _join_all(self) -> None:
        # More than 110 joins a minute would wait for py-cord's count of what Discord's gateway takes.
        limiter = self.ws._rate_limiter
        limiter.max = limiter.remaining = sys.maxsize
        free = asyncio.Semaphore(_AT_ONCE)

        async def join(channel: discord.VoiceChannel) -> None:
            async with free:
                call = CallConnection(
                    channel, VoiceTiming(), lambda: None, self.get_guild, self._metrics, is_held=_is_held
                )
                await call.join()
                client: object = channel.guild.voice_client
                while not (isinstance(client, CallVoiceClient) and client.may_speak):  # noqa: ASYNC110 - no event says so
                    await asyncio.sleep(0.02)
            self._joined[channel.id] = call
            self._supervisors.create_task(self._supervise(call))

        async with asyncio.TaskGroup() as joining:
            for guild in self.guilds:
                for channel in guild.voice_channels:
                    if channel.id not in self._joined:
                        joining.create_task(join(channel))

    @staticmethod
    async def _supervise(call: CallConnection) -> None:
        await call.supervise()


async def _is_held() -> bool:
    """There is no other process that could hold a call."""
    return True


async def _play_by_thread(call: CallConnection, frames: Sequence[bytes]) -> None:
    """As py-cord does it: a thread for each call, which sleeps from frame to frame."""
    loop = asyncio.get_running_loop()
    over = asyncio.Event()

    def send_all() -> None:
        start = time.perf_counter()
        for number, frame in enumerate(frames, 1):
            call.send_frame(frame)
            time.sleep(max(0.0, start + number * FRAME_SECONDS - time.perf_counter()))
        loop.call_soon_threadsafe(over.set)

    threading.Thread(target=send_all).start()
    await over.wait()


def _by_clock(clock: FrameClock) -> Play:
    async def play(call: CallConnection, frames: Sequence[bytes]) -> None:
        track = Track()
        utterance = track.begin()
        for frame in frames:
            utterance.append(frame)
        utterance.finish()
        track.finish()
        await Player(clock, call).play(track)

    return play


def _ready_made() -> Iterator[bytes]:
    """Opus of a buzz with some noise in it, which takes as many bytes as speech."""
    seconds = np.arange(_SAMPLE_SECONDS * _SAMPLE_RATE) / _SAMPLE_RATE
    buzz = sum(np.sin(2 * np.pi * 140 * harmonic * seconds) / harmonic for harmonic in range(1, 20))
    breath = np.random.default_rng(0).normal(0, 0.2, len(seconds))
    samples = (buzz + breath) * (0.6 + 0.4 * np.sin(2 * np.pi * 4 * seconds)) * 8000
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
    with FrameClock() as clock:
        async with asyncio.TaskGroup() as tasks:
            play = _by_clock(clock) if is_clock else _play_by_thread
            bot = PlayoutBot(play, tasks, aiohttp.TCPConnector(limit=0, ssl=trusted))
            await bot.start(os.environ["DISCORD_TOKEN"])


if __name__ == "__main__":
    asyncio.run(_main())
