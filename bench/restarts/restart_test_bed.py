"""A Discord with calls in it, and the processes of the assistant that hold them: `app.py`, as its owner runs it."""

import asyncio
import itertools
import time
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from bench.common.environment import environment_of
from bench.common.guild_crowd import Crowd, Place
from bench.restarts.long_answer import is_answer, question, respond, sing
from sandbox import Sandbox
from sandbox.standins.google import GoogleSpeech
from sandbox.standins.language_model import LanguageModel
from sandbox.state.message import Message
from sandbox.tools.bot_process import BotProcess

_APP: Final = Path(__file__).parents[2] / "app.py"
_READY_SECONDS: Final = 60.0
_BEGIN_SECONDS: Final = 30.0
_LOOK_SECONDS: Final = 0.05
_INBOX_SIZE: Final = 200
"""Nothing that is typed may be declined: a full inbox is another matter."""


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """A question that a member has typed."""

    place: Place
    """Where."""
    number: int
    """Its number, which its answer repeats."""
    message: Message
    """The message."""
    is_long: bool
    """Whether its answer has all the parts."""

    @property
    def answers(self) -> int:
        """How many posts answer it."""
        posts = [each for each in self.place.lounge.messages if each.author.bot and not each.deleted]
        return sum(is_answer(post.content, self.number) for post in posts)


@dataclass(frozen=True, eq=False)
class RestartStage:
    """All that takes part."""

    discord: Sandbox
    """Discord."""
    crowd: Crowd
    """The servers, each with a member in its lounge."""
    environment: dict[str, str]
    """What every process is told."""
    folder: Path
    """Where the processes' logs are."""
    asked: list[Asked] = field(default_factory=list)
    """All that was typed, oldest first."""
    panels: dict[Place, Message] = field(default_factory=dict)
    """The panel of each call, as the first process posted it."""

    def process(self, name: str, **changes: str) -> BotProcess:
        """A process, not yet started, with these variables more; its log is called by its name."""
        return BotProcess(_APP, self.environment | changes, self.folder / f"{name}.log")

    async def begin_calls(self, places: Iterable[Place]) -> None:
        """Have a call in each of these servers."""
        for place in places:
            await place.ada.command("voice_chat", place.text)
            self.panels[place] = await place.text.wait_for_message(_says_that_it_is_there, _BEGIN_SECONDS)

    async def ask(self, place: Place, *, is_long: bool = False) -> Asked:
        """The member of that server types a question of its own in the chat of the call."""
        number = len(self.asked) + 1
        message = await place.ada.type(question(number, is_long=is_long), place.lounge)
        asked = Asked(place, number, message, is_long)
        self.asked.append(asked)
        return asked

    async def ask_in_turn(self, places: Iterable[Place], *, a_second: float, seconds: float) -> None:
        """Type short questions at that pace for so long, now here, now there."""
        start = time.monotonic()
        for number, place in zip(range(round(a_second * seconds)), itertools.cycle(places), strict=False):
            await asyncio.sleep(start + number / a_second - time.monotonic())
            await self.ask(place)

    async def wait_for_answers(self, timeout: float) -> None:
        """Return when every question has an answer, or after `timeout` seconds; the count tells then."""
        with suppress(TimeoutError):
            await self.discord.until(lambda: all(asked.answers for asked in self.asked), timeout)


async def until_ready(bot: BotProcess) -> None:
    """Return when a process says that it is ready. Raises TimeoutError with its log."""
    give_up = time.monotonic() + _READY_SECONDS
    while "Ready as" not in (log := bot.log):
        if time.monotonic() > give_up:
            raise TimeoutError(f"the process does not become ready: {log[-2000:]}")
        await asyncio.sleep(_LOOK_SECONDS)


@asynccontextmanager
async def open_restart_stage(folder: Path, database_url: str | None, *, guilds: int) -> AsyncIterator[RestartStage]:
    """Open a stage with that many servers, and nobody on the bot's account yet.

    The processes share the database; None is a SQLite file in `folder`.
    """
    async with (
        Sandbox(bot_name="Molly") as discord,
        LanguageModel(respond) as model,
        GoogleSpeech(sing) as google,
    ):
        environment = environment_of(discord, model, google, folder) | {"INBOX_SIZE": str(_INBOX_SIZE)}
        if database_url is not None:
            environment["DATABASE_URL"] = database_url
        crowd = Crowd(discord)
        await crowd.grow(guilds)
        yield RestartStage(discord, crowd, environment, folder)


def _says_that_it_is_there(message: Message) -> bool:
    return message.author.bot and "** is in " in message.content
