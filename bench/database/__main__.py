"""`python -m bench.database`: how often the database is asked; half a minute. Counted, so the machine is no matter."""

import asyncio
import os
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, Engine, event

from assistant.config.settings import load_settings
from assistant.runtime.bot import run
from bench.common.environment import environment_of
from bench.common.workload import even_voice
from sandbox import ChannelHandle, MemberActor, Sandbox
from sandbox.standins.google import GoogleSpeech
from sandbox.standins.language_model import LanguageModel

_IDLE_SECONDS: Final = 10.0
_SENTENCE: Final = "This is a sentence of some six words."
_MANY: Final = 6
_TURNS: Final = 5
_WAIT_SECONDS: Final = 60.0


class Transactions:
    """Counts those of all databases of this process, while it is entered."""

    def __init__(self) -> None:
        self.count = 0
        """How many were committed."""

    def __enter__(self) -> "Transactions":
        event.listen(Engine, "commit", self._committed)
        return self

    def __exit__(self, *_: object) -> None:
        event.remove(Engine, "commit", self._committed)

    def _committed(self, _: Connection) -> None:
        self.count += 1


@asynccontextmanager
async def _running(folder: Path) -> AsyncIterator[tuple[MemberActor, ChannelHandle, ChannelHandle]]:
    """A bot in this process, a member of its server, a text and a voice channel."""
    async with (
        Sandbox(bot_name="Molly") as discord,
        LanguageModel(
            lambda request: " ".join([_SENTENCE] * (_MANY if "much" in request[-1]["content"] else 1))
        ) as model,
        GoogleSpeech(even_voice) as google,
    ):
        guild = discord.add_guild("Reading club")
        text, lounge, ada = (
            guild.add_text_channel("general"),
            guild.add_voice_channel("Lounge"),
            guild.add_member("Ada"),
        )
        environment = environment_of(discord, model, google, folder)
        os.environ.update(environment)  # gTTS asks there for its proxy
        settings, stop = load_settings(environment), asyncio.Event()
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(run(settings, stop))
            await discord.wait_until_ready(_WAIT_SECONDS)
            yield ada, text, lounge
            stop.set()


async def _answered(ada: MemberActor, lounge: ChannelHandle, message: str) -> None:
    """Have a message answered, and heard to its end."""
    before = sum(message.author.bot for message in lounge.messages)
    await ada.type(message, lounge)
    while sum(message.author.bot for message in lounge.messages) == before:  # noqa: ASYNC110 - nobody tells
        await asyncio.sleep(0.1)
    heard = -1
    while heard != (heard := len(lounge.call.speech())):  # noqa: ASYNC110 - silence tells nobody either
        await asyncio.sleep(1.5)


async def measure() -> dict[str, float]:
    """Transactions, by what they are for."""
    found: dict[str, float] = {}
    with tempfile.TemporaryDirectory(prefix="bench-") as name, Transactions() as made:
        async with _running(Path(name)) as (ada, text, lounge):
            await asyncio.sleep(3)
            before, began = made.count, time.monotonic()
            await asyncio.sleep(_IDLE_SECONDS)
            idle = (made.count - before) / (time.monotonic() - began)

            async def cost(what: str, share: int = 1) -> None:
                nonlocal before, began
                now = time.monotonic()
                found[what] = (made.count - before - idle * (now - began)) / share
                before, began = made.count, now

            found["a process, each second"] = idle
            before, began = made.count, time.monotonic()
            await ada.join(lounge)
            await ada.command("voice_chat", text)
            await text.wait_for_message(lambda message: " is in " in message.content, _WAIT_SECONDS)
            await asyncio.sleep(1)
            await cost("a call that begins")
            for words, what in (("Say little", "a turn of one sentence"), ("Say much", f"a turn of {_MANY} sentences")):
                for _ in range(_TURNS):
                    await _answered(ada, lounge, words)
                await cost(what, _TURNS)
            await ada.command("end_call", text)
            await text.wait_for_message(lambda message: "has ended" in message.content, _WAIT_SECONDS)
            await asyncio.sleep(1)
            await cost("a call that ends")
    return found


def main() -> None:
    """Measure and print."""
    found = asyncio.run(measure())
    print("| | transactions |\n| --- | --- |")
    for what, count in found.items():
        print(f"| {what} | {count:.1f} |")


if __name__ == "__main__":
    main()
