"""A call in which a member types and a bot answers, and how long each turn takes."""

import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bench.common.environment import environment_of
from bench.common.workload import even_voice
from bench.subjects.benched_bot import BenchedBot
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
"""After so much silence an answer is over. It is longer than a pause between two sentences."""
_WAIT_SECONDS: Final = 120.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How fast the services are."""

    first_token: float = 0.3
    """Seconds from a request to the model's first token."""
    tokens: float = 40.0
    """Tokens a second after that."""
    speech: float = 0.35
    """Seconds for a piece of speech..."""
    speech_character: float = 0.004
    """... plus seconds for each of its characters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TimedTurn:
    """One message and its answer, as a member and the services saw it. Times are in seconds of one clock."""

    typed: float
    """When the message was typed."""
    model_request: ModelRequest
    """What the model was asked, with the times of its tokens."""
    pieces: tuple[SpeechRequest, ...]
    """The requests to the speech service, in order."""
    frames: tuple[HeardFrame, ...]
    """All frames from the first that is not silence to the last."""

    @property
    def first_audio(self) -> float:
        """Seconds from the message to the first sound of its answer."""
        return self.frames[0].arrival - self.typed

    @property
    def floor(self) -> float | None:
        """Seconds that the services took: the model up to the end of the first piece, and speech for that piece.

        None where the answer was not streamed.
        """
        if not self.model_request.tokens:
            return None
        piece = self.pieces[0]
        return floor(self.model_request, piece, piece.text)

    @property
    def overhead(self) -> float | None:
        """Seconds that the bot and Discord added to the floor; None where the answer was not streamed."""
        return None if self.floor is None else self.first_audio - self.floor


def floor(model: ModelRequest, speech: SpeechRequest, written: str) -> float:
    """Seconds that the services took: the model up to the end of a first piece, and the speech for it.

    `written` is what the model wrote of the piece.
    """
    return when_written(model, written) - model.arrived + (speech.answered or 0.0) - speech.arrived


def when_written(model: ModelRequest, piece: str) -> float:
    """When the model sent the token that completes an answer's first piece."""
    missing = _letters(piece)
    for when, token in model.tokens:
        missing -= _letters(token)
        if missing <= 0:
            return when
    return model.tokens[-1][0]


@dataclass(kw_only=True)
class Conversation:
    """One call, and everything that takes part in it."""

    discord: Sandbox
    """Discord."""
    model: LanguageModel
    """The language model."""
    google: GoogleSpeech
    """Google's speech service."""
    text: ChannelHandle
    """Where /voice_chat is used."""
    lounge: ChannelHandle
    """Where the call is, and where people type."""
    ada: MemberActor
    """The member who calls and types."""
    bot: BotProcess
    """The bot."""

    async def begin(self) -> Message:
        """Call the bot; return the message it posts when it has joined.

        Raises:
            TimeoutError: it does not join.
        """
        earlier = list(self.text.messages)
        await self.ada.join(self.lounge)
        await self.ada.command("voice_chat", self.text)
        panel = await self.text.wait_for_message(lambda message: message not in earlier, _WAIT_SECONDS)
        await panel.wait_for(lambda message: "is in" in message.content or "I am in" in message.content, _WAIT_SECONDS)
        return panel

    async def end(self, panel: Message) -> None:
        """Press End Call and wait for the goodbye.

        Raises:
            TimeoutError: there is none.
        """
        await self.ada.click(panel, "End Call")
        await panel.wait_for(lambda message: "has ended" in message.content, _WAIT_SECONDS)

    async def turn(self) -> TimedTurn:
        """Type a message where the call was started, and wait until its answer was heard to the end.

        Raises:
            TimeoutError: the answer is not heard, or does not end.
        """
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
            model_request=self.model.requests[-1],
            pieces=tuple(self.google.requests[asked:]),
            frames=tuple(frame for frame in call.frames if first <= frame.arrival <= last),
        )


@asynccontextmanager
async def open_conversation(
    folder: Path,
    answer: Callable[[int], str],
    *,
    bot: BenchedBot = BenchedBot.ASSISTANT,
    pace: Pace = Pace(),
) -> AsyncIterator[Conversation]:
    """A conversation with a bot. The model replies `answer(n)` to its n-th request, counted from 0.

    Raises:
        TimeoutError: the bot does not become ready.
    """
    async with (
        Sandbox(bot_name="Molly", rate_limits=False) as discord,
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
