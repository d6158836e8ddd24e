"""An answer in the making: written, and spoken into a track that nobody need play yet."""

import asyncio
import logging
import shutil
import tempfile
from collections.abc import Awaitable, Callable, Sequence, Set
from functools import partial
from pathlib import Path
from typing import Final

from assistant.audio.track import Track
from assistant.domain.call_snapshot import QuestionSnapshot
from assistant.llm.chat_message import ChatMessage
from assistant.llm.metered_model import Model
from assistant.preferences.reply_options import ReplyOptions
from assistant.reply.reply_writer import ReplyWriter
from assistant.reply.speech_producer import SpeechProducer
from assistant.telemetry.turn_trace import TurnTrace
from assistant.text.pipeline import TextPipeline
from assistant.tts.synthesizer import Synthesizer

_logger = logging.getLogger(__name__)

PIECE_CHARACTERS: Final = 95
"""gTTS splits a text of over 100 characters at every comma; it adds a space to each "?" and "!" before it counts."""


class ReplyDraft:
    """Makes one answer; nothing of it is heard, posted or remembered before a `Turn` does that. Used once.

    The writer gives text, the pipeline cuts it into sentences, and the producer makes those into the frames of a track,
    all at once. It may be begun before it is certain that the answer is wanted.
    """

    def __init__(
        self,
        messages: Callable[[], Awaitable[Sequence[ChatMessage]]],
        *,
        model: Model,
        pipeline: TextPipeline,
        synthesizer: Synthesizer,
        options: ReplyOptions,
        folder: Path,
        trace: TurnTrace,
        is_spoken: bool = True,
        is_written: bool = True,
        announced_languages: Set[str] = frozenset(),
        snapshot: QuestionSnapshot | None = None,
    ) -> None:
        """Nothing happens until `begin`.

        Args:
            messages: gives what the model is sent.
            model: who answers.
            pipeline: cuts the text into sentences.
            synthesizer: who speaks.
            options: how it is answered.
            folder: the call's own; the audio is made in a folder inside it.
            trace: where it is noted when the steps were taken.
            is_spoken: whether the answer is spoken, and not only written.
            is_written: whether it is in the chat as well.
            announced_languages: those of which people know already that nobody speaks them, as gTTS codes.
            snapshot: how far an earlier process has come.
        """
        self.options = options
        """How it is answered."""
        self.is_spoken = is_spoken
        """Whether it is to be heard."""
        self.trace = trace
        """Where its time goes."""
        self.track = Track()
        """Its sound."""
        # Of an answer that was not written down, what was heard counts for nothing: the model writes another one.
        heard_before = snapshot.heard if snapshot is not None and snapshot.reply is not None else 0
        self.producer = SpeechProducer(
            synthesizer,
            self.track,
            voice=options.voice,
            spoken_seconds=options.spoken_seconds,
            heard_before=heard_before,
            announced_languages=announced_languages,
            is_written=is_written,
        )
        """Who makes the sound."""
        self.writer = ReplyWriter(model, pipeline, self.producer, snapshot=snapshot, trace=trace)
        """Who writes it."""
        self._warm = partial(synthesizer.warm, pipeline.likely_language, options.voice)
        self._messages = messages
        self._folder = folder
        self._task: asyncio.Task[None] | None = None
        self._writing: asyncio.Task[None] | None = None
        self._producing: asyncio.Task[None] | None = None
        self._is_stopped = False
        self._is_released = asyncio.Event()
        self._error: Exception | None = None
        self._written = asyncio.Event()

    def begin(self, tasks: asyncio.TaskGroup) -> None:
        """Begin, as a task of a group, unless it was begun before. It raises nothing: see `wait_until_written`."""
        if self._task is None:
            if self.is_spoken:
                self._warm()  # while the model thinks: a connection that was closed costs a handshake
            self._task = tasks.create_task(self._run(), name="a draft of an answer")

    async def wait_until_written(self) -> None:
        """Return when nothing more will be written.

        Raises:
            Exception: an error of ours in the writing.
        """
        await self._written.wait()
        if self._error is not None:
            raise self._error

    def stop(self) -> None:
        """Nothing more of it is heard, written or made."""
        self._is_stopped = True
        self.track.stop()
        for task in (self._producing, self._writing):
            if task is not None:
                task.cancel()

    async def close(self) -> None:
        """Nobody needs its sound any more: remove what it took. To be called at the end, of a stopped one too."""
        self.release()
        if self._task is not None:
            await asyncio.wait({self._task})

    def release(self) -> None:
        """The same, without waiting for it."""
        self._is_released.set()

    async def _run(self) -> None:
        try:
            folder = Path(await asyncio.to_thread(tempfile.mkdtemp, prefix="turn-", dir=self._folder))
            try:
                await self._make(folder)
            finally:
                await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)
                _logger.info("🗑️ Cleaned up: %s", folder)
        except Exception as error:  # raised where the text is waited for
            _logger.exception("The draft of an answer broke")
            self._error = error
        finally:
            self._written.set()

    async def _make(self, folder: Path) -> None:
        async with asyncio.TaskGroup() as tasks:
            if not self._is_stopped:
                self._writing = tasks.create_task(self._write())
                if self.is_spoken:
                    self._producing = tasks.create_task(self._produce(folder))
                await asyncio.wait({self._writing})  # which `stop` may cancel
            self._written.set()
            await self._is_released.wait()

    async def _write(self) -> None:
        try:
            await self.writer.write(await self._messages())
        except Exception as error:  # raised where the text is waited for
            _logger.exception("The writing of an answer broke")
            self._error = error
            self.producer.give_up()

    async def _produce(self, folder: Path) -> None:
        try:
            await self.producer.run(folder)
        except Exception:  # an error of ours there must not cost the text
            _logger.exception("The speech of an answer broke")
            self.producer.give_up()
            self.track.stop()
