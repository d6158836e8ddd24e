"""A reply read aloud: its sentences, as they come, made into the utterances of a track."""

import asyncio
import logging
from collections.abc import Iterable, Set
from contextlib import suppress
from pathlib import Path
from typing import Final

from assistant.audio.opus import FRAME_SECONDS
from assistant.audio.track import Track, Utterance
from assistant.discord_io import wording
from assistant.domain.errors import NoVoice, SpeechBroken, SpeechUnavailable
from assistant.reply.playback_progress import PlaybackProgress
from assistant.reply.speech_budget import ClosingPhrase, SpeechBudget
from assistant.text.sentence import Sentence
from assistant.tts.synthesizer import Synthesizer
from assistant.tts.voice import Voice
from assistant.util.private_text import PrivateText

_logger = logging.getLogger(__name__)

_AT_ONCE: Final = 2
"""How many sentences are in the making: one to be heard next, and one so that no hole comes after it."""
_AHEAD_SECONDS: Final = 20.0
"""How much speech is made before it is needed; the rest of a long answer may never be."""


class SpeechProducer:
    """Makes the sentences of one reply into the utterances of a track, of which it is the only writer.

    Its `run` ends when all is made, or when nothing more can or need be.
    """

    def __init__(
        self,
        synthesizer: Synthesizer,
        track: Track,
        *,
        voice: Voice | None = None,
        spoken_seconds: float = 0.0,
        heard_before: int = 0,
        announced_languages: Set[str] = frozenset(),
        is_written: bool = True,
    ) -> None:
        """Nothing is made until `run`.

        Args:
            synthesizer: who speaks.
            track: where it goes.
            voice: the voice that is preferred.
            spoken_seconds: how much is said at most, as `SpeechBudget` counts it; 0 means all.
            heard_before: how many of the first sentences were heard in an earlier process, and are not said again.
            announced_languages: those of which people know already that nobody speaks them, as gTTS codes.
            is_written: whether the reply is in the chat as well, where people are referred to.
        """
        self._synthesizer = synthesizer
        self._track = track
        self._voice = voice
        self._announced_languages = announced_languages
        self._is_written = is_written
        self._budget = SpeechBudget(track, spoken_seconds)
        self._sentences: asyncio.Queue[Sentence | None] = asyncio.Queue()
        self._making: dict[Utterance, asyncio.Task[None]] = {}
        self._closing_phrase: asyncio.Task[None] | None = None
        self._stopping = asyncio.Event()
        self._hurrying = asyncio.Event()
        self._restarts = 0
        self.progress = PlaybackProgress(heard_before)
        """How far the reply was heard."""
        self.is_whole = True
        """Whether everything that was to be said could be, so far; what was left out on purpose is no loss."""
        self.is_unfinished = False
        """Whether something of the reply was not begun that would have been said, had nobody ended it before."""
        self.unspoken_languages: set[str] = set()
        """The languages that nobody speaks, besides those announced before."""

    @property
    def needs_no_more(self) -> bool:
        """Whether no further sentence will be heard, now or later, since the time for speech is over."""
        return self._budget.is_cut_short

    def add(self, sentences: Iterable[Sentence]) -> None:
        """Speak these sentences after all before them."""
        for sentence in self.progress.skip_heard(sentences):
            self._sentences.put_nowait(sentence)
            self._note_unfinished()

    def restart(self) -> None:
        """What was added so far was no part of the reply: nothing of it is said that was not heard yet."""
        if not self._may_begin_more():
            return
        while not self._sentences.empty():
            self._sentences.get_nowait()
        for task in self._making.values():
            task.cancel()
        self._making.clear()
        self._budget.take_back()
        self.progress.restart()
        self._restarts += 1
        self._hurrying.set()

    def finish(self) -> None:
        """No sentence will follow."""
        self._sentences.put_nowait(None)

    def end_after_sentence(self) -> None:
        """Say the current sentence to its end, and nothing behind it."""
        self._begin_no_more()
        is_between = True
        for utterance, sentence in self.progress.begun:
            is_silent = utterance.is_whole and not utterance.made  # then it is as good as heard
            if is_between and not is_silent and not self.is_unfinished:
                self.is_unfinished = self._budget.end_before(utterance)
            is_between = sentence.ends
            if self.is_unfinished:
                self._making[utterance].cancel()

    def give_up(self) -> None:
        """Begin no further sentence: there is no voice to say it with."""
        self.is_whole = False
        self._begin_no_more()

    async def run(self, folder: Path) -> None:
        """Make speech of the sentences; one that cannot be spoken ends it, for a hole would mislead.

        Audio files are made inside `folder`, whose owner removes it.
        """
        free = asyncio.Semaphore(_AT_ONCE)
        try:
            async with asyncio.TaskGroup() as tasks:
                while (sentence := await self._sentences.get()) is not None and self._may_begin_more():
                    restarts = self._restarts
                    self._hurrying.clear()  # also where a restart found nothing waiting
                    await free.acquire()
                    await self._wait_until_needed()
                    if not self._may_begin_more():
                        break
                    if restarts != self._restarts:
                        free.release()
                        continue
                    if self._budget.needs_closing_phrase:
                        self._closing_phrase = tasks.create_task(self._make_closing_phrase(folder))
                    utterance = self._budget.begin()
                    self.progress.begin(utterance, sentence)
                    self._making[utterance] = tasks.create_task(self._speak(sentence, utterance, folder, free))
                if sentence is not None:
                    self._note_unfinished()
                self._budget.complete()
                self._cancel_if_final()
        finally:
            self._track.finish()

    def _may_begin_more(self) -> bool:
        return not self._stopping.is_set() and not self._budget.is_final

    def _begin_no_more(self) -> None:
        self._stopping.set()
        self._hurrying.set()
        self.finish()  # wakes the loop that waits for a sentence

    def _note_unfinished(self) -> None:
        self.is_unfinished = self.is_unfinished or (self._stopping.is_set() and not self._budget.is_cut_short)

    async def _wait_until_needed(self) -> None:
        """Return when it is time to make more, or none is to be begun."""
        with suppress(TimeoutError):
            async with asyncio.timeout(self._track.waiting * FRAME_SECONDS - _AHEAD_SECONDS):
                await self._hurrying.wait()

    async def _speak(self, sentence: Sentence, utterance: Utterance, folder: Path, free: asyncio.Semaphore) -> None:
        try:
            await self._synthesizer.speak(sentence, folder, utterance, self._voice)
        except NoVoice as error:
            await self._announce_unspoken_language(sentence, utterance, error.language, folder)
            self._budget.finish(utterance)
        except SpeechBroken:
            self.is_whole = False
            self._budget.finish(utterance)
        except SpeechUnavailable as error:
            _logger.warning("The answer could not be spoken from here on: %s", error)
            self._budget.cut(utterance)
            self.give_up()
        else:
            self._budget.finish(utterance)
        finally:
            free.release()
        self._cancel_if_final()

    async def _announce_unspoken_language(
        self, sentence: Sentence, utterance: Utterance, language: str, folder: Path
    ) -> None:
        """Say, in place of a sentence that nobody can, why it is not heard: once, since that is known then."""
        self.progress.begin(utterance, own_words(""))
        if language in self._announced_languages or language in self.unspoken_languages:
            return
        _logger.warning("Nobody speaks %s: %s", language, PrivateText(sentence.said))
        self.unspoken_languages.add(language)
        words = own_words(wording.no_voice_aloud(language, is_written=self._is_written))
        with suppress(SpeechUnavailable, SpeechBroken):  # logged where they were raised; the chat says it, too
            await self._synthesizer.speak(words, folder, utterance, self._voice)

    async def _make_closing_phrase(self, folder: Path) -> None:
        closing = ClosingPhrase()
        words = own_words(wording.REST_IN_CHAT if self._is_written else wording.REST_LEFT_OUT)
        try:
            await self._synthesizer.speak(words, folder, closing, self._voice)
        except SpeechUnavailable as error:
            _logger.warning("The closing phrase could not be spoken: %s", error)
        self._budget.set_closing_phrase(closing.frames)
        self._cancel_if_final()

    def _cancel_if_final(self) -> None:
        """When nothing more will be heard, make nothing more."""
        if self._budget.is_final:
            self.finish()
            making = [*self._making.values(), *([self._closing_phrase] if self._closing_phrase is not None else [])]
            for task in making:
                if task is not asyncio.current_task():
                    task.cancel()


def own_words(words: str) -> Sentence:
    """Words of our own, which are English and no part of the reply."""
    return Sentence(said=words, source="", language="en")
