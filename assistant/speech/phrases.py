"""Pieces of speech that recur, ready to be heard: greetings, apologies, "Yes." and the like."""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

_MOST_BYTES: Final = 4 << 20
"""Some eight minutes of speech."""
_MOST_NAMES: Final = 4096


@dataclass(frozen=True, slots=True)
class Phrase:
    """What makes one piece of speech sound as it does."""

    engine: str
    """Who speaks."""
    language: str
    """In which language, as a gTTS code."""
    text: str
    """What is said."""


class PhraseCache:
    """Keeps what is said for the second time, within bounds; what was not asked for the longest goes first.

    Most sentences of a model are said once only. They are remembered by name alone, so that they do not drive
    out the phrases that recur.
    """

    def __init__(self, most_bytes: int = _MOST_BYTES) -> None:
        """Keeps at most so many bytes of frames."""
        self._most_bytes = most_bytes
        self._bytes = 0
        self._frames: OrderedDict[Phrase, tuple[bytes, ...]] = OrderedDict()
        self._said_once: OrderedDict[Phrase, None] = OrderedDict()

    def get(self, phrase: Phrase) -> tuple[bytes, ...] | None:
        """The frames of a phrase, or None."""
        frames = self._frames.get(phrase)
        if frames is not None:
            self._frames.move_to_end(phrase)
        return frames

    def said(self, phrase: Phrase, frames: Sequence[bytes]) -> None:
        """A phrase was made into frames."""
        if phrase in self._frames:
            return
        if phrase not in self._said_once:
            self._said_once[phrase] = None
            if len(self._said_once) > _MOST_NAMES:
                self._said_once.popitem(last=False)
            return
        del self._said_once[phrase]
        self._frames[phrase] = tuple(frames)
        self._bytes += sum(map(len, frames))
        while self._bytes > self._most_bytes:
            _, oldest = self._frames.popitem(last=False)
            self._bytes -= sum(map(len, oldest))
