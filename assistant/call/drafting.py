"""Makes the drafts of one call's answers."""

from collections.abc import Callable, Sequence, Set
from functools import partial
from pathlib import Path

import discord

from assistant.call.context import CallContext
from assistant.call.services import Services
from assistant.discord_io.mention_names import mention_names
from assistant.domain.call_snapshot import QuestionSnapshot
from assistant.domain.message_context import NO_CONTEXT, MessageContext
from assistant.llm.chat_message import ChatMessage
from assistant.llm.metered_model import MeteredModel
from assistant.preferences.reply_options import ReplyOptions
from assistant.reply.draft import PIECE_CHARACTERS, ReplyDraft
from assistant.reply.history import Conversation
from assistant.telemetry.turn_trace import TurnTrace
from assistant.text.language_detection import SpokenLanguage
from assistant.text.pipeline import TextPipeline
from assistant.tts.speech_settings import AUTO


class Drafting:
    """Knows what the answers of a call are made with."""

    def __init__(self, services: Services, context: CallContext, conversation: Conversation) -> None:
        """`conversation` is what the model is reminded of."""
        self._services = services
        self._context = context
        self._conversation = conversation

    def draft(
        self,
        asker: discord.Member | discord.User,
        text: str,
        *,
        folder: Path,
        trace: TurnTrace,
        language: SpokenLanguage,
        context: MessageContext = NO_CONTEXT,
        is_spoken: bool = True,
        is_written: bool = True,
        announced_languages: Set[str] = frozenset(),
        snapshot: QuestionSnapshot | None = None,
    ) -> ReplyDraft:
        """The draft of an answer, which nothing has begun: to what somebody asks, and to what goes with the words.

        `language` tells the language of a sentence, where it is not chosen; the others are those of `ReplyDraft`.
        """
        options = self._context.preferences.options_for(self._context.guild_id, asker.id)
        names = mention_names(self._context.voice.guild)
        return ReplyDraft(
            partial(self._messages, asker.display_name, text, context),
            model=self._model_for(asker.id),
            pipeline=TextPipeline(_language_of(text, options, language), PIECE_CHARACTERS, names),
            synthesizer=self._services.synthesizer,
            options=options,
            folder=folder,
            trace=trace,
            is_spoken=is_spoken,
            is_written=is_written,
            announced_languages=announced_languages,
            snapshot=snapshot,
        )

    async def _messages(self, author: str, text: str, context: MessageContext) -> Sequence[ChatMessage]:
        """What the model is sent, with the pictures where it is to see them."""
        pictures = self._services.pictures
        loaded = await pictures.load(context.pictures) if pictures is not None else ()
        return self._conversation.messages_for(author, text, context, loaded)

    def _model_for(self, asker_id: int) -> MeteredModel:
        """The model, which counts what it costs as the asker's."""
        asker = self._context.guild_id, asker_id
        return MeteredModel(self._services.model, partial(self._services.limits.count_tokens, *asker))


def _language_of(text: str, options: ReplyOptions, language: SpokenLanguage) -> Callable[[str], str]:
    """What tells the language of a sentence of the answer."""
    if options.language != AUTO:
        return lambda _: options.language
    language(text)  # an answer is likely to be in the language of its question
    return language
