"""Counting the transactions of a bot that runs in this process."""

import asyncio
import os
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

from sqlalchemy import Connection, Engine, event

from assistant.config.settings import load_settings
from assistant.runtime.bot import run
from bench.common.environment import environment_of
from bench.common.workload import even_voice
from sandbox import ChannelHandle, MemberActor, Sandbox
from sandbox.standins.google import GoogleSpeech
from sandbox.standins.language_model import LanguageModel

_IDLE_SECONDS: Final = 10.0
_SETTLE_SECONDS: Final = 3.0
_AFTERMATH_SECONDS: Final = 1.0
_LOOK_SECONDS: Final = 0.1
_QUIET_SECONDS: Final = 1.5
_SENTENCE: Final = "This is a sentence of some six words."
_MANY: Final = 6
_TURNS: Final = 5
_WAIT_SECONDS: Final = 60.0


class TransactionCount:
    """Counts the transactions of all databases of this process while it is entered."""

    def __init__(self) -> None:
        self.count = 0
        """How many were committed."""

    def __enter__(self) -> Self:
        event.listen(Engine, "commit", self._committed)
        return self

    def __exit__(self, *_: object) -> None:
        event.remove(Engine, "commit", self._committed)

    def _committed(self, _: Connection) -> None:
        self.count += 1


@dataclass(frozen=True, slots=True, kw_only=True)
class _Call:
    """Where a member and the bot talk."""

    ada: MemberActor
    text: ChannelHandle
    lounge: ChannelHandle

    async def begin(self) -> None:
        """Call the bot."""
        await self.ada.join(self.lounge)
        await self.ada.command("voice_chat", self.text)
        await self.text.wait_for_message(lambda message: " is in " in message.content, _WAIT_SECONDS)

    async def turn(self, message: str) -> None:
        """Type a message, and hear its answer to the end."""
        before = self._bot_messages
        await self.ada.type(message, self.lounge)
        while self._bot_messages == before:  # noqa: ASYNC110 - no event says so
            await asyncio.sleep(_LOOK_SECONDS)
        heard = -1
        while heard != (heard := len(self.lounge.call.speech())):  # noqa: ASYNC110 - nor when silence has come
            await asyncio.sleep(_QUIET_SECONDS)

    async def end(self) -> None:
        """End the call."""
        await self.ada.command("end_call", self.text)
        await self.text.wait_for_message(lambda message: "has ended" in message.content, _WAIT_SECONDS)

    @property
    def _bot_messages(self) -> int:
        return sum(message.author.bot for message in self.lounge.messages)


class _Cost:
    """Transactions since the last look, less those that the idle process makes in the same time."""

    def __init__(self, made: TransactionCount, idle_per_second: float) -> None:
        self._made = made
        self._idle_per_second = idle_per_second
        self._count = made.count
        self._since = time.monotonic()

    def lap(self) -> float:
        """Return them, and start over."""
        now, count = time.monotonic(), self._made.count
        cost = count - self._count - self._idle_per_second * (now - self._since)
        self._since, self._count = now, count
        return cost


async def count_transactions() -> dict[str, float]:
    """Transactions, by what they are for.

    Raises:
        ExceptionGroup: the bot does not become ready, does not join, or fails.
    """
    found: dict[str, float] = {}
    with tempfile.TemporaryDirectory(prefix="bench-") as name, TransactionCount() as made:
        async with _running(Path(name)) as call:
            await asyncio.sleep(_SETTLE_SECONDS)
            before, start = made.count, time.monotonic()
            await asyncio.sleep(_IDLE_SECONDS)
            idle = (made.count - before) / (time.monotonic() - start)
            found["an idle process, per second"] = idle
            cost = _Cost(made, idle)
            await call.begin()
            await asyncio.sleep(_AFTERMATH_SECONDS)
            found["the start of a call"] = cost.lap()
            turns = {"a turn of one sentence": "Say little", f"a turn of {_MANY} sentences": "Say much"}
            for what, words in turns.items():
                for _ in range(_TURNS):
                    await call.turn(words)
                found[what] = cost.lap() / _TURNS
            await call.end()
            await asyncio.sleep(_AFTERMATH_SECONDS)
            found["the end of a call"] = cost.lap()
    return found


@asynccontextmanager
async def _running(folder: Path) -> AsyncIterator[_Call]:
    """A bot in this process, and a server in which it can be called."""
    async with (
        Sandbox(bot_name="Molly", rate_limits=False) as discord,
        LanguageModel(
            lambda request: " ".join([_SENTENCE] * (_MANY if "much" in request[-1]["content"] else 1))
        ) as model,
        GoogleSpeech(even_voice) as google,
    ):
        guild = discord.add_guild("Reading club")
        call = _Call(
            ada=guild.add_member("Ada"),
            text=guild.add_text_channel("general"),
            lounge=guild.add_voice_channel("Lounge"),
        )
        environment = environment_of(discord, model, google, folder)
        os.environ.update(environment)  # gTTS reads its proxy from there
        settings, stop = load_settings(environment), asyncio.Event()
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(run(settings, stop))
            await discord.wait_until_ready(_WAIT_SECONDS)
            yield call
            stop.set()
