"""What is typed in one call and what is answered: one turn after the other, and what the model remembers of them."""

import asyncio
import logging
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import Final

import discord

from assistant.audio.player import Player
from assistant.call.answer_drafts import AnswerDrafts
from assistant.call.context import CallContext
from assistant.call.inbox import Offer
from assistant.call.last_said import LastSaid
from assistant.call.notices import Notices, Told
from assistant.call.said import Said
from assistant.call.services import Services
from assistant.call.waiting_questions import WaitingQuestions
from assistant.call.warm_up import EVERY_KIND
from assistant.discord_io import wording
from assistant.discord_io.heard_line import heard_line
from assistant.discord_io.posting import PostContent, edit, post
from assistant.domain.exchange import Exchange
from assistant.domain.turn_outcome import TurnOutcome
from assistant.reply.history import Conversation
from assistant.reply.post_queue import PostQueue
from assistant.reply.question import Question
from assistant.reply.turn import Turn
from assistant.telemetry.turn_trace import RecentTraces
from assistant.text.language_detection import SpokenLanguage
from assistant.text.normalization.normalizer import normalizer_for

_logger = logging.getLogger(__name__)

_TEXT_SECONDS: Final = 0.5
"""How long the next turn waits for an answer's text, so that texts and voices usually have one order. Where Discord
fails, it goes on without: py-cord alone tries for 25 s."""


class TurnLoop:
    """Answers the messages of one call: members take turns, and of each the oldest message is next."""

    def __init__(
        self,
        services: Services,
        context: CallContext,
        language: SpokenLanguage,
        notices: Notices,
        posts: PostQueue,
    ) -> None:
        """Messages may be offered at once; they are answered while `run` runs.

        Args:
            services: what all calls share.
            context: the call.
            language: tells the language of a sentence, where it is not chosen.
            notices: who tells that an answer is written only.
            posts: who posts the answers.
        """
        settings = services.settings
        self._services = services
        self._context = context
        self._language = language
        self._notices = notices
        self._posts = posts
        self._unspoken_languages: set[str] = set()
        self._waiting = WaitingQuestions(settings.inbox_size)
        self._conversation = Conversation(settings.system_prompt, turns=settings.ai_memory_turns)
        self._drafts = AnswerDrafts(services, context, self._conversation, language, self._unspoken_languages)
        self._turn: Turn | None = None
        self._last_said = LastSaid()
        self._is_suspended = False
        self._postponed: Question | None = None
        self._is_between_turns = asyncio.Event()
        self._is_between_turns.set()
        self.traces = RecentTraces()
        """Where the time of the latest turns went."""

    @property
    def language(self) -> str:
        """The language that is likely to be spoken next, as a gTTS code."""
        return self._language("")

    @property
    def waiting(self) -> int:
        """How many messages wait for their turn."""
        return len(self._waiting)

    @property
    def share(self) -> int:
        """How many messages of one member may wait."""
        return self._waiting.share

    def offer(self, question: Question) -> Offer:
        """Take a message to be answered in its turn, which may stop the current answer; not where too many wait.

        One that was sent to make no sound stops nothing: nothing would be heard in the place of what it stops.

        One that comes while the call is ending is taken too: the goodbye says that it stays unanswered.
        """
        offer = self._waiting.offer(question)
        if (
            self._turn is not None
            and offer is Offer.TAKEN
            and not question.is_silent
            and self._turn.is_interruptible
            and self._context.may_control(question.asker)
        ):
            self._turn.interrupt(question.author)
        return offer

    def skip(self, by: str) -> bool:
        """Stop the current answer; False when there is none. See `Turn.skip`."""
        return self._turn is not None and self._turn.skip(by)

    @property
    def turn(self) -> Turn | None:
        """The turn that goes on."""
        return self._turn

    def said_around(self, moment: float) -> str:
        """What was heard of us at a moment of `time.monotonic()`, just before it and since; "" if nothing was."""
        return self._last_said.around(moment, self._turn)

    @property
    def has_asked(self) -> bool:
        """Whether what was heard last was a question of ours, a moment ago."""
        return self._turn is None and self._last_said.is_question

    async def warm(self) -> None:
        """Load the language of the first answer; to be called before anything is said."""
        await asyncio.to_thread(lambda: normalizer_for(self.language).normalize(EVERY_KIND))

    def restore(self, conversation: Iterable[Exchange], unspoken_languages: Iterable[str]) -> None:
        """Remember what an earlier process has said in this call."""
        self._conversation.restore(conversation)
        self._unspoken_languages.update(unspoken_languages)

    def put_back(self, question: Question) -> None:
        """Take a message that an earlier process has accepted, whether or not there is room."""
        self._waiting.put_back(question)

    def speculate(self, asker: discord.Member, text: str) -> None:
        """Begin to answer what somebody seems to have said, if it would be answered at once; see `Speculation`."""
        if self._drafts.is_begun(asker.id, text):
            return
        if self._turn is None and not self._is_suspended and self._waiting.is_next(asker.id):
            self._drafts.speculate(asker, text)
        else:
            self._drafts.withdraw()

    def is_begun(self, question: Question) -> bool:
        """Whether an answer to a question was begun before it was asked."""
        return self._drafts.is_begun(question.asker.id, question.text)

    def withdraw(self, asker_id: int) -> None:
        """Somebody says more, or nobody may hear them any more: give up what was begun for them."""
        self._drafts.withdraw(asker_id)

    def hold_back(self, question_id: int) -> bool:
        """Do not answer a question before `put_first`, since its speaker goes on; False where that comes too late."""
        turn = self._turn
        if turn is not None and turn.question.id == question_id and not turn.is_withdrawn:
            if not turn.withdraw():
                return False
            self._waiting.hold_back(turn.question)
            return True
        return self._waiting.take_back(question_id)

    def put_first(self, question_id: int, said: Said) -> None:
        """Answer a question that was held back next, as what its speaker has said by now; nothing if it is gone."""
        changed = self._waiting.put_first(question_id, said)
        if changed is not None:  # before its answer is written below it
            self._posts.add(changed.asker.id, partial(self._write_down_again, changed))

    async def _write_down_again(self, question: Question) -> None:
        """Write down what somebody has said by now, where the first of it stands."""
        if question.message is None:
            await self._context.journal.update_question(question.id, said=question.text)
        else:
            line = heard_line(question.author, question.text)
            await edit(question.place, question.message, PostContent(line))

    @property
    def questions(self) -> list[Question]:
        """The messages that wait for their turn, in no order."""
        return self._waiting.items

    async def change(self, change: Callable[[Question], Question | None]) -> None:
        """Put in the place of each message that waits what `change` makes of it; None: it is not answered."""
        for question in self._waiting.replace(change):
            await self.close_question(question.id)

    async def suspend(self) -> None:
        """Answer no further message; return when the current sentence was heard. The rest is for later."""
        self._is_suspended = True
        self._drafts.withdraw()
        if self._turn is not None:
            self._turn.suspend()
        await self._is_between_turns.wait()

    async def run(self, player: Player, folder: Path, on_answered: Callable[[Question], None]) -> None:
        """Answer the messages, one after the other, until suspended or cancelled.

        Args:
            player: where the answers are heard.
            folder: the call's own; the turns make their audio inside it.
            on_answered: called after each turn, with its question.
        """
        try:
            async with self._drafts.opened(folder):
                await self._answer_all(player, on_answered)
        finally:
            self._is_between_turns.set()  # nobody need wait for the end of a sentence that was cut off

    async def _answer_all(self, player: Player, on_answered: Callable[[Question], None]) -> None:
        goes_on = True
        while goes_on:
            await self._posts.wait_for_room()
            question = await self._waiting.get()
            if self._is_suspended:
                self._postponed = question
                return
            # In a function of its own, so that the turn, with its sound, is not kept until the next question.
            goes_on = await self._answer(question, player, on_answered)

    async def _answer(self, question: Question, player: Player, on_answered: Callable[[Question], None]) -> bool:
        """Answer one message; False if nothing is to be answered behind it."""
        self._is_between_turns.clear()
        self._turn = turn = self._turn_for(question, player)
        is_broken = False
        try:
            await turn.run()
        except Exception:
            _logger.exception("A turn broke")
            is_broken = True
        if turn.is_withdrawn:  # its question is held back, and answered later
            self._turn = None
            self._is_between_turns.set()
            return True
        if not is_broken:
            self.traces.add(turn.trace)
        self._unspoken_languages |= turn.unspoken_languages
        if turn.outcome is TurnOutcome.SKIPPED:  # nobody wants another answer from the next process
            await self.close_question(question.id)
        settling = self._posts.add(question.asker.id, partial(self._settle, turn, is_broken=is_broken))
        await asyncio.wait({settling}, timeout=_TEXT_SECONDS)
        if turn.is_unfinished:
            self._services.metrics.turn_ended(turn.outcome, turn.trace, turn.holes)
            return False
        self._last_said.note(turn)
        self._turn = None
        self._is_between_turns.set()
        on_answered(question)
        return True

    def _turn_for(self, question: Question, player: Player) -> Turn:
        """The turn that answers a question."""
        cues = self._services.warm_up.cues
        return Turn(
            question,
            self._drafts.for_question(question, is_spoken=self._is_spoken(question)),
            player=player,
            conversation=self._conversation,
            journal=self._context.journal,
            posts=self._posts,
            elsewhere=[place for place in self._context.places if place.id != question.place.id],
            thinking_sound=cues.heard if cues is not None and self._services.settings.thinking_sound else (),
        )

    async def _settle(self, turn: Turn, *, is_broken: bool) -> None:
        """Do what comes behind an answer's text, however late that was posted."""
        question = turn.question
        if is_broken:
            await post(question.place, wording.TURN_BROKEN, answering=question.message)
        elif turn.is_unfinished:
            return
        else:
            await turn.note_missing_speech()
        outcome = TurnOutcome.BROKEN if is_broken else turn.outcome
        self._services.metrics.turn_ended(outcome, turn.trace, turn.holes)
        if outcome is not TurnOutcome.SKIPPED:
            await self.close_question(question.id)

    async def close_question(self, question_id: int) -> None:
        """Nobody need answer a question any more."""
        await self._context.journal.close_question(question_id, self._conversation.turns, self._unspoken_languages)

    def _is_spoken(self, question: Question) -> bool:
        """Whether the answer is spoken. Who asks without being in the call is told that it is written only, once."""
        may_hear = self._context.may_control(question.asker)
        if not may_hear:
            told = Told(wording.written_only(self._context.voice.mention), once=True)
            self._notices.tell(question.message, question.place, told, member_id=question.asker.id)
        return may_hear and not question.is_silent

    def close(self) -> list[Question]:
        """Take no further message. Returns those that stay unanswered, so that their authors can be told."""
        waiting = self._waiting.close()
        if self._postponed is not None:
            waiting.insert(0, self._postponed)
        turn = self._turn
        if turn is not None and not (turn.is_answered or turn.is_posting or turn.is_withdrawn):
            waiting.insert(0, turn.question)
        return waiting
