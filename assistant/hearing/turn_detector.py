"""Cuts one member's sound into turns."""

import math
from collections.abc import Iterator
from typing import Final

from assistant.hearing.counters import HearingCounters
from assistant.hearing.libopus import BYTES_PER_SAMPLE, SAMPLE_RATE
from assistant.hearing.own_voice import CHUNK_BYTES, CHUNK_SECONDS, OwnVoice
from assistant.hearing.silence_limit import SilenceLimit
from assistant.hearing.turn_events import Begun, CutTurn, Ended, Paused, Resumed, TurnEvent
from assistant.hearing.voice_activity import VoiceActivityModel

_BYTES_PER_SECOND: Final = SAMPLE_RATE * BYTES_PER_SAMPLE
_CHUNKS_TO_START: Final = 3
"""Chunks with voice on end that begin a turn."""
_LEAD_SECONDS: Final = 0.3
"""Sound that a turn keeps before its first voice: the first consonant is no voice yet,"""
_TRAIL_SECONDS: Final = 0.3
"""and after its last."""
_PAUSE_SECONDS: Final = 0.128
"""After so much silence the turn may be over: it can be recognized while the rest is waited for. Recognition takes a
tenth of a second at least, so nobody knows the text sooner than after 0.2 s; closed consonants are silent for less."""
_PAUSE_CHUNKS: Final = math.ceil(_PAUSE_SECONDS / CHUNK_SECONDS)
_SHORT_PAUSES: Final = 4
"""So many of a turn are told after that; of who hesitates often, those that last twice as long,"""
_LATER_PAUSE_CHUNKS: Final = 2 * _PAUSE_CHUNKS
_MOST_PAUSES: Final = 8
"""and so many in all: they are not recognized again and again, and their last words not only when the turn is over."""
_CHUNKS_TO_RESUME: Final = 5
"""Chunks with voice behind a pause, so many in all or _CHUNKS_TO_START on end: with fewer it was a breath."""
_LONG_SECONDS: Final = 25.0
"""After so long a breath is enough to cut,"""
_BREATH_SECONDS: Final = 0.15
_LONGEST_SECONDS: Final = 30.0
"""and after so long nothing is waited for."""


class TurnDetector:
    """Follows one member's voice. Its time is samples: sound may come in bursts."""

    def __init__(self, model: VoiceActivityModel, counters: HearingCounters) -> None:
        self._voice = OwnVoice(model, counters)
        self._limit = SilenceLimit()
        self._pending = bytearray()
        """Less than a chunk."""
        self._sound = bytearray()
        """The turn so far; outside of one, what its beginning may need."""
        self._voiced_end = 0
        """Bytes of it up to the end of the last voice."""
        self._voiced = 0
        """Chunks with voice in the turn; outside of one, on end up to now."""
        self._certainty = 0.0
        """The sum of their probabilities."""
        self._silent = 0
        """Chunks without voice since."""
        self._began_at = self._ended_at = 0.0
        self._pauses = 0
        """Of this turn, that were told."""
        self._is_pause_told = False
        """Whether the member has not gone on since one was."""
        self._voiced_at_pause = 0
        """Chunks with voice up to that one."""
        self._on_end = 0
        """Chunks with voice on end up to now."""
        self.is_in_turn = False
        """Whether the member speaks, or did less than the silence ago that ends a turn."""

    def feed(self, pcm: bytes, at: float) -> Iterator[TurnEvent]:
        """Take sound that came at that time (seconds); yields what happens in it."""
        self._pending += pcm
        whole = len(self._pending) - len(self._pending) % CHUNK_BYTES
        chunks = bytes(self._pending[:whole])
        del self._pending[:whole]
        for start in range(0, whole, CHUNK_BYTES):
            yield from self._take_chunk(chunks[start : start + CHUNK_BYTES], at)

    def so_far(self) -> CutTurn | None:
        """The turn that goes on, with all of its sound up to now; None outside of one."""
        return self._turn(len(self._sound)) if self.is_in_turn else None

    def wait_longer(self, seconds: float) -> None:
        """In a pause that was told: the turn ends only after so many seconds of silence in all."""
        if self._is_pause_told:
            self._limit.wait_longer(seconds)

    def release(self, at: float, *, is_by_key: bool) -> None:
        """The member's client stops sending; whether it does so by a key, see `Transmission`."""
        if self.is_in_turn:
            self._limit.released(self._silent * CHUNK_SECONDS, at, is_by_key=is_by_key)

    def take_back(self, samples: int) -> None:
        """The last `samples` of silence were only a delay: the sound that comes now belongs before them."""
        silence = len(self._sound) + len(self._pending) - self._voiced_end
        surplus = min(samples * BYTES_PER_SAMPLE, silence + CHUNK_BYTES - BYTES_PER_SAMPLE)
        if not self.is_in_turn or surplus <= 0:
            return
        judged_again = -(-max(0, surplus - len(self._pending)) // CHUNK_BYTES) * CHUNK_BYTES
        kept = max(0, len(self._sound) - judged_again)
        joined = self._sound + self._pending
        del joined[-surplus:]
        self._sound, self._pending = joined[:kept], joined[kept:]
        if kept < self._voiced_end and self._voiced:  # the silence began within a chunk with voice
            self._certainty *= (self._voiced - 1) / self._voiced
            self._voiced, self._voiced_end = self._voiced - 1, kept
        self._silent = (kept - self._voiced_end) // CHUNK_BYTES

    def _take_chunk(self, chunk: bytes, at: float) -> Iterator[TurnEvent]:
        self._sound += chunk
        probability = self._voice.probability(chunk, is_in_turn=self.is_in_turn)
        if probability:
            self._take_voice(probability, at)
        else:
            self._silent += 1
            self._on_end = 0
        if not self.is_in_turn:
            if self._begins():
                yield Begun()
            return
        if self._is_pause_told and self._resumes():
            self._is_pause_told = False
            self._limit.goes_on()
            yield Resumed()
        yield from self._go_on()

    def _take_voice(self, probability: float, at: float) -> None:
        if self.is_in_turn:
            self._limit.spoke(at)
        if not self._voiced or (self._silent and not self.is_in_turn):
            self._began_at = at
        self._voiced += 1
        self._on_end += 1
        self._certainty += probability
        self._silent = 0
        self._voiced_end = len(self._sound)
        self._ended_at = at

    def _begins(self) -> bool:
        if self._silent:
            self._voiced, self._certainty = 0, 0.0
        kept = round(_LEAD_SECONDS * _BYTES_PER_SECOND) + self._voiced * CHUNK_BYTES
        del self._sound[:-kept]
        self._voiced_end = len(self._sound)
        self.is_in_turn = self._voiced >= _CHUNKS_TO_START
        return self.is_in_turn

    def _resumes(self) -> bool:
        return self._on_end >= _CHUNKS_TO_START or self._voiced - self._voiced_at_pause >= _CHUNKS_TO_RESUME

    def _go_on(self) -> Iterator[TurnEvent]:
        seconds = len(self._sound) / _BYTES_PER_SECOND
        limit = self._limit.seconds if seconds < _LONG_SECONDS else _BREATH_SECONDS
        is_over = self._silent * CHUNK_SECONDS >= limit
        if is_over or seconds >= _LONGEST_SECONDS:
            yield Ended(self._cut(is_over=is_over))
            if not is_over:
                yield Begun()
        elif self._silent == self._pause_chunks and self._pauses < _MOST_PAUSES and not self._is_pause_told:
            self._pauses += 1
            self._is_pause_told, self._voiced_at_pause = True, self._voiced
            yield Paused(self._turn(len(self._sound)))

    @property
    def _pause_chunks(self) -> int:
        """After how many chunks of silence a pause is told."""
        return _PAUSE_CHUNKS if self._pauses < _SHORT_PAUSES else _LATER_PAUSE_CHUNKS

    def _turn(self, end: int) -> CutTurn:
        certainty = self._certainty / max(1, self._voiced)
        sound = bytes(self._sound[:end])
        return CutTurn(sound, self._voiced * CHUNK_SECONDS, certainty, self._began_at, self._ended_at)

    def _cut(self, *, is_over: bool) -> CutTurn:
        """The turn; it goes on, where it is not over, without losing or repeating a sample."""
        end = min(len(self._sound), self._voiced_end + round(_TRAIL_SECONDS * _BYTES_PER_SECOND))
        end = end if is_over else len(self._sound)
        turn = self._turn(end)
        del self._sound[:end]
        self._voiced = self._voiced_end = self._silent = self._pauses = 0
        self._certainty = 0.0
        self._is_pause_told = False
        self._limit.turn_ended()
        self.is_in_turn = not is_over
        return turn
