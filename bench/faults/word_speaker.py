"""A member who says words, one after the other, whatever happens to their call meanwhile."""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from bench.faults.spoken_words import Word
from sandbox import MemberActor, NotAllowed
from sandbox.voice import NetworkConditions

_AWAY_SECONDS: Final = 0.1


@dataclass(frozen=True, slots=True)
class SaidWord:
    """A word that was said to its end."""

    word: Word
    """Which."""
    begun: float
    """When, in seconds of `time.monotonic()`."""

    @property
    def ended(self) -> float:
        """When its last frame left."""
        return self.begun + self.word.seconds


@dataclass
class WordSpeaker:
    """Says words, and goes on with the next one when they come back into a call."""

    member: MemberActor
    """Who speaks."""
    network: NetworkConditions
    """What happens to the packets."""
    said: list[SaidWord] = field(default_factory=list)
    """The words so far that were said to their end."""

    async def say(self, words: Sequence[Word]) -> None:
        """Say them without a pause."""
        left = list(words)
        while left:
            try:
                await self.member.speak(self._frames(left), network=self.network)
            except NotAllowed:  # they are in no call at the moment
                await asyncio.sleep(_AWAY_SECONDS)

    async def _frames(self, left: list[Word]) -> AsyncIterator[bytes]:
        """The frames of the words that are left. A frame is asked for when the one before it has left."""
        while left:
            word = left.pop(0)
            begun = time.monotonic()
            for frame in word.frames:
                yield frame
            self.said.append(SaidWord(word, begun))
