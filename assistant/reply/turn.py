"""One turn: a message, its reply written while it is spoken, and everything cleared away."""

import asyncio
import logging
import shutil
import tempfile
import time
from collections.abc import Callable, Sequence, Set
from contextlib import aclosing, suppress
from pathlib import Path
from typing import Final

import discord

from assistant.audio.player import Player
from assistant.discord_io import wording
from assistant.discord_io.mention_names import mention_names
from assistant.discord_io.message_splitter import with_note
from assistant.discord_io.posting import post
from assistant.domain.errors import ModelError
from assistant.domain.turn_outcome import TurnOutcome
from assistant.llm.client import ChatClient
from assistant.preferences.reply_options import ReplyOptions
from assistant.reply.history import Conversation, interrupted
from assistant.reply.question import Question
from assistant.reply.spoken_reply import Recital
from assistant.reply.turn_record import TurnRecord
from assistant.telemetry.turn_trace import TurnTrace
from assistant.tts.synthesizer import Synthesizer

_log = logging.getLogger(__name__)

_TYPING_SECONDS: Final = 8.0
"""Discord shows a typing indicator for ten seconds (https://discord.com/developers/docs/resources/channel)."""
_PROGRESS_SECONDS: Final = 0.25
"""How soon it is written down that a sentence was heard: should we be killed sooner, it is heard again."""


class Turn:
    """Answers one question. Used once."""

    def __init__(
        self,
        question: Question,
        *,
        model: ChatClient,
        synthesizer: Synthesizer,
        player: Player,
        conversation: Conversation,
        language_of: Callable[[str], str],
        options: ReplyOptions,
        told: Set[str],
        folder: Path,
        record: TurnRecord,
    ) -> None:
        """Nothing happens until `run`.

        Args:
            question: what is to be answered.
            model: who answers.
            synthesizer: who speaks.
            speaker: where it is heard.
            conversation: what the model is reminded of; the turn is added to it.
            language_of: tells the language of a sentence, as a gTTS code.
            manner: how it is answered.
            told: the languages of which people know already that nobody speaks them.
            folder: the call's own; the turn makes its audio in a folder inside it.
            record: where it is written down how far the turn has come.
        """
        self.question = question
        """What is answered."""
        self.is_answered = False
        """Whether the answer, or why there is none, was written."""
        self.trace = TurnTrace(received=question.received)
        """Where its time goes."""
        self._model = model
        self._player = player
        self._conversation = conversation
        self._options = options
        self._folder = folder
        self._record = record
        self._kept = question.kept
        # Of an answer that was not written down, what was heard counts for nothing: the model writes another one.
        self._heard_before = question.kept.heard if question.kept is not None and question.kept.reply is not None else 0
        self._recital = Recital(
            synthesizer=synthesizer,
            player=player,
            language_of=language_of,
            names=mention_names(question.place.guild),
            options=options,
            told=told,
            trace=self.trace,
            heard_before=self._heard_before,
        )
        self._pieces: list[str] = []
        self._failure: ModelError | None = None
        self._writing: asyncio.Task[None] | None = None
        self._is_written = False
        self._skipped_by: str | None = None
        self._is_suspended = False
        self._is_spoken = asyncio.Event()

    @property
    def unspoken(self) -> Set[str]:
        """The languages of which this turn has told that nobody speaks them."""
        return self._recital.unspoken

    @property
    def outcome(self) -> TurnOutcome:
        """What became of the question, once `run` has ended."""
        if self._skipped_by is not None:
            return TurnOutcome.SKIPPED
        if self.leaves_rest:
            return TurnOutcome.SUSPENDED
        if self._failure is not None:
            return TurnOutcome.MODEL_FAILED
        return TurnOutcome.ANSWERED if self._recital.is_whole else TurnOutcome.PARTLY_SPOKEN

    @property
    def holes(self) -> Sequence[float]:
        """The silences inside the answer that nobody meant, each in seconds."""
        return self._recital.holes

    @property
    def gives_way(self) -> bool:
        """Whether a message that comes now is to interrupt the answer."""
        is_heard = self._recital.has_begun and not self._recital.is_over
        return is_heard and self._options.during_speech == "replace"

    def skip(self, by: str) -> bool:
        """Stop the answer, at once: nothing more of it is heard, written or made. False when there is none to stop.

        `by` is the display name of who wants that.
        """
        if self._skipped_by is not None or (self._is_written and self._recital.is_over):
            return False
        self._skipped_by = by
        self._recital.stop()
        if self._writing is not None:
            self._writing.cancel()
        _log.info("⏭️ Skipped by %s", by)
        return True

    @property
    def leaves_rest(self) -> bool:
        """Whether the turn was suspended with something left to say."""
        return self._is_suspended and self._skipped_by is None and self._recital.leaves_rest

    def suspend(self) -> None:
        """Let the sentence of the moment be heard to its end, and the answer be written; the rest is for later."""
        self._is_suspended = True
        self._recital.end_after_sentence()

    async def run(self) -> None:
        """Answer the question; failures of the model, of speech and of the channel are told, not raised."""
        _log.info("📝 Processing message: %s", self.question.text)
        self.trace.begun = time.monotonic()
        was_mute = self._player.is_mute
        folder = Path(await asyncio.to_thread(tempfile.mkdtemp, prefix="turn-", dir=self._folder))
        try:
            async with asyncio.TaskGroup() as tasks:
                typing = tasks.create_task(self._type())
                reciting = tasks.create_task(self._recital.run(folder))
                tasks.create_task(self._note_progress())
                self._writing = tasks.create_task(self._write())
                if self._skipped_by is not None:
                    self._writing.cancel()
                await asyncio.wait({self._writing})  # which a skip may cancel
                await self._post()
                typing.cancel()
                await reciting
                self._is_spoken.set()
            _log.debug("The turn's trace: %s", self.trace)
            await self._tell_how_it_was_spoken(was_mute=was_mute)
        finally:
            self._remember()
            await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)
            _log.info("🗑️ Cleaned up: %s", folder)

    async def _write(self) -> None:
        """Stream the reply from the model into speech, unless it was written before."""
        if self._kept is not None and self._kept.reply is not None:
            self._pieces.append(self._kept.reply)
            self._recital.feed(self._kept.reply)
        else:
            await self._ask_model()
        self._recital.finish(self._apology)
        self._is_written = True

    async def _ask_model(self) -> None:
        messages = self._conversation.messages_for(self.question.author, self.question.text)
        try:
            async with aclosing(self._model.reply(messages)) as deltas:
                async for delta in deltas:
                    self.trace.first_token = self.trace.first_token or time.monotonic()
                    self._pieces.append(delta)
                    self._recital.feed(delta)
        except ModelError as error:
            _log.warning("The model failed: %s", error)
            self._failure = error

    @property
    def _reply(self) -> str:
        """What was written so far."""
        return "".join(self._pieces).strip()

    @property
    def _apology(self) -> str:
        if self._failure is not None:
            return wording.model_failed(self._failure)
        return self._kept.apology if self._kept is not None else ""

    async def _post(self) -> None:
        """Post what was written, and why that is not all, if it is not."""
        reply = text = self._reply
        if reply:
            _log.info("🤖 AI Response: %s", reply)
        if self._skipped_by is not None and not self._is_written:
            text = with_note(reply, wording.interrupted(self._skipped_by))
        if self._kept is None or not self._kept.is_posted:
            if self._skipped_by is None:
                await self._record.written(self._reply, self._apology)
            message = self.question.message
            for number, part in enumerate(part for part in (text, self._apology) if part):
                answering = None if number else message
                await post(self.question.place, part, answering=answering, once=f"{message.id}{'.' * number}")
            await self._record.posted()
        self.is_answered = True

    def _remember(self) -> None:
        """Add the turn to the memory: what was answered, or as much of it as was heard before it was skipped."""
        if self._skipped_by is not None and self._failure is None:
            reply = interrupted(self._recital.heard, self._skipped_by)
        elif self._is_written and self._reply:
            reply = self._reply
        else:
            return
        self._conversation.remember(self.question.author, self.question.text, reply)

    async def _tell_how_it_was_spoken(self, *, was_mute: bool) -> None:
        if self._skipped_by is not None or self.leaves_rest:
            return
        for language in sorted(self.unspoken):
            await post(self.question.place, wording.no_voice(language))
        if self._recital.is_whole:
            if self._recital.has_begun:
                _log.info("✅ Done speaking")
        elif not was_mute:  # while the call is mute, the panel says so
            note = wording.PARTLY_SPOKEN if self._recital.has_begun else wording.UNSPOKEN
            await post(self.question.place, note)

    async def _note_progress(self) -> None:
        noted = self._heard_before
        if self._kept is not None and self._kept.heard != noted:
            await self._record.heard(noted)
        while not self._is_spoken.is_set():
            with suppress(TimeoutError):
                async with asyncio.timeout(_PROGRESS_SECONDS):
                    await self._is_spoken.wait()
            if (heard := self._recital.heard_sentences) > noted:
                await self._record.heard(heard)
                noted = heard

    async def _type(self) -> None:
        """Show that an answer is being written."""
        while True:
            try:
                await self.question.place.trigger_typing()
            except (discord.DiscordException, OSError) as error:
                _log.debug("The typing indicator could not be shown: %s", error)
            await asyncio.sleep(_TYPING_SECONDS)
