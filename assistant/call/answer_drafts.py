"""The drafts of one call's answers: to questions, and to what may become one."""

import time
from collections.abc import AsyncIterator, Set
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import discord

from assistant.call.context import CallContext
from assistant.call.drafting import Drafting
from assistant.call.services import Services
from assistant.call.speculation import Speculation
from assistant.reply.draft import ReplyDraft
from assistant.reply.history import Conversation
from assistant.reply.question import Question
from assistant.telemetry.turn_trace import TurnTrace
from assistant.text.language_detection import SpokenLanguage


class AnswerDrafts:
    """Makes a draft for each question, or takes the one that was begun before it was asked."""

    def __init__(
        self,
        services: Services,
        context: CallContext,
        conversation: Conversation,
        language: SpokenLanguage,
        announced_languages: Set[str],
    ) -> None:
        """Nothing is begun before `opened`.

        Args:
            services: what all calls share.
            context: the call.
            conversation: what the model is reminded of.
            language: tells the language of a sentence, where it is not chosen.
            announced_languages: those of which people know already that nobody speaks them, as gTTS codes; it grows.
        """
        self._services = services
        self._context = context
        self._language = language
        self._announced_languages = announced_languages
        self._drafting = Drafting(services, context, conversation)
        self._speculation = Speculation(services.metrics)
        self._folder: Path | None = None

    @asynccontextmanager
    async def opened(self, folder: Path) -> AsyncIterator[None]:
        """While inside, answers are made; their audio inside `folder`."""
        async with self._speculation:
            self._folder = folder
            try:
                yield
            finally:
                self._folder = None  # nothing more is begun

    def for_question(self, question: Question, *, is_spoken: bool) -> ReplyDraft:
        """The draft of the answer to a question, which may have been begun; anything else that was begun is given up.

        To be called inside of `opened`.
        """
        draft = None
        if question.is_spoken and is_spoken:
            options = self._context.preferences.options_for(self._context.guild_id, question.asker.id)
            draft = self._speculation.take(question.asker.id, question.text, options)
        if draft is None:
            self._speculation.withdraw()
            draft = self._new(question, is_spoken=is_spoken)
        trace = draft.trace
        trace.received, trace.recognized, trace.committed = question.received, question.recognized, question.committed
        return draft

    def speculate(self, asker: discord.Member, text: str) -> None:
        """Begin to answer what somebody seems to have said, if they may ask; see `Speculation`."""
        self._speculation.withdraw()
        is_allowed = self._services.settings.speculate and self._context.may_control(asker)
        limits = self._services.limits
        if self._folder is None or not is_allowed or limits.reached(self._context.guild_id, asker.id):
            return
        language = self._language.copy()
        draft = self._drafting.draft(
            asker,
            text,
            folder=self._folder,
            trace=TurnTrace(received=time.monotonic()),
            language=language,
            is_written=self._context.shows_speech,
            announced_languages=self._announced_languages,
        )
        self._speculation.begin(asker.id, text, draft, on_taken=partial(self._language.follow, language))

    def is_begun(self, asker_id: int, text: str) -> bool:
        """Whether an answer to this was begun before it was asked."""
        return self._speculation.is_begun(asker_id, text)

    def withdraw(self, asker_id: int | None = None) -> None:
        """Give up what was begun before it was asked, or only if it is for one member."""
        self._speculation.withdraw(asker_id)

    def _new(self, question: Question, *, is_spoken: bool) -> ReplyDraft:
        assert self._folder is not None
        return self._drafting.draft(
            question.asker,
            question.text,
            folder=self._folder,
            trace=TurnTrace(received=question.received),
            language=self._language,
            context=question.context,
            is_spoken=is_spoken,
            is_written=question.message is not None,
            announced_languages=self._announced_languages,
            snapshot=question.snapshot,
        )
