"""A call in the sandbox in which members speak, and the bot, as it ships and in a process of its own, answers."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path
from types import MappingProxyType
from typing import Final

from bench.common.conversation import Pace
from bench.common.environment import environment_of
from bench.subjects.benched_bot import BenchedBot
from sandbox import ChannelHandle, MemberActor, Sandbox
from sandbox.standins.google import GoogleSpeech
from sandbox.standins.hibari_voice import Synthesizer
from sandbox.standins.language_model import LanguageModel
from sandbox.standins.speech import HostedSpeech
from sandbox.tools.bot_process import BotProcess
from sandbox.voice import Call, HeardFrame

_PROGRAM: Final = Path(__file__).parents[1] / "subjects" / "bot_under_test.py"
_PACE: Final = Pace()
_WAIT_SECONDS: Final = 120.0
_SETTLE_SECONDS: Final = 3.0
"""After which a new call does nothing any more."""
SPEECH_MODEL: Final = "tts-1"


@dataclass(frozen=True, kw_only=True)
class Services:
    """What a voice assistant needs, at its usual pace."""

    model: LanguageModel
    """The language model."""
    speech: HostedSpeech
    """Speech as OpenAI serves it."""


@dataclass(frozen=True, kw_only=True)
class SpokenCall(Services):
    """Everything that takes part."""

    text: ChannelHandle
    """Where the call was begun, and where everything is written down."""
    call: Call
    """What is heard."""
    members: Mapping[str, MemberActor]
    """Who is in the call, by name."""
    bot: BotProcess
    """The bot."""

    async def say(self, name: str, frames: Sequence[bytes]) -> float:
        """A member says something, and silence frames follow; returns when its first frame left."""
        begun = time.monotonic()
        await self.members[name].speak(frames)
        return begun

    def heard_since(self, begun: float) -> list[HeardFrame]:
        """What was heard of the bot from then on (`time.monotonic`), silence apart."""
        latest = takewhile(lambda frame: frame.arrival >= begun, reversed(self.call.frames))
        return [frame for frame in latest if not frame.is_silence][::-1]

    def chat(self) -> list[str]:
        """What stands in the chat, oldest first."""
        return [each.content for each in self.text.messages if not each.deleted]

    @property
    def questions(self) -> list[str]:
        """What stands in the chat that somebody has said, with their names."""
        return [content.splitlines()[0] for content in self.chat() if content.startswith("🗣️")]

    async def until_quiet(self, seconds: float = 1.0) -> None:
        """Return when the bot has been silent for so long."""
        last = None
        while last != (last := self._last_sound()):  # noqa: ASYNC110 - the end of sound is no event
            await asyncio.sleep(max(0.0, last + seconds - time.monotonic()))

    def _last_sound(self) -> float:
        return next((frame.arrival for frame in reversed(self.call.frames) if not frame.is_silence), 0.0)


@asynccontextmanager
async def open_services(answer: Callable[[str], str], voice: Synthesizer) -> AsyncIterator[Services]:
    """The model answers what it is asked last; the voice speaks.

    The pace is that of `bench.first_audio`.
    """
    async with (
        LanguageModel(
            lambda messages: answer(_said(messages[-1]["content"])),
            first_token_seconds=_PACE.first_token,
            tokens_per_second=_PACE.tokens,
        ) as model,
        HostedSpeech(
            voice,
            model=SPEECH_MODEL,
            first_byte_seconds=_PACE.speech,
            seconds_per_character=_PACE.speech_character,
        ) as speech,
    ):
        yield Services(model=model, speech=speech)


@asynccontextmanager
async def open_spoken_call(
    folder: Path,
    answer: Callable[[str], str],
    voice: Synthesizer,
    *,
    names: Sequence[str] = ("Ada",),
    settings: Mapping[str, str] = MappingProxyType({}),
) -> AsyncIterator[SpokenCall]:
    """A call that has begun, with these members in it; Discord encrypts it from end to end.

    Args:
        folder: where the bot writes.
        answer: see `open_services`.
        voice: see `open_services`.
        names: who is in it; the first one has called the bot.
        settings: other variables of the assistant.

    Raises:
        TimeoutError: the bot does not become ready, or does not join.
    """
    async with (
        Sandbox(bot_name="Molly", rate_limits=False) as discord,
        open_services(answer, voice) as services,
        GoogleSpeech() as google,
    ):
        guild = discord.add_guild("Reading club")
        text, lounge = guild.add_text_channel("general"), guild.add_voice_channel("Lounge")
        members = {name: guild.add_member(name) for name in names}
        environment = environment_of(discord, services.model, google, folder) | {
            "BENCHED_BOT": BenchedBot.ASSISTANT,
            "BLOCK_SECONDS": "0",
            "LISTENING": "everyone",
            "STT_ENGINE": "offline",
            "TTS_ENGINE": "hosted",
            "TTS_BASE_URL": services.speech.base_url,
            "TTS_MODEL": SPEECH_MODEL,
            **settings,
        }
        async with BotProcess(_PROGRAM, environment, folder / "bot.log") as bot:
            await discord.wait_until_ready(_WAIT_SECONDS)
            for member in members.values():
                await member.join(lounge)
            await members[names[0]].command("voice_chat", text)
            await text.wait_for_message(lambda message: "** is in " in message.content, _WAIT_SECONDS)
            await asyncio.sleep(_SETTLE_SECONDS)
            yield SpokenCall(
                model=services.model,
                speech=services.speech,
                text=text,
                call=lounge.call,
                members=members,
                bot=bot,
            )


def _said(content: str) -> str:
    """What a message to the model says; the assistant tells its author too, as JSON."""
    try:
        return str(json.loads(content)["message"])
    except (ValueError, TypeError, KeyError):
        return content
