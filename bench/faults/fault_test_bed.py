"""Where a fault is tried: a Discord of its own, in which a member calls a bot, and the services that the bot uses."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final

from bench.common.environment import environment_of
from bench.common.pitch_coded_audio import Answer, answer_to, pitch_coded_voice
from bench.faults.heard_audio import HeardAudio
from bench.subjects.benched_bot import BenchedBot
from sandbox import ChannelHandle, GuildHandle, MemberActor, Sandbox
from sandbox.standins.google import GoogleSpeech
from sandbox.standins.language_model import LanguageModel
from sandbox.state.message import Message
from sandbox.tools.bot_process import BotProcess
from sandbox.voice import HeardFrame
from tests.support.empty_database import make_empty_database

_PROGRAM: Final = Path(__file__).parents[1] / "subjects" / "bot_under_test.py"
_READY_SECONDS: Final = 60.0


@dataclass
class FaultTestBed:
    """Everything that a fault can affect."""

    discord: Sandbox
    """Discord."""
    guild: GuildHandle
    """A server."""
    text: ChannelHandle
    """The text channel in which everything is typed."""
    lounge: ChannelHandle
    """The voice channel of the call."""
    attic: ChannelHandle
    """Another voice channel."""
    ada: MemberActor
    """The member who calls the bot."""
    ben: MemberActor
    """Another member, in no voice channel at first."""
    cleo: MemberActor
    """A third member, in no voice channel at first."""
    bot: BotProcess
    """The bot's process."""
    model: LanguageModel
    """The language model."""

    async def begin_call(self) -> None:
        """Let Ada call the bot into the lounge; return when it says that it has joined.

        Raises:
            TimeoutError: it does not become ready, or does not join.
        """
        await self.discord.wait_until_ready(_READY_SECONDS)
        await self.ada.join(self.lounge)
        await self.ada.command("voice_chat", self.text)
        await self.text.wait_for_message(_says_it_has_joined, _READY_SECONDS)

    @property
    def speech(self) -> list[HeardFrame]:
        """The frames of speech that were heard in both voice channels."""
        return [frame for channel in (self.lounge, self.attic) for frame in channel.call.speech()]

    @property
    def connections(self) -> int:
        """How many voice websockets the bot has opened."""
        return sum(len(channel.call.connections) for channel in (self.lounge, self.attic))

    @property
    def has_websocket(self) -> bool:
        """Whether the bot has an open voice websocket."""
        sessions = [session for channel in (self.lounge, self.attic) for session in channel.call.sessions]
        return any(session.connection is not None for session in sessions)

    def has_written(self, answer: Answer) -> bool:
        """Whether the bot has posted an answer."""
        return any(answer.text in message.content for message in self.bot_messages)

    @property
    def sent_in_clear(self) -> int:
        """How many frames came without the call's end-to-end encryption."""
        return sum(channel.call.plaintext_with_dave for channel in (self.lounge, self.attic))

    async def heard(self) -> HeardAudio:
        """What was heard so far, analysed."""
        return await asyncio.to_thread(HeardAudio.of, self.speech)

    @property
    def bot_messages(self) -> list[Message]:
        """Everything that the bot has posted."""
        channels = (self.text, self.lounge, self.attic)
        return [message for channel in channels for message in channel.messages if message.author.bot]


@asynccontextmanager
async def open_fault_test_bed(
    bot: BenchedBot,
    *,
    dave_version: int,
    block_seconds: float,
    folder: Path,
    settings: Mapping[str, str] = MappingProxyType({}),
) -> AsyncIterator[FaultTestBed]:
    """Open a test bed for one bot; its log and temporary files are in `folder`. `settings` are further variables."""
    async with (
        Sandbox(bot_name="Molly", dave_protocol_version=dave_version, rate_limits=False) as discord,
        LanguageModel(_reply) as model,
        GoogleSpeech(pitch_coded_voice) as google,
    ):
        guild = discord.add_guild("Reading club")
        text = guild.add_text_channel("general")
        lounge, attic = guild.add_voice_channel("Lounge"), guild.add_voice_channel("Attic")
        ada, ben, cleo = (guild.add_member(name) for name in ("Ada", "Ben", "Cleo"))
        environment = environment_of(discord, model, google, folder) | {
            "BENCHED_BOT": bot.value,
            "BLOCK_SECONDS": str(block_seconds),
            **settings,
        }
        await asyncio.to_thread(make_empty_database, folder / "assistant.db")  # of `environment_of`
        async with BotProcess(_PROGRAM, environment, folder / "bot.log") as process:
            yield FaultTestBed(discord, guild, text, lounge, attic, ada, ben, cleo, process, model)


def _reply(messages: Sequence[Mapping[str, str]]) -> str:
    answer = answer_to(messages[-1]["content"])
    return answer.text if answer else "I beg your pardon."


def _says_it_has_joined(message: Message) -> bool:
    return message.author.bot and ("** is in " in message.content or "I am in the call" in message.content)
