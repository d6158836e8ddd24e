"""A call in which a member types and a bot answers, and how long each turn of it takes."""

import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bench.common.environment import environment_of
from bench.common.workload import even_voice
from sandbox import ChannelHandle, MemberActor, Sandbox
from sandbox.standins.google import GoogleSpeech
from sandbox.standins.google.google_speech import SpeechRequest
from sandbox.standins.language_model import LanguageModel
from sandbox.standins.language_model.model_server import ModelRequest
from sandbox.state.message import Message
from sandbox.tools.bot_process import BotProcess
from sandbox.voice import HeardFrame

_PROGRAM: Final = Path(__file__).parents[1] / "subjects" / "bot_under_test.py"
_PAUSE_SECONDS: Final = 0.8
"""An answer is over when nothing was heard for that long: longer than a pause between two sentences."""
_WAIT_SECONDS: Final = 120.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How long the services take."""

    first_token: float = 0.3
    """Seconds from a request to the model's first token."""
    tokens: float = 40.0
    """Tokens a second from there."""
    speech: float = 0.35
    """Seconds that a piece of speech takes..."""
    speech_character: float = 0.004
    """... and seconds more for each of its characters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TimedTurn:
    """One message and its answer, as a member and the services saw it. Times are in seconds of one clock."""

    typed: float
    """When the message was typed."""
    thought: ModelRequest
    """What the model was asked, with the times of its tokens."""
    pieces: tuple[SpeechRequest, ...]
    """What the speech service was asked, in the order of asking."""
    frames: tuple[HeardFrame, ...]
    """All that was heard from the first frame that is not silence to the last."""

    @property
    def first_audio(self) -> float:
        """Seconds from the message to the first sound of its answer."""
        return self.frames[0].arrival - self.typed

    @property
    def floor(self) -> float | None:
        """Seconds that the services took: the model to the end of the first piece, the speech service for it.

        None where the answer was not streamed.
        """
        if not self.thought.tokens:
            return None
        piece = self.pieces[0]
        return (self._token_time(piece.text) - self.thought.arrived) + (piece.answered or 0.0) - piece.arrived

    @property
    def overhead(self) -> float | None:
        """Seconds that the bot and Discord added to that."""
        return None if self.floor is None else self.first_audio - self.floor

    def _token_time(self, piece: str) -> float:
        """When the token was sent that completes a piece at the beginning of the answer."""
        missing = _letters(piece)
        for when, token in self.thought.tokens:
            missing -= _letters(token)
            if missing <= 0:
                return when
        return self.thought.tokens[-1][0]


@dataclass(kw_only=True)
class Conversation:
    """One call, and all that takes part in it."""

    discord: Sandbox
    """Discord."""
    model: LanguageModel
    """The language model."""
    google: GoogleSpeech
    """Google's speech."""
    text: ChannelHandle
    """Where /voice_chat is used."""
    lounge: ChannelHandle
    """Where the call is, and where people type."""
    ada: MemberActor
    """Who calls."""
    bot: BotProcess
    """The bot."""

    async def begin(self) -> Message:
        """Call the bot; return what it writes when it is there."""
        earlier = list(self.text.messages)
        await self.ada.join(self.lounge)
        await self.ada.command("voice_chat", self.text)
        panel = await self.text.wait_for_message(lambda message: message not in earlier, _WAIT_SECONDS)
        await panel.wait_for(lambda message: "is in" in message.content or "I am in" in message.content, _WAIT_SECONDS)
        return panel

    async def end(self, panel: Message) -> None:
        """Press End Call and wait for the goodbye."""
        await self.ada.click(panel, "End Call")
        await panel.wait_for(lambda message: "has ended" in message.content, _WAIT_SECONDS)

    async def turn(self) -> TimedTurn:
        """Type a message where the call was begun, and wait until its answer was heard to the end."""
        call = self.lounge.call
        known, asked = len(call.speech()), len(self.google.requests)
        typed = time.monotonic()
        await self.ada.type("talk", self.text)
        await call.wait_for_frames(known + 1, _WAIT_SECONDS)
        await call.wait_until_quiet(_PAUSE_SECONDS, _WAIT_SECONDS)
        speech = call.speech()[known:]
        first, last = speech[0].arrival, speech[-1].arrival
        return TimedTurn(
            typed=typed,
            thought=self.model.requests[-1],
            pieces=tuple(self.google.requests[asked:]),
            frames=tuple(frame for frame in call.frames if first <= frame.arrival <= last),
        )


@asynccontextmanager
async def open_conversation(
    folder: Path,
    answer: Callable[[int], str],
    *,
    bot: str = "assistant",
    pace: Pace = Pace(),
) -> AsyncIterator[Conversation]:
    """A conversation with "seed" or "assistant"; the n-th `answer` is given to the n-th request, from 0 on."""
    async with (
        Sandbox(bot_name="Molly") as discord,
        LanguageModel(
            lambda _: answer(len(model.requests) - 1),
            first_token_seconds=pace.first_token,
            tokens_per_second=pace.tokens,
        ) as model,
        GoogleSpeech(even_voice, delay=pace.speech, seconds_per_character=pace.speech_character) as google,
    ):
        guild = discord.add_guild("Reading club")
        environment = environment_of(discord, model, google, folder) | {"BENCHED_BOT": bot, "BLOCK_SECONDS": "0"}
        async with BotProcess(_PROGRAM, environment, folder / "bot.log") as process:
            await discord.wait_until_ready(_WAIT_SECONDS)
            yield Conversation(
                discord=discord,
                model=model,
                google=google,
                text=guild.add_text_channel("general"),
                lounge=guild.add_voice_channel("Lounge"),
                ada=guild.add_member("Ada"),
                bot=process,
            )


def _letters(text: str) -> int:
    return sum(not character.isspace() for character in text)
