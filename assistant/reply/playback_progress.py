"""How far a reply was heard: in sentences and in words."""

import asyncio
from collections.abc import Awaitable, Callable, ItemsView, Iterable
from contextlib import suppress
from itertools import takewhile
from typing import Final

from assistant.audio.opus import FRAME_SECONDS
from assistant.audio.track import Utterance
from assistant.text.sentence import Sentence
from assistant.util.text_boundaries import word_boundary

_FRAMES_A_CHARACTER: Final = 3.5
"""About how long a voice takes for a letter: for an utterance whose length is not known before it is whole."""

_RECORD_SECONDS: Final = 0.25
"""How soon it is recorded that a sentence was heard: should we be killed sooner, it is heard again."""
_LONGEST_PAUSE: Final = 1.0
"""How long it is not looked while a sentence is surely not over: what was said may be taken back meanwhile."""


class PlaybackProgress:
    """The sentences of one reply in their order, each with its utterance, which says how much of it has left.

    The first of them may have been heard in an earlier process, and have no utterance here.
    """

    def __init__(self, heard_before: int = 0) -> None:
        """`heard_before` is how many sentences were heard in an earlier process."""
        self._heard_before = self._to_skip = heard_before
        self._skipped: list[Sentence] = []
        self._begun: dict[Utterance, Sentence] = {}
        self._recorded: int | None = None

    @property
    def heard_text(self) -> str:
        """The words of the reply whose sound has left, rather too few than too many: no word by halves."""
        skipped = (sentence.source for sentence in self._skipped)
        begun = (_heard_part(sentence, utterance) for utterance, sentence in self._begun.items())
        return " ".join(part for part in (*skipped, *begun) if part)

    @property
    def heard_sentences(self) -> int:
        """How many sentences were heard to their end, or left out, without one before them that was not."""
        here = sum(1 for _ in takewhile(lambda one: one.is_whole and one.sent >= one.made, self._begun))
        return len(self._skipped) + here

    @property
    def begun(self) -> ItemsView[Utterance, Sentence]:
        """The utterances that were begun here, in their order, and what each says."""
        return self._begun.items()

    def skip_heard(self, sentences: Iterable[Sentence]) -> list[Sentence]:
        """Those of the reply's next sentences that no earlier process has played; the others count as heard."""
        unheard = list(sentences)
        heard = unheard[: self._to_skip]
        self._skipped += heard
        self._to_skip -= len(heard)
        return unheard[len(heard) :]

    def restart(self) -> None:
        """The reply begins anew: what was heard so far was no part of it."""
        self._skipped.clear()
        self._begun.clear()
        self._heard_before = self._to_skip = 0
        self._recorded = None

    def begin(self, utterance: Utterance, sentence: Sentence) -> None:
        """A sentence is about to be made into an utterance; done again, the utterance says another one."""
        self._begun[utterance] = sentence

    async def record(self, save: Callable[[int], Awaitable[None]], *, recorded: int, until: asyncio.Event) -> None:
        """Save how many sentences were heard, whenever that is not what is `recorded`, until playback is over."""
        if self._heard_before != recorded:
            await save(self._heard_before)
        self._recorded = self._heard_before
        while not until.is_set():
            with suppress(TimeoutError):
                async with asyncio.timeout(self._pause()):
                    await until.wait()
            if self._recorded is None or self.heard_sentences > self._recorded:
                self._recorded = self.heard_sentences
                await save(self._recorded)

    def _pause(self) -> float:
        """How long to wait before it is looked again whether a sentence was heard."""
        current = next((one for one in self._begun if not (one.is_whole and one.sent >= one.made)), None)
        left = (current.made - current.sent) * FRAME_SECONDS if current is not None else 0.0
        return min(max(left, _RECORD_SECONDS), _LONGEST_PAUSE)


def _heard_part(sentence: Sentence, utterance: Utterance) -> str:
    """The words of a sentence that were heard, by the share of its frames that has left."""
    frames = float(utterance.made)
    if not utterance.is_whole:
        frames = max(frames, len(sentence.said) * _FRAMES_A_CHARACTER)
    heard = int(len(sentence.source) * utterance.sent / frames) if utterance.sent else 0
    return sentence.source[: word_boundary(sentence.source, heard)]
