"""One turn: a message, its reply written while it is spoken, and everything cleared away."""

import asyncio
import logging
import shutil
import tempfile
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import discord

from assistant import wording
from assistant.chat import ChatModel
from assistant.errors import CallMute, ModelError, SpeechUnavailable
from assistant.memory import Conversation
from assistant.opus import FRAME_SECONDS
from assistant.posting import post
from assistant.preflight import TextPlace
from assistant.speaker import Speaker
from assistant.speech.synthesizer import Synthesizer
from assistant.spoken import SpokenText
from assistant.track import Track

_log = logging.getLogger(__name__)

_PIECE_CHARACTERS: Final = 95
"""gTTS splits a text of over 100 characters at every comma; it adds a space to each "?" and "!" before it counts."""
_AHEAD_SECONDS: Final = 20.0
"""How much speech is made before it is needed; the rest of a long answer may never be."""
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
        folder: Path,
    ) -> None:
        """`folder` is the call's own; the turn makes its audio in a folder inside it."""
        self.question = question
        """What is answered."""
        self.is_answered = False
        """Whether the answer, or why there is none, was written."""
        self._model = model
        self._synthesizer = synthesizer
        self._speaker = speaker
        self._conversation = conversation
        self._folder = folder
        self._track = Track()
        self._sentences: asyncio.Queue[str | None] = asyncio.Queue()
        self._spoken = True

    async def run(self) -> None:
        """Answer the question; failures of the model, of speech and of the channel are told, not raised."""
        _log.info("📝 Processing message: %s", self.question.text)
        was_mute = self._speaker.is_mute
        folder = Path(await asyncio.to_thread(tempfile.mkdtemp, prefix="turn-", dir=self._folder))
        try:
            async with asyncio.TaskGroup() as tasks:
                typing = tasks.create_task(self._type())
                tasks.create_task(self._speak(folder))
                playing = tasks.create_task(self._play())
                await self._write()
                typing.cancel()
                await playing
            if self._track.cursor and self._spoken:
                _log.info("✅ Done speaking")
            if not (self._spoken or was_mute):  # while the call is mute, the panel says so
                note = wording.PARTLY_SPOKEN if self._track.cursor else wording.UNSPOKEN
                await post(self.question.place, note)
        finally:
            await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)
            _log.info("🗑️ Cleaned up: %s", folder)

    async def _write(self) -> None:
        """Stream the reply from the model into sentences; post it when it is whole."""
        question = self.question
        spoken = SpokenText(_PIECE_CHARACTERS)
        pieces: list[str] = []
        failure: ModelError | None = None
        try:
            async with aclosing(
                self._model.reply(self._conversation.messages_for(question.author, question.text))
            ) as deltas:
                async for delta in deltas:
                    pieces.append(delta)
                    self._say(spoken.feed(delta))
        except ModelError as error:
            _log.warning("The model failed: %s", error)
            failure = error
        self._say(spoken.finish())
        apology = wording.model_failed(failure) if failure is not None else ""
        self._say([apology] if apology else [])
        self._sentences.put_nowait(None)
        reply = "".join(pieces).strip()
        if reply:
            _log.info("🤖 AI Response: %s", reply)
            self._conversation.remember(question.author, question.text, reply)
            await post(question.place, reply, answering=question.message)
        if apology:
            await post(question.place, apology, answering=None if reply else question.message)
        self.is_answered = True

    def _say(self, sentences: list[str]) -> None:
        for sentence in sentences:
            self._sentences.put_nowait(sentence)

    async def _play(self) -> None:
        try:
            await self._speaker.play(self._track)
        except CallMute:
            _log.warning("The answer is left to its text: the call has no voice for now")
            self._spoken = False

    async def _speak(self, folder: Path) -> None:
        """Make speech of the sentences, each while the one before is heard."""
        try:
            while (sentence := await self._sentences.get()) is not None and self._spoken:
                await self._synthesizer.speak(sentence, folder, self._track.append)
                await asyncio.sleep(self._track.waiting * FRAME_SECONDS - _AHEAD_SECONDS)
        except SpeechUnavailable as error:
            # A reply with a hole in its middle would mislead: what comes after is left to the text.
            _log.warning("The answer could not be spoken: %s", error)
            self._spoken = False
        finally:
            self._track.finish()

    async def _type(self) -> None:
        """Show that an answer is being written."""
        while True:
            try:
                await self.question.place.trigger_typing()
            except (discord.DiscordException, OSError) as error:
                _log.debug("The typing indicator could not be shown: %s", error)
            await asyncio.sleep(_TYPING_SECONDS)
