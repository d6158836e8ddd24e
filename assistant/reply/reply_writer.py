"""The text of a reply: streamed from the model, or as an earlier process has written it; spoken as it comes."""

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from contextlib import aclosing
from functools import partial
from typing import Final

from assistant.discord_io import wording
from assistant.domain.call_snapshot import QuestionSnapshot
from assistant.domain.errors import ModelAnswerInvalid, ModelError, ModelNoCredit, ModelRefused
from assistant.llm.chat_message import ChatMessage
from assistant.llm.metered_model import Model
from assistant.llm.retractable_text import Retraction
from assistant.reply.speech_producer import SpeechProducer, own_words
from assistant.telemetry.turn_trace import TurnTrace
from assistant.text.markdown.template_tokens import without_template_tokens
from assistant.text.pipeline import TextPipeline
from assistant.text.sentence import Sentence

_logger = logging.getLogger(__name__)

_BITE: Final = 1024
"""How many characters of a piece are read at a time; then it shows whether the reply is still wanted."""
_QUICK_CHARACTERS: Final = 200
"""So many are read at once on the event loop; it takes some milliseconds where all is hostile. More go to a thread:
a delta of 250,000 characters held the loop for 4.8 s, and a line of bars alone can take a third of a second."""
_PATIENCE_SECONDS: Final = 0.25
"""How long text waits for its first sentence to end; then a weaker place to cut will do."""


class ReplyWriter:
    """Writes one reply: each piece of text is kept, cut into sentences, and given to the producer of their speech."""

    def __init__(
        self,
        model: Model,
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
        self._is_readable = True
        self._is_reading = False
        self._is_spoken = False
        self._patience: asyncio.TimerHandle | None = None
        self.failure: ModelError | None = None
        """Why the reply is not whole, where the model failed."""
        self.is_finished = False
        """Whether the reply is written, as far as it will be."""

    @property
    def text(self) -> str:
        """What was written so far, without tokens of the model's chat template."""
        return without_template_tokens("".join(self._pieces).strip())

    @property
    def apology(self) -> str:
        """What people are told of a failure of the model, behind the text; empty without one."""
        if self.failure is not None:
            return wording.model_failed(self.failure)
        return self._snapshot.apology if self._snapshot is not None else ""

    async def write(self, messages: Sequence[ChatMessage]) -> None:
        """Write the reply to these messages, and the apology behind it, if one is due."""
        if self._snapshot is not None and self._snapshot.reply is not None:
            await self._add(self._snapshot.reply)
        else:
            try:
                await self._ask_model(messages)
            finally:
                self._wait_no_more()
        await self._read(self._pipeline.finish, 0)
        self._speak([own_words(self.apology)] if self.apology else [])
        self._producer.finish()
        self.is_finished = True

    async def _ask_model(self, messages: Sequence[ChatMessage]) -> None:
        try:
            async with aclosing(self._model.reply(messages)) as deltas:
                async for delta in deltas:
                    if isinstance(delta, Retraction):
                        self._retract()
                        continue
                    self._trace.first_token = self._trace.first_token or time.monotonic()
                    await self._add(delta)
        except ModelError as error:
            # What only the owner can mend is for the owner to see.
            level = logging.ERROR if isinstance(error, ModelNoCredit | ModelRefused) else logging.WARNING
            _logger.log(level, "The model failed: %s", error)
            self.failure = error
        else:
            if not self.text:
                self.failure = ModelAnswerInvalid(endpoint="", detail="only tokens of a chat template", reason="empty")
                _logger.warning("The model failed: %s", self.failure)

    def _retract(self) -> None:
        """What was written so far were the model's thoughts: they are neither posted nor remembered nor said on."""
        self._pieces.clear()
        self._wait_no_more()
        self._is_spoken = False
        self._pipeline.restart()
        self._producer.restart()

    async def _add(self, delta: str) -> None:
        self._pieces.append(delta)
        if self._patience is None and not self._is_spoken:
            self._wait_longer()
        for start in range(0, len(delta), _BITE):
            bite = delta[start : start + _BITE]
            await self._read(partial(self._pipeline.feed, bite), len(bite))

    async def _read(self, work: Callable[[], list[Sentence]], characters: int) -> None:
        """Have sentences made of so many more characters. Whatever goes wrong there, the reply is written.

        What nobody will hear is not read: of 250,000 characters, that took longer than to say what there is time for.
        """
        if not self._is_readable or self._producer.needs_no_more:
            return
        self._is_reading = True
        try:
            if characters + self._pipeline.backlog <= _QUICK_CHARACTERS:
                sentences = work()
            else:
                sentences = await asyncio.to_thread(work)
        except Exception:  # what we can't read aloud can be read
            _logger.exception("The reply can't be made into sentences from here on")
            self._give_up_reading()
        else:
            self._speak(sentences)
        finally:
            self._is_reading = False

    def _wait_longer(self) -> None:
        """Look at the text again after a while, unless something of it can be spoken by then."""
        self._patience = asyncio.get_running_loop().call_later(_PATIENCE_SECONDS, self._hurry)

    def _wait_no_more(self) -> None:
        if self._patience is not None:
            self._patience.cancel()
            self._patience = None

    def _hurry(self) -> None:
        self._wait_longer()
        if self._is_reading or not self._is_readable:
            return
        try:
            sentences = self._pipeline.hurry()
        except Exception:  # what we can't read aloud can be read
            _logger.exception("The reply can't be made into sentences from here on")
            self._give_up_reading()
        else:
            self._speak(sentences)

    def _give_up_reading(self) -> None:
        self._is_readable = False
        self._producer.give_up()

    def _speak(self, sentences: Sequence[Sentence]) -> None:
        if sentences:
            self._wait_no_more()
            self._is_spoken = True
            self._trace.first_clause = self._trace.first_clause or time.monotonic()
            self._producer.add(sentences)
