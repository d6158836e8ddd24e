"""One turn: a message, its reply written while it is spoken, and everything cleared away."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Sequence, Set
from functools import partial
from typing import Final, Unpack

from assistant.audio.player import Player
from assistant.audio.track import Track
from assistant.cluster.journal import CallJournal
from assistant.discord_io import wording
from assistant.domain.call_snapshot import QuestionChanges
from assistant.domain.channels import TextPlace
from assistant.domain.errors import CallMute
from assistant.domain.turn_outcome import TurnOutcome
from assistant.reply.draft import ReplyDraft
from assistant.reply.history import Conversation, interrupted_reply
from assistant.reply.post_queue import PostQueue
from assistant.reply.question import Question
from assistant.reply.reply_poster import ReplyPoster
from assistant.reply.thinking_sound import play_thinking_sound
from assistant.util.private_text import PrivateText

_logger = logging.getLogger(__name__)

_LOOK_SECONDS: Final = 0.05
"""How often it is looked whether the answer is heard: its track is played in another thread."""


class Turn:
    """Answers one question. Used once.

    The draft makes the answer; the turn has its track played, posts its text in the channel, records how far it has
    come and remembers it. Where Discord takes its time with a text, nobody waits for it.
    """

    def __init__(
        self,
        question: Question,
        draft: ReplyDraft,
        *,
        player: Player,
        conversation: Conversation,
        journal: CallJournal,
        posts: PostQueue,
        elsewhere: Sequence[TextPlace] = (),
        thinking_sound: Sequence[bytes] = (),
    ) -> None:
        """Nothing happens until `run`.

        Args:
            question: what is to be answered.
            draft: the answer, whether or not it was begun.
            player: where it is heard.
            conversation: what the model is reminded of; the turn is added to it.
            journal: where it is recorded how far the answer has come.
            posts: who posts it.
            elsewhere: where the answer is written when that can't be done where the question was typed.
            thinking_sound: what is played where the answer to what was said takes long, as Opus frames; empty: nothing.
        """
        self.question = question
        """What is answered."""
        self.is_answered = False
        """Whether the answer, or why there is none, is in the channel, or nobody wants it there."""
        self.trace = draft.trace
        """Where its time goes."""
        self._draft = draft
        self._player = player
        self._conversation = conversation
        self._journal = journal
        self._posts = posts
        self._thinking_sound = thinking_sound if question.is_spoken and draft.is_spoken else ()
        self._snapshot = question.snapshot
        # Without `self`: a circle of references would keep the sound of each answer until the next full collection.
        self._poster = ReplyPoster(
            question, elsewhere, on_posts=lambda ids: journal.update_question(question.id, post_ids=ids)
        )
        self._track = draft.track
        self._producer = draft.producer
        self._writer = draft.writer
        self._posting: asyncio.Task[None] | None = None
        self._ending: Callable[[], Awaitable[bool]] | None = None
        self._is_over = asyncio.Event()
        self._is_spoken = asyncio.Event()
        self._was_mute = False
        self._skipped_by: str | None = None
        self._keeps_text = True
        self._is_suspended = False
        self.is_withdrawn = False
        """Whether the question is to be answered later, or another one in its place: nothing came of this turn."""

    @property
    def unspoken_languages(self) -> Set[str]:
        """The languages of which this turn has announced that nobody speaks them."""
        return self._producer.unspoken_languages

    @property
    def outcome(self) -> TurnOutcome:
        """What became of the question, once `run` has ended and its text is posted, or given up."""
        if self._skipped_by is not None:
            return TurnOutcome.SKIPPED
        if self.is_unfinished:
            return TurnOutcome.SUSPENDED
        if self._writer.failure is not None:
            return TurnOutcome.MODEL_FAILED
        if not self.is_answered:
            return TurnOutcome.NOT_POSTED
        return TurnOutcome.ANSWERED if self._producer.is_whole else TurnOutcome.PARTLY_SPOKEN

    @property
    def heard_text(self) -> str:
        """The words of the answer that were heard so far."""
        return self._producer.progress.heard_text

    @property
    def holes(self) -> Sequence[float]:
        """The silences inside the answer that nobody meant, each in seconds."""
        return self._track.holes

    @property
    def is_posting(self) -> bool:
        """Whether the answer is written, and on its way to the channel."""
        return self._ending is not None and self._posting is not None and not self._posting.done()

    @property
    def track(self) -> Track:
        """Its sound."""
        return self._track

    @property
    def is_heard(self) -> bool:
        """Whether its sound has begun, and is not over."""
        return self._track.has_begun and not self._is_silent

    @property
    def is_interruptible(self) -> bool:
        """Whether a message that comes now is to interrupt the answer."""
        return self.is_heard and self._draft.options.during_speech == "replace"

    @property
    def is_unfinished(self) -> bool:
        """Whether the turn was suspended with something left to say, or to post."""
        is_left = self._producer.is_unfinished or (self._writer.is_finished and not self.is_answered)
        return self._is_suspended and self._skipped_by is None and is_left

    @property
    def _is_silent(self) -> bool:
        """Whether nothing more of the answer will be heard."""
        return self._is_spoken.is_set() or self._track.is_over

    def skip(self, by: str) -> bool:
        """Stop the answer, at once: nothing more of it is heard, written or made. False when there is none to stop.

        Nor is anything more of it posted: whoever skips it has had enough of it. `by` is the display name of who wants
        that.
        """
        return self._stop(by, keeps_text=False)

    def interrupt(self, by: str) -> bool:
        """The same, for a new message: what was written so far is posted, since nobody has said it is not wanted."""
        return self._stop(by, keeps_text=True)

    def _stop(self, by: str, *, keeps_text: bool) -> bool:
        if self._skipped_by is not None or (self._writer.is_finished and self._is_silent):
            return False
        self._skipped_by = by
        self._keeps_text = keeps_text
        self._draft.stop()
        if not keeps_text:
            self._give_up_text()
        _logger.info("⏭️ Skipped by %s", PrivateText(by))
        return True

    def _give_up_text(self) -> None:
        self._poster.stop()
        if self._posting is not None and not self._posting.done():
            self._posting.cancel()
            self.is_answered = True

    def withdraw(self) -> bool:
        """Give the answer up as if it had never been begun, since its question was not over.

        False, and nothing happens, where something of it was heard or is being posted, or another process began it.
        """
        is_seen = self._track.has_begun or self.is_answered or self._posting is not None
        if is_seen or self._skipped_by is not None or self._is_suspended or self._snapshot is not None:
            return False
        self.is_withdrawn = True
        self._draft.stop()
        return True

    def suspend(self) -> None:
        """Let the current sentence be heard to its end, and the answer be written; the rest is for later."""
        self._is_suspended = True
        if self._draft.is_spoken:
            self._producer.end_after_sentence()

    async def run(self) -> None:
        """Answer the question: return when it is heard, and its text is posted or waits for that in the queue.

        Failures of the model, of speech and of the channel are told, not raised.
        """
        _logger.info("📝 Processing message: %s", PrivateText(self.question.text))
        self.trace.begun = time.monotonic()
        self._was_mute = self._player.is_mute
        try:
            async with asyncio.TaskGroup() as tasks:
                self._draft.begin(tasks)
                typing = tasks.create_task(self._poster.show_typing())
                thinking = tasks.create_task(self._play_thinking_sound())
                heard = {tasks.create_task(self._speak()), tasks.create_task(self._record_progress())}
                captioning = tasks.create_task(self._post_when_heard())
                await self._draft.wait_until_written()
                typing.cancel()
                captioning.cancel()
                if not self.is_withdrawn:
                    await self._begin_to_post()
                await asyncio.wait(heard)
                thinking.cancel()
                _logger.debug("The turn's trace: %s", self.trace)
                if self._is_heard_out and not self.is_withdrawn and self._producer.is_whole and self._track.has_begun:
                    _logger.info("✅ Done speaking")
                self._draft.release()
        finally:
            self._is_over.set()
            if not self.is_withdrawn:
                self._remember()
            self._draft.stop()
            await self._draft.close()

    async def _speak(self) -> None:
        """Have the speech played, until all is heard that will be."""
        try:
            if self._draft.is_spoken and not self._track.is_stopped:
                await self._player.play(self._track)
        except CallMute:
            _logger.warning("The answer is left to its text: the call has no voice for now")
            self._producer.give_up()
        self._is_spoken.set()
        self.trace.first_speech, self.trace.first_frame = self._track.first_made, self._track.first_sent
        self.trace.ended = time.monotonic()

    async def _play_thinking_sound(self) -> None:
        if self._thinking_sound:
            await play_thinking_sound(self._player, self._track, self._thinking_sound, since=self.question.received)

    async def _record_progress(self) -> None:
        recorded = self._snapshot.heard if self._snapshot is not None else 0
        await self._producer.progress.record(
            lambda heard: self._save(heard=heard), recorded=recorded, until=self._is_spoken
        )

    async def _save(self, **changes: Unpack[QuestionChanges]) -> None:
        await self._journal.update_question(self.question.id, **changes)

    async def _post_when_heard(self) -> None:
        """Begin to post the text with its first sound, however much of it is written by then."""
        while not self._track.has_begun:  # noqa: ASYNC110 - another thread sets it
            await asyncio.sleep(_LOOK_SECONDS)
        if self._skipped_by is None and not (self._snapshot is not None and self._snapshot.is_posted):
            self._start_to_post()

    def _start_to_post(self) -> None:
        if self._posting is None:
            self._posting = self._posts.add(self.question.asker.id, self._post)

    async def _begin_to_post(self) -> None:
        """Have what was written posted, and why that is not all, if it is not."""
        reply, apology = self._writer.text, self._writer.apology
        if reply:
            _logger.info("🤖 AI Response: %s", PrivateText(reply))
        if self._snapshot is not None and self._snapshot.is_posted:
            self.is_answered = True
            return
        if self._skipped_by is None:
            await self._save(reply=reply, apology=apology)  # a process that goes on with the call can post it as well
        if self._skipped_by is None:
            self._ending = partial(self._poster.post, reply, apology)
        elif self._keeps_text:  # then nothing follows but what shows that it ends here
            note = wording.interrupted(self._skipped_by)
            self._ending = partial(self._poster.post_beginning, reply or apology, note)
        else:
            self.is_answered = True
            return
        self._is_over.set()
        self._start_to_post()

    async def _post(self) -> None:
        """Show the text as far as it is written, until it is over, and then what it ends with."""
        await self._poster.show_growing(lambda: self._writer.text, self._is_over)
        if self._ending is None:  # the turn was broken off
            return
        self.is_answered = await self._ending()
        if self.is_answered:
            await self._save(is_posted=True)

    def _remember(self) -> None:
        """Add the turn to the memory: what was answered, or as much of it as was heard before it was skipped."""
        if self._skipped_by is not None and self._writer.failure is None:
            reply = interrupted_reply(self.heard_text)
        elif self._writer.is_finished and self._writer.text:
            reply = self._writer.text
        else:
            return
        is_old = self._snapshot is not None and self._snapshot.reply is not None
        if is_old and self._conversation.remembers(self.question.author, self.question.text, reply):
            return  # an earlier process has heard all of it, and only not posted it
        self._conversation.remember(self.question.author, self.question.text, reply, self._skipped_by)

    @property
    def _is_heard_out(self) -> bool:
        """Whether it was to be heard, and nobody has stopped that."""
        return self._draft.is_spoken and self._skipped_by is None and not self.is_unfinished

    async def note_missing_speech(self) -> None:
        """Tell below the answer what of it could not be heard, if anything; to be called once its text is posted."""
        if not self._is_heard_out:
            return
        await self._poster.note_unspoken_languages(self.unspoken_languages)
        if not self._producer.is_whole and not self._was_mute:  # while the call is mute, the panel says so
            await self._poster.note_missing_speech(has_begun=self._track.has_begun)
