"""The text of a reply: streamed from the model, or as an earlier process has written it; spoken as it comes."""

import logging
import time
from collections.abc import Sequence
from contextlib import aclosing

from assistant.discord_io import wording
from assistant.domain.call_snapshot import QuestionSnapshot
from assistant.domain.errors import ModelError
from assistant.llm.chat_client import ChatClient
from assistant.llm.chat_message import ChatMessage
from assistant.reply.speech_producer import SpeechProducer, own_words
from assistant.telemetry.turn_trace import TurnTrace
from assistant.text.pipeline import TextPipeline
from assistant.text.sentence import Sentence

_log = logging.getLogger(__name__)


class ReplyWriter:
    """Writes one reply: each piece of text is kept, cut into sentences, and given to the producer of their speech."""

    def __init__(
        self,
        model: ChatClient,
        pipeline: TextPipeline,
        producer: SpeechProducer,
        *,
        snapshot: QuestionSnapshot | None,
        trace: TurnTrace,
    ) -> None:
        """Nothing is asked until `write`.

        Args:
            model: who is asked.
            pipeline: cuts the text into sentences.
            producer: speaks them.
            snapshot: how far an earlier process has come: what it has written is not asked for again.
            trace: where it is noted when the first text and the first sentence came.
        """
        self._model = model
        self._pipeline = pipeline
        self._producer = producer
        self._snapshot = snapshot
        self._trace = trace
        self._pieces: list[str] = []
        self.failure: ModelError | None = None
        """Why the reply is not whole, where the model failed."""
        self.is_finished = False
        """Whether the reply is written, as far as it will be."""

    @property
    def text(self) -> str:
        """What was written so far."""
        return "".join(self._pieces).strip()

    @property
    def apology(self) -> str:
        """What people are told of a failure of the model, behind the text; empty without one."""
        if self.failure is not None:
            return wording.model_failed(self.failure)
        return self._snapshot.apology if self._snapshot is not None else ""

    async def write(self, messages: Sequence[ChatMessage]) -> None:
        """Write the reply to these messages, and the apology behind it, if one is due."""
        if self._snapshot is not None and self._snapshot.reply is not None:
            self._add(self._snapshot.reply)
        else:
            await self._ask_model(messages)
        self._speak(self._pipeline.finish())
        self._speak([own_words(self.apology)] if self.apology else [])
        self._producer.finish()
        self.is_finished = True

    async def _ask_model(self, messages: Sequence[ChatMessage]) -> None:
        try:
            async with aclosing(self._model.reply(messages)) as deltas:
                async for delta in deltas:
                    self._trace.first_token = self._trace.first_token or time.monotonic()
                    self._add(delta)
        except ModelError as error:
            _log.warning("The model failed: %s", error)
            self.failure = error

    def _add(self, delta: str) -> None:
        self._pieces.append(delta)
        self._speak(self._pipeline.feed(delta))

    def _speak(self, sentences: Sequence[Sentence]) -> None:
        if sentences:
            self._trace.first_clause = self._trace.first_clause or time.monotonic()
            self._producer.add(sentences)
