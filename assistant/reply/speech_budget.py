"""How much of an answer is said: all of it, or what fits into a time."""

from collections import deque
from collections.abc import Sequence
from typing import Final

from assistant.audio.opus import FRAME_SECONDS
from assistant.audio.track import Track, Utterance

_FOREVER: Final = float("inf")
_LONGEST_CLOSING_PHRASE: Final = 250
"""Frames that a closing phrase surely has room in, before it is made and its length known: twice what voices take."""


class SpeechBudget:
    """Begins the utterances of one answer in a track, and lets as many be heard as there is time for.

    Without a bound each is heard while it is made. With one, that holds for the first alone, whatever its length;
    each other waits until it is whole, and until it is sure that there is time for it: time for the rest of the
    answer behind it, or for the closing phrase. Then either the whole answer is heard, or it ends with the closing
    phrase; where not even that has room behind the first utterance, with the first utterance.
    """

    def __init__(self, track: Track, seconds: float) -> None:
        """`seconds` is the most that is said, the closing phrase included; 0 means that there is no bound."""
        self._track = track
        self._frames_left: float = round(seconds / FRAME_SECONDS) if seconds else _FOREVER
        """How many frames may still be heard, besides all that certainly are."""
        self._waiting: deque[Utterance] = deque()
        self._begun = 0
        self._closing_phrase: Sequence[bytes] | None = None
        self._is_complete = False
        self.is_final = False
        """Whether nothing will be heard besides what is sure by now: whatever is still made is lost."""
        self.is_cut_short = False
        """Whether that is so because the time is over."""

    @property
    def needs_closing_phrase(self) -> bool:
        """Whether it is time to make the closing phrase: behind the first utterance there may be too little time."""
        return self._frames_left < _FOREVER and self._begun == 1

    def begin(self) -> Utterance:
        """The next utterance of the answer."""
        utterance = self._track.begin(is_withheld=self._frames_left < _FOREVER and self._begun > 0)
        self._begun += 1
        self._waiting.append(utterance)
        return utterance

    def finish(self, utterance: Utterance) -> None:
        """An utterance is whole."""
        utterance.finish()
        self._decide()

    def set_closing_phrase(self, frames: Sequence[bytes]) -> None:
        """What is said at the end when something has to be left out; nothing, if that could not be made."""
        self._closing_phrase = frames
        self._decide()

    def cut(self, utterance: Utterance) -> None:
        """An utterance could not be made: neither it nor what is behind it is said."""
        self._track.cut(utterance)
        while utterance in self._waiting:
            self._waiting.pop()
        self.complete()

    def end_before(self, utterance: Utterance) -> bool:
        """Say all before an utterance, and nothing from it on; False, and nothing happens, where `Track` says so."""
        if not self._track.end_before(utterance):
            return False
        while utterance in self._waiting:
            self._waiting.pop()
        for earlier in self._waiting:
            earlier.release()
        return True

    def take_back(self) -> None:
        """Say nothing of what was begun so far that was not heard yet; the next utterance is as the first."""
        self._track.take_back()
        self._waiting.clear()
        self._begun = 0

    def complete(self) -> None:
        """Nothing more will be begun."""
        self._is_complete = True
        self._decide()

    def _decide(self) -> None:
        """Decide all that can be decided by now."""
        if self.is_final:
            return
        while self._waiting and self._waiting[0].is_whole and self._surely_fits(self._waiting[0]):
            self._release_next()
        if self._waiting and not self._waiting[0].is_withheld:
            return  # the first one is heard already, and how much room it leaves shows later
        made = sum(utterance.made for utterance in self._waiting)
        if self._frames_left <= 0:
            self._cut_short()
        elif made > self._frames_left:
            # The answer cannot be heard whole. What is first in line may have room all the same, once it is whole.
            if (
                self._closing_phrase is not None
                and self._waiting[0].made + len(self._closing_phrase) > self._frames_left
            ):
                self._cut_short()
        elif self._is_complete and all(utterance.is_whole for utterance in self._waiting):
            while self._waiting:
                self._release_next()
            self.is_final = True

    def _surely_fits(self, utterance: Utterance) -> bool:
        """Whether an utterance may be heard whatever comes behind it."""
        if not utterance.is_withheld:
            return True
        closing = _LONGEST_CLOSING_PHRASE if self._closing_phrase is None else len(self._closing_phrase)
        return utterance.made + closing <= self._frames_left

    def _release_next(self) -> None:
        utterance = self._waiting.popleft()
        utterance.release()
        self._frames_left -= utterance.made

    def _cut_short(self) -> None:
        """Leave out what waits, and say so if there is time."""
        if self._waiting:
            self._track.cut(self._waiting[0])
            if self._closing_phrase is not None and len(self._closing_phrase) <= self._frames_left:
                closing = self._track.begin()
                for frame in self._closing_phrase:
                    closing.append(frame)
                closing.finish()
        self._waiting.clear()
        self.is_final = self.is_cut_short = True


class ClosingPhrase:
    """Keeps the frames of what may be said at the end, until it is known whether it is."""

    def __init__(self) -> None:
        self.frames: list[bytes] = []

    def append(self, frame: bytes) -> None:
        """See `Sink.append`."""
        self.frames.append(frame)

    def restart(self) -> bool:
        """See `Sink.restart`: nobody has heard it yet."""
        self.frames.clear()
        return True
