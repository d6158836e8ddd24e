"""Where an attack is tried: a call with two members, and services that do what the attack orders."""

import asyncio
import json
import re
import socket
import time
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from aiohttp import ClientSession

from bench.common.environment import environment_of
from bench.common.workload import even_voice
from bench.hostile.asked_question import AskedQuestion
from bench.hostile.freezable_relay import FreezableRelay
from sandbox import ChannelHandle, MemberActor, Sandbox
from sandbox.standins.google import GoogleSpeech
from sandbox.standins.language_model import LanguageModel
from sandbox.standins.speech import HostedSpeech
from sandbox.state.message import Message
from sandbox.tools.bot_process import BotProcess
from tests.support.empty_database import make_empty_database
from tests.support.eventually import eventually

_PROGRAM: Final = Path(__file__).parents[1] / "subjects" / "instrumented_bot.py"
_READY_SECONDS: Final = 90.0
_HARMLESS: Final = re.compile(r"Is it \d+\?|It is number \d+\.")
_LAG: Final = re.compile(r"^voice_assistant_loop_lag_max_seconds (\S+)$", re.MULTILINE)


@dataclass(kw_only=True, eq=False)
class HostileTestBed:
    """Everything that an attack can use."""

    discord: Sandbox
    """Discord."""
    text: ChannelHandle
    """The text channel in which the call is started."""
    lounge: ChannelHandle
    """The voice channel of the call, in whose chat people type."""
    ada: MemberActor
    """The member who attacks, where a member does."""
    ben: MemberActor
    """The other member."""
    crowd: Sequence[MemberActor]
    """Three more members, who come into the call where an attack needs them."""
    model: LanguageModel
    """The language model."""
    google: GoogleSpeech
    """Google's speech."""
    hosted: HostedSpeech
    """Hosted speech."""
    folder: Path
    """Where the bot's database, cache and temporary files are."""
    port: int
    """The bot's HTTP port."""
    answers: dict[str, str]
    """What the model answers, by question."""
    environment: dict[str, str]
    """The bot's environment variables; what is changed here counts for the processes to come."""
    stack: AsyncExitStack
    """Left once the bot has ended: for what an attack opens before."""
    database_url: str = ""
    """The bot's database, where it is on a server."""
    relay: FreezableRelay | None = None
    """What is between the bot and that server."""
    posts_taken_at: float | None = None
    """When Discord has taken posts again, where an attack has made it fail, in seconds of the loop's clock."""
    asked: list[AskedQuestion] = field(default_factory=list)
    """All questions so far, oldest first."""
    skipped_at: list[float] = field(default_factory=list)
    """When a click on Skip had been taken, in seconds of the loop's clock."""
    panel: Message | None = None
    """The call's panel."""
    running: BotProcess | None = None
    """The bot's process, the latest one."""

    @property
    def bot(self) -> BotProcess:
        """The bot's process."""
        assert self.running is not None
        return self.running

    @asynccontextmanager
    async def start_bot(self, log: str = "bot") -> AsyncIterator[BotProcess]:
        """Run the bot inside; what it prints is in a file of this name."""
        async with BotProcess(_PROGRAM, self.environment, self.folder / f"{log}.log") as self.running:
            yield self.running

    async def begin_call(self) -> None:
        """Let both members join, and one call the bot; return when it says that it has joined.

        Raises:
            TimeoutError: it does not become ready, or does not join.
        """
        await self.discord.wait_until_ready(_READY_SECONDS)
        await self.ada.join(self.lounge)
        await self.ben.join(self.lounge)
        await self.ada.command("voice_chat", self.text)
        self.panel = await self.text.wait_for_message(_says_it_has_joined, _READY_SECONDS)

    async def ask(self, who: MemberActor, text: str, answer: str = "") -> AskedQuestion:
        """Let a member ask; `answer` is what the model will say, unless a fault is ordered."""
        self.answers[text] = answer
        asked = AskedQuestion(await who.type(text, self.lounge), answer)
        self.asked.append(asked)
        return asked

    async def chat(self, who: MemberActor) -> AskedQuestion:
        """Let a member ask something harmless."""
        number = len(self.asked)
        return await self.ask(who, f"Is it {number}?", f"It is number {number}.")

    async def skip(self) -> None:
        """Let the attacker click on Skip."""
        assert self.panel is not None
        reply = await self.ada.click(self.panel, "Skip")
        if "nothing to skip" not in reply.content:
            self.skipped_at.append(time.monotonic())

    @property
    def written(self) -> list[Message]:
        """Everything that the bot has posted and not deleted, oldest first."""
        messages = [*self.text.messages, *self.lounge.messages]
        posts = [message for message in messages if message.author.bot and not message.deleted]
        return sorted(posts, key=lambda message: message.id)

    @property
    def turns(self) -> list[tuple[float, str]]:
        """When the model was asked a question for the first time, and which."""
        first: dict[str, float] = {}
        for request in list(self.model.requests):
            content = request.body["messages"][-1]["content"]
            first.setdefault(json.loads(content)["message"], request.arrived)
        return [(at, text) for text, at in first.items()]

    def textless(self, turns: Collection[str]) -> list[str]:
        """Those of these questions to which nothing was posted: no answer, and not why there is none.

        Those that were skipped count, too.
        """
        return [each.text for each in self.asked if each.text in turns and not self.was_told(each)]

    def was_told(self, question: AskedQuestion) -> bool:
        """Whether something was posted to a question."""
        return bool(question.posts(self.written)) or question.posted_at(self.written) is not None

    def heard_at(self, question: AskedQuestion) -> float | None:
        """When the first sound of its answer was heard; None while it was not."""
        spoken = [(each.arrived, each.text) for each in self.google.requests]
        spoken += [(each.arrived, each.text) for each in self.hosted.requests]
        asked = [at for at, text in spoken if text and text in question.answer]
        if not asked:
            return None
        return next((frame.arrival for frame in self.lounge.call.speech() if frame.arrival > min(asked)), None)

    async def answered(self, question: AskedQuestion, seconds: float) -> None:
        """Return when the answer to a question is there, in writing and aloud.

        Raises:
            TimeoutError: it is not, in so many seconds.
        """
        await eventually(
            lambda: question.posted_at(self.written) is not None and self.heard_at(question) is not None, seconds
        )

    async def metrics_lag(self) -> float:
        """What the bot's own /metrics say: how late its loop was at most in the last minute, in seconds.

        Raises:
            aiohttp.ClientError: the port does not answer.
        """
        async with ClientSession() as session, session.get(f"http://127.0.0.1:{self.port}/metrics") as response:
            found = _LAG.search(await response.text())
        return float(found[1]) if found else 0.0


@asynccontextmanager
async def open_hostile_test_bed(folder: Path, settings: Mapping[str, str]) -> AsyncIterator[HostileTestBed]:
    """Open a test bed whose bot is not started yet; `settings` are added to its environment."""
    answers: dict[str, str] = {}
    async with (
        Sandbox(bot_name="Molly", rate_limits=False) as discord,
        LanguageModel(lambda messages: answers.get(_question_in(messages), "") or "Well.") as model,
        GoogleSpeech(even_voice) as google,
        HostedSpeech(even_voice) as hosted,
        AsyncExitStack() as stack,
    ):
        guild = discord.add_guild("Reading club")
        port = _free_port()
        environment = environment_of(discord, model, google, folder) | {
            "TTS_BASE_URL": hosted.base_url,
            "TTS_MODEL": "sandbox-tts",
            "TTS_CACHE_FOLDER": str(folder / "cache"),
            "MEMBER_MESSAGES_PER_MINUTE": "30",  # as they ship
            "SERVER_MESSAGES_PER_MINUTE": "120",
            "PORT": str(port),
            "PORT_ADDRESS": "127.0.0.1",
            **settings,
        }
        await asyncio.to_thread(make_empty_database, folder / "assistant.db")
        # Faults are for the attacker's questions and answers: Ben's go well, if the bot lets them.
        model.spoils = lambda content: not _HARMLESS.search(content)
        google.spoils = hosted.spoils = lambda text: not _HARMLESS.search(text)
        yield HostileTestBed(
            discord=discord,
            text=guild.add_text_channel("general"),
            lounge=guild.add_voice_channel("Lounge"),
            ada=guild.add_member("Ada"),
            ben=guild.add_member("Ben"),
            crowd=[guild.add_member(name) for name in ("Cleo", "Dan", "Eve")],
            model=model,
            google=google,
            hosted=hosted,
            folder=folder,
            port=port,
            answers=answers,
            environment=environment,
            stack=stack,
        )


def _question_in(messages: Sequence[Mapping[str, str]]) -> str:
    text: str = json.loads(messages[-1]["content"])["message"]
    return text


def _says_it_has_joined(message: Message) -> bool:
    return message.author.bot and "** is in " in message.content


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
