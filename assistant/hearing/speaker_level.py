"""How loud a member speaks, to tell their voice from other voices in their room.

Measured with recordings of people, five others talking on behind each (`python -m bench.hearing --ear`): the level of
one chunk tells the two apart badly, since both rise and fall with every syllable; that of a third of a second does. And
where it is quiet behind a member, nothing may be too soft: people often end a sentence 10 dB softer than they began it.
"""

from collections import deque
from math import log10
from typing import Final

from assistant.hearing.sliding_percentile import SlidingPercentile

_AVERAGED: Final = 12
"""Chunks with voice over which the level is taken."""
_PAUSE: Final = 6
"""Chunks without voice after which it is taken anew."""
_REMEMBERED: Final = 256
"""Levels that are remembered, some 8 s; also from turn to turn."""
_USUAL: Final = 0.85
"""The percentile of the levels of a member's voice that counts as their level,"""
_ENOUGH: Final = 32
"""which is not known before so many of them: a second."""
_BACKGROUND: Final = 0.2
"""The percentile of all levels that counts as what goes on behind them."""
_ABOVE_BACKGROUND: Final = 10.0
"""Decibels; a voice that stands out so far is never too soft."""
_SOFTER_TO_START: Final = 7.0
"""Decibels below the member's level from which on a voice is somebody else's: outside of a turn,"""
_SOFTER_TO_GO_ON: Final = 9.0
"""and in one."""
_EASED: Final = 1.0
"""Decibels for each second of voice that was too soft: a member who now sits further away is heard in the end."""
_SILENCE: Final = 1e-10
"""Power that is added, since silence has no logarithm."""


class SpeakerLevel:
    """The levels of one member, in decibels, a chunk at a time."""

    def __init__(self, chunk_seconds: float) -> None:
        """`chunk_seconds` is how long a chunk is."""
        self._chunk_seconds = chunk_seconds
        self._powers: deque[float] = deque(maxlen=_AVERAGED)
        self._unvoiced = 0
        self._voice = SlidingPercentile(_REMEMBERED, _USUAL)
        self._all = SlidingPercentile(_REMEMBERED, _BACKGROUND)
        self._too_soft = 0.0
        """Seconds of voice that was too soft to begin a turn."""

    def hear(self, power: float) -> None:
        """A chunk, whatever is in it. `power` is the mean square of samples from -1 to 1."""
        self._all.add(10 * log10(power + _SILENCE))

    def pause(self) -> None:
        """There was no voice in it."""
        self._unvoiced += 1
        if self._unvoiced == _PAUSE:
            self._powers.clear()

    def is_theirs(self, power: float, *, is_in_turn: bool, is_sure: bool) -> bool:
        """Or there was: whether it is loud enough to be the member's own. Its level is learned if it `is_sure`."""
        self._unvoiced = 0
        self._powers.append(power)
        level = 10 * log10(sum(self._powers) / len(self._powers) + _SILENCE)
        if level < self._least(is_in_turn=is_in_turn):
            if not is_in_turn:
                self._too_soft += self._chunk_seconds
            return False
        if is_in_turn:
            self._too_soft = 0.0
        if is_sure:
            self._voice.add(level)
        return True

    def _least(self, *, is_in_turn: bool) -> float:
        if len(self._voice) < _ENOUGH:
            return float("-inf")
        softer = _SOFTER_TO_GO_ON if is_in_turn else _SOFTER_TO_START + _EASED * self._too_soft
        return min(self._voice.value - softer, self._all.value + _ABOVE_BACKGROUND)
