"""A Discord with calls, and the assistant's processes that hold them: `app.py`, as its owner runs it."""

import asyncio
import itertools
import time
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Final

from bench.common.environment import environment_of
from bench.common.guild_crowd import GuildCrowd, Place
from bench.restarts.long_answer import is_answer, question, respond, voice_by_part
from sandbox import Sandbox
from sandbox.standins.google import GoogleSpeech
from sandbox.standins.language_model import LanguageModel
from sandbox.state.message import Message
from sandbox.tools.bot_process import BotProcess

_APP: Final = Path(__file__).parents[2] / "app.py"
_READY_SECONDS: Final = 60.0
_START_SECONDS: Final = 30.0
_LOOK_SECONDS: Final = 0.05
_INBOX_SIZE: Final = 200
"""Large enough that no message is declined: a full inbox is not the subject here."""


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """A question that a member has typed."""

    place: Place
    """Where it was typed."""
    number: int
    """Its number, which its answer repeats."""
    message: Message
    """The message."""
    is_long: bool
    """Whether its answer is a long one."""

    @property
    def answers(self) -> int:
        """How many posts answer it."""
        posts = [each for each in self.place.lounge.messages if each.author.bot and not each.deleted]
        return sum(is_answer(post.content, self.number) for post in posts)


@dataclass(frozen=True, eq=False)
class RestartTestBed:
    """Everything that takes part."""

    discord: Sandbox
    """Discord."""
    crowd: GuildCrowd
    """The servers, each with a member in its lounge."""
    environment: dict[str, str]
    """The environment variables of every process."""
    folder: Path
    """Where the processes' logs are."""
    google: GoogleSpeech
    """What the answers are spoken with."""
    asked: list[Asked] = field(default_factory=list)
    """All questions so far, oldest first."""
    panels: dict[Place, Message] = field(default_factory=dict)
    """The panel of each call, as the first process posted it."""

    def process(self, name: str, **changes: str) -> BotProcess:
        """A process, not yet started, with these additional variables; its log has its name."""
        return BotProcess(_APP, self.environment | changes, self.folder / f"{name}.log")

    async def start_calls(self, places: Iterable[Place]) -> None:
        """Start a call in each of these servers.

        Raises:
            TimeoutError: the bot does not join.
        """
        for place in places:
            await place.ada.command("voice_chat", place.text)
            self.panels[place] = await place.text.wait_for_message(_says_it_has_joined, _START_SECONDS)

    async def ask(self, place: Place, *, is_long: bool = False) -> Asked:
        """Let the server's member type a new question in the chat of the call."""
        number = len(self.asked) + 1
        message = await place.ada.type(question(number, is_long=is_long), place.lounge)
        asked = Asked(place, number, message, is_long)
        self.asked.append(asked)
        return asked

    async def ask_in_turn(self, places: Iterable[Place], *, a_second: float, seconds: float) -> None:
        """Type short questions in these places in turn, `a_second` of them per second, for some seconds."""
        start = time.monotonic()
        for number, place in zip(range(round(a_second * seconds)), itertools.cycle(places), strict=False):
            await asyncio.sleep(start + number / a_second - time.monotonic())
            await self.ask(place)

    @property
    def _waiting(self) -> int:
        return sum(not asked.answers for asked in self.asked)

    async def wait_for_answers(self, timeout: float) -> None:
        """Return when every question has an answer, or none came in `timeout` seconds: the score shows what is missing.

        However many long answers wait in a call: they take their time.
        """
        with suppress(TimeoutError):
            while waiting := self._waiting:
                await self.discord.until(partial(self._are_fewer_than, waiting), timeout)

    def _are_fewer_than(self, waiting: int) -> bool:
        return self._waiting < waiting


async def until_ready(bot: BotProcess) -> None:
    """Return when a process says that it is ready.

    Raises:
        TimeoutError: it does not; the message has the end of its log.
    """
    give_up = time.monotonic() + _READY_SECONDS
    while "Ready as" not in (log := bot.log):
        if time.monotonic() > give_up:
            raise TimeoutError(f"the process does not become ready: {log[-2000:]}")
        await asyncio.sleep(_LOOK_SECONDS)


@asynccontextmanager
async def open_restart_test_bed(
    folder: Path, database_url: str | None, *, guilds: int
) -> AsyncIterator[RestartTestBed]:
    """Open a test bed with some servers and no process yet.

    The processes share the database; None stands for a SQLite file in `folder`.
    """
    async with (
        Sandbox(bot_name="Molly", rate_limits=False) as discord,
        LanguageModel(respond) as model,
        GoogleSpeech(voice_by_part) as google,
    ):
        environment = environment_of(discord, model, google, folder) | {"INBOX_SIZE": str(_INBOX_SIZE)}
        if database_url is not None:
            environment["DATABASE_URL"] = database_url
        crowd = GuildCrowd(discord)
        await crowd.grow(guilds)
        yield RestartTestBed(discord, crowd, environment, folder, google)


def _says_it_has_joined(message: Message) -> bool:
    return message.author.bot and "** is in " in message.content
