"""A guild with two members, the assistant, and everything it talks to: all on 127.0.0.1, all real protocols."""

import asyncio
import json
import tempfile
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from assistant.config.settings import Settings
from assistant.runtime.bot import run
from assistant.stt.recognition_settings import OFF, RecognitionSettings
from assistant.tts.speech_settings import SpeechSettings
from assistant.voice.timing import VoiceTiming
from sandbox import ChannelHandle, GuildHandle, MemberActor, Sandbox
from sandbox.standins.google import GoogleSpeech
from sandbox.standins.language_model import LanguageModel
from sandbox.state.intents import PRIVILEGED, Intent
from sandbox.state.message import Message
from sandbox.voice import Call
from tests.support.empty_database import make_empty_database
from tests.support.eventually import eventually

SECONDS_A_CHARACTER: Final = 0.02
"""How long the humming voice takes for a letter: a frame."""
HASTE: Final = VoiceTiming(join_timeout=2.0, join_pause=0.1, recovery_timeout=2.0, recovery_pause=0.05, rate_limit=0.2)
"""Waits short enough for a test."""


def hum(text: str, _: str) -> tuple[NDArray[np.float32], int]:
    """A voice that costs nothing: a tone as long as the text, its pitch from the text, as loud as speech is to be."""
    rate = 24_000
    time = np.arange(int(len(text) * SECONDS_A_CHARACTER * rate)) / rate
    pitch = 200 + sum(map(ord, text)) % 400
    return (0.15 * np.sin(2 * np.pi * pitch * time)).astype(np.float32), rate


def echo(messages: Sequence[Any]) -> str:
    """A model that says what it was told."""
    return f"You said {json.loads(messages[-1]['content'])['message']}."


@dataclass
class Scene:
    """What a test acts in."""

    discord: Sandbox
    """Discord."""
    model: LanguageModel
    """The language model."""
    google: GoogleSpeech
    """Google's speech."""
    guild: GuildHandle
    """A server."""
    text: ChannelHandle
    """A text channel in it."""
    lounge: ChannelHandle
    """A voice channel in it."""
    ada: MemberActor
    """A member."""
    ben: MemberActor
    """Another one."""
    settings: Settings
    """The assistant's settings, without anything reaching the internet."""
    heard: int = 0
    """How many frames of speech `heard_to_the_end` has waited for so far."""

    @property
    def call(self) -> Call:
        """What is heard in the lounge."""
        return self.lounge.call

    def speech(self, **changes: Any) -> SpeechSettings:
        """The assistant's settings of speech, but for the changes."""
        return replace(self.settings.speech, **changes)

    @asynccontextmanager
    async def assistant(self, timing: VoiceTiming = HASTE, **changes: Any) -> AsyncIterator[None]:
        """The assistant, logged in and with its commands known; stopped in order at the end."""
        stop = asyncio.Event()
        bot = asyncio.create_task(run(replace(self.settings, **changes), stop, timing))
        try:
            ready = asyncio.create_task(self.discord.wait_until_ready(20))
            await asyncio.wait({bot, ready}, return_when=asyncio.FIRST_COMPLETED)
            if bot.done():
                await bot  # what it raised says more than "not ready"
            await ready
            yield
        finally:
            stop.set()
            await bot
            await eventually(lambda: not self.discord.connected)  # until the gateway, too, has taken notice

    async def begin_call(self) -> Message:
        """Ada joins the lounge and calls the assistant; the panel is returned once the call is live."""
        await self.ada.join(self.lounge)
        return await self.call_assistant()

    async def call_assistant(self, state: str = "is in") -> Message:
        """Ada calls the assistant; its panel is returned once it shows `state`."""
        earlier = list(self.text.messages)
        reply = await self.ada.command("voice_chat", self.text)
        assert reply.content.startswith("I'm joining"), reply.content
        panel = await self.text.wait_for_message(
            lambda message: "**Molly**" in message.content and message not in earlier, 10
        )
        await panel.wait_for(lambda message: state in message.content, 10)
        return panel

    async def answer_to(self, line: str, timeout: float = 20.0, place: ChannelHandle | None = None) -> Message:
        """Ada types a line; return what is posted in answer."""
        channel = place or self.lounge
        known = len(channel.messages)
        await self.ada.type(line, channel)
        return await channel.wait_for_message(
            lambda message: message.author.bot and message not in channel.messages[:known], timeout
        )

    async def heard_to_the_end(self, seconds: float = 0.4, timeout: float = 30.0) -> None:
        """Return when speech was heard, since the last time this was asked, and has ended."""
        await self.call.wait_for_frames(self.heard + 1, timeout)
        await self.call.wait_until_quiet(seconds, timeout)
        self.heard = len(self.call.speech())

    async def everybody_left(self, panel: Message, reason: str, timeout: float = 10.0) -> None:
        """Return when the panel says that the call is over, and why, and the bot is in no channel."""
        await panel.wait_for(lambda message: "has ended" in message.content, timeout)
        assert reason in panel.content, panel.content
        assert self.discord.bot.id not in {user.id for user in self.lounge.occupants}


@asynccontextmanager
async def make_scene(
    use_environment: Callable[[Mapping[str, str]], None],
    folder: Path,
    *,
    dave_protocol_version: int = 1,
    responder: Callable[[Sequence[Any]], str] = echo,
    voice: Callable[[str, str], tuple[NDArray[np.float32], int]] | None = hum,
    privileged_intents: Intent = PRIVILEGED,
) -> AsyncIterator[Scene]:
    """Open a scene; `use_environment` sets the variables that lead to Google's stand-in.

    The assistant's database is a file in `folder`, as where it ships: the same code, and one for each test. Its tables
    are there already: what makes them is tested in tests/unit/storage, and in tests/deployment whole bots do.
    """
    async with (
        Sandbox(
            bot_name="Molly",
            dave_protocol_version=dave_protocol_version,
            privileged_intents=privileged_intents,
            rate_limits=False,  # tests type and start bots faster than people do
        ) as discord,
        LanguageModel(responder) as model,
        GoogleSpeech(voice) as google,
    ):
        await asyncio.to_thread(make_empty_database, folder / "assistant.db")
        use_environment({**google.environment, "NO_PROXY": "127.0.0.1"})  # only Google is reached through its proxy
        guild = discord.add_guild("Reading club")
        yield Scene(
            discord=discord,
            model=model,
            google=google,
            guild=guild,
            text=guild.add_text_channel("general"),
            lounge=guild.add_voice_channel("Lounge"),
            ada=guild.add_member("Ada"),
            ben=guild.add_member("Ben"),
            settings=Settings(
                discord_token=discord.bot.token,
                discord_api_url=discord.api_url,
                discord_files_url=discord.files_url,
                discord_ca_file=Path(discord.ca_file),
                ai_base_url=model.base_url,
                ai_model="sandbox-model",
                recognition=RecognitionSettings(engine=(OFF,)),
                speech=SpeechSettings(engine=("gtts",), cache_megabytes=0),
                database_url=f"sqlite:///{folder}/assistant.db",
                member_messages_per_minute=0,  # tests type faster than people do
                server_messages_per_minute=0,
            ),
        )


SceneMaker = Callable[..., AbstractAsyncContextManager[Scene]]
"""`make_scene` with its first two arguments given."""


def call_folders() -> set[str]:
    """The folders of calls that there are now, by their names."""
    return {path.name for path in Path(tempfile.gettempdir()).glob("voice-call-*")}
