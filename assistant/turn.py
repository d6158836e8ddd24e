"""One turn: a message, its reply written while it is spoken, and everything cleared away."""

import asyncio
import logging
import shutil
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import discord

from assistant import wording
from assistant.chat import ChatModel
from assistant.errors import CallMute, ModelError
from assistant.memory import Conversation
from assistant.narration import Narration
from assistant.posting import post
from assistant.preflight import TextPlace
from assistant.speaker import Speaker
from assistant.speech.synthesizer import Synthesizer
from assistant.spoken.names import names_in
from assistant.spoken.sentence import Sentence
from assistant.spoken.text import SpokenText
from assistant.trace import TurnTrace
from assistant.track import Track

_log = logging.getLogger(__name__)

_PIECE_CHARACTERS: Final = 95
"""gTTS splits a text of over 100 characters at every comma; it adds a space to each "?" and "!" before it counts."""
_TYPING_SECONDS: Final = 8.0
"""Discord shows a typing indicator for ten seconds (https://discord.com/developers/docs/resources/channel)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A message that was accepted, so that it will be answered or its failure said."""

    author: str
    """The display name of who wrote it."""
    text: str
    """What they wrote, with mentions as names."""
    message: discord.Message
    """The message itself."""
    place: TextPlace
    """Where it was typed, and where the answer is written."""
    received: float = field(default_factory=time.monotonic)
    """When it came, in seconds of `time.monotonic()`."""


class Turn:
    """Answers one question. Used once."""

    def __init__(
        self,
        question: Question,
        *,
        model: ChatModel,
        synthesizer: Synthesizer,
        speaker: Speaker,
        conversation: Conversation,
        language_of: Callable[[str], str],
        folder: Path,
    ) -> None:
        """Nothing happens until `run`.

        Args:
            question: what is to be answered.
            model: who answers.
            synthesizer: who speaks.
            speaker: where it is heard.
            conversation: what the model is reminded of; the turn is added to it.
            language_of: tells the language of a sentence, as a gTTS code.
            folder: the call's own; the turn makes its audio in a folder inside it.
        """
        self.question = question
        """What is answered."""
        self.is_answered = False
        """Whether the answer, or why there is none, was written."""
        self.trace = TurnTrace(received=question.received)
        """Where its time goes."""
        self._model = model
        self._synthesizer = synthesizer
        self._speaker = speaker
        self._conversation = conversation
        self._language_of = language_of
        self._folder = folder
        self._track = Track()

    async def run(self) -> None:
        """Answer the question; failures of the model, of speech and of the channel are told, not raised."""
        _log.info("📝 Processing message: %s", self.question.text)
        self.trace.begun = time.monotonic()
        was_mute = self._speaker.is_mute
        folder = Path(await asyncio.to_thread(tempfile.mkdtemp, prefix="turn-", dir=self._folder))
        narration = Narration(self._synthesizer, self._track, folder)
        try:
            async with asyncio.TaskGroup() as tasks:
                typing = tasks.create_task(self._type())
                tasks.create_task(narration.run())
                playing = tasks.create_task(self._play(narration))
                await self._write(narration)
                typing.cancel()
                await playing
            self._finish_trace()
            if self._track.cursor and narration.is_whole:
                _log.info("✅ Done speaking")
            if not (narration.is_whole or was_mute):  # while the call is mute, the panel says so
                note = wording.PARTLY_SPOKEN if self._track.cursor else wording.UNSPOKEN
                await post(self.question.place, note)
        finally:
            await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)
            _log.info("🗑️ Cleaned up: %s", folder)

    async def _write(self, narration: Narration) -> None:
        """Stream the reply from the model into sentences; post it when it is whole."""
        question = self.question
        spoken = SpokenText(self._language_of, _PIECE_CHARACTERS, names_in(question.message.guild))
        pieces: list[str] = []
        failure: ModelError | None = None
        try:
            async with aclosing(
                self._model.reply(self._conversation.messages_for(question.author, question.text))
            ) as deltas:
                async for delta in deltas:
                    self.trace.first_token = self.trace.first_token or time.monotonic()
                    pieces.append(delta)
                    self._say(narration, spoken.feed(delta))
        except ModelError as error:
            _log.warning("The model failed: %s", error)
            failure = error
        self._say(narration, spoken.finish())
        apology = wording.model_failed(failure) if failure is not None else ""
        self._say(narration, [_aloud(apology)] if apology else [])
        narration.finish()
        reply = "".join(pieces).strip()
        if reply:
            _log.info("🤖 AI Response: %s", reply)
            self._conversation.remember(question.author, question.text, reply)
            await post(question.place, reply, answering=question.message)
        if apology:
            await post(question.place, apology, answering=None if reply else question.message)
        self.is_answered = True

    def _say(self, narration: Narration, sentences: Sequence[Sentence]) -> None:
        if sentences:
            self.trace.first_clause = self.trace.first_clause or time.monotonic()
            narration.say(sentences)

    async def _play(self, narration: Narration) -> None:
        try:
            await self._speaker.play(self._track)
        except CallMute:
            _log.warning("The answer is left to its text: the call has no voice for now")
            narration.stop()

    def _finish_trace(self) -> None:
        self.trace.first_speech, self.trace.first_frame = self._track.first_made, self._track.first_sent
        self.trace.ended = time.monotonic()
        _log.debug("The turn's trace: %s", self.trace)

    async def _type(self) -> None:
        """Show that an answer is being written."""
        while True:
            try:
                await self.question.place.trigger_typing()
            except (discord.DiscordException, OSError) as error:
                _log.debug("The typing indicator could not be shown: %s", error)
            await asyncio.sleep(_TYPING_SECONDS)


def _aloud(words: str) -> Sentence:
    """Words of our own, which are English."""
    return Sentence(said=words, source=words, language="en")
