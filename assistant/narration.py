"""A reply read aloud: its sentences, as they come, made into the utterances of a track."""

import asyncio
import logging
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from assistant.errors import SpeechUnavailable
from assistant.opus import FRAME_SECONDS
from assistant.speech.synthesizer import Synthesizer
from assistant.spoken.sentence import Sentence
from assistant.track import Track, Utterance

_log = logging.getLogger(__name__)

_AT_ONCE: Final = 2
"""How many sentences are in the making: one to be heard next, and one so that no hole comes after it."""
_AHEAD_SECONDS: Final = 20.0
"""How much speech is made before it is needed; the rest of a long answer may never be."""


class Narration:
    """Makes speech of one reply. Its `run` ends when all is made, or when nothing more can be."""

    def __init__(self, synthesizer: Synthesizer, track: Track, folder: Path) -> None:
        """Audio files are made inside `folder`, whose owner removes it."""
        self._synthesizer = synthesizer
        self._track = track
        self._folder = folder
        self._sentences: asyncio.Queue[Sentence | None] = asyncio.Queue()
        self.is_whole = True
        """Whether everything that was to be said could be, so far."""

    def say(self, sentences: Iterable[Sentence]) -> None:
        """Read these sentences after all before them."""
        for sentence in sentences:
            self._sentences.put_nowait(sentence)

    def finish(self) -> None:
        """No sentence will follow."""
        self._sentences.put_nowait(None)

    def stop(self) -> None:
        """Begin no further sentence: there is no voice to say it with."""
        self.is_whole = False

    async def run(self) -> None:
        """Make speech of the sentences; one that cannot be spoken ends it, for a hole would mislead."""
        free = asyncio.Semaphore(_AT_ONCE)
        try:
            async with asyncio.TaskGroup() as tasks:
                while (sentence := await self._sentences.get()) is not None and self.is_whole:
                    await free.acquire()
                    await asyncio.sleep(self._track.waiting * FRAME_SECONDS - _AHEAD_SECONDS)
                    tasks.create_task(self._speak(sentence, self._track.begin(), free))
        finally:
            self._track.finish()

    async def _speak(self, sentence: Sentence, utterance: Utterance, free: asyncio.Semaphore) -> None:
        try:
            await self._synthesizer.speak(sentence, self._folder, utterance)
            utterance.finish()
        except SpeechUnavailable as error:
            _log.warning("The answer could not be spoken from here on: %s", error)
            self._track.cut(utterance)
            self.is_whole = False
        finally:
            free.release()
