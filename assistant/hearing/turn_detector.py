"""Cuts one member's sound into turns."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from assistant.hearing.counters import HearingCounters
from assistant.hearing.libopus import BYTES_PER_SAMPLE, SAMPLE_RATE
from assistant.hearing.speaker_level import SpeakerLevel
from assistant.hearing.voice_activity import CHUNK_SAMPLES, VoiceActivity, VoiceActivityModel

_CHUNK_SECONDS: Final = CHUNK_SAMPLES / SAMPLE_RATE
_CHUNK_BYTES: Final = CHUNK_SAMPLES * BYTES_PER_SAMPLE
_BYTES_PER_SECOND: Final = SAMPLE_RATE * BYTES_PER_SAMPLE
_SCALE: Final = np.float32(1 / 32768)

_STARTS: Final = 0.5
"""Voice this probable, in _CHUNKS_TO_START chunks on end, begins a turn,"""
_CHUNKS_TO_START: Final = 3
_GOES_ON: Final = 0.35
"""and this probable goes on with it."""
_FAINTEST: Final = 10**-6.5
"""Power, -65 dB of full scale, under which nothing is voice, and the network is not asked."""
_QUIET_CHUNKS_TO_FORGET: Final = 10

_LEAD_SECONDS: Final = 0.3
"""Sound that a turn keeps before its first voice: the first consonant is no voice yet,"""
_TRAIL_SECONDS: Final = 0.3
"""and after its last."""
_SILENCE_SECONDS: Final = 0.7
"""So much silence ends a turn;"""
_PAUSE_SECONDS: Final = 0.2
"""After so much of it the turn may be over: it can be recognized while the rest is waited for."""
_PAUSE_CHUNKS: Final = math.ceil(_PAUSE_SECONDS / _CHUNK_SECONDS)
_MOST_PAUSES: Final = 3
"""Pauses of one turn that are told: who hesitates often is not recognized again and again."""
_SILENCE_AFTER_RELEASE_SECONDS: Final = 0.4
"""less does where the member stopped sending in the middle of a sound: who talks by a key has let it go."""
_RELEASED_WITHIN_SECONDS: Final = 0.07
_LONG_SECONDS: Final = 25.0
"""After so long a breath is enough to cut,"""
_BREATH_SECONDS: Final = 0.15
_LONGEST_SECONDS: Final = 30.0
"""and after so long nothing is waited for."""


@dataclass(frozen=True, slots=True)
class CutTurn:
    """What was cut out."""

    pcm: bytes
    """Signed 16-bit, SAMPLE_RATE, mono."""
    voiced_seconds: float
    """How much of it is voice."""
    certainty: float
    """How probable voice was on average where it was taken for voice, from 0 to 1."""
    ended_at: float
    """When its last voice came."""
    is_provisional: bool = False
    """Whether the member has only paused, and may go on: the turn comes again."""


class TurnDetector:
    """Follows one member's voice. Its time is samples: sound may come in bursts."""

    def __init__(self, model: VoiceActivityModel, counters: HearingCounters) -> None:
        self._activity = VoiceActivity(model)
        self._level = SpeakerLevel(_CHUNK_SECONDS)
        self._counters = counters
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
        self._quiet = 0
        """Chunks on end that were too faint to ask about."""
        self._ended_at = 0.0
        self._silence_limit = _SILENCE_SECONDS
        self._pauses = 0
        """Of this turn, that were told."""
        self.is_in_turn = False
        """Whether the member speaks, or did less than the silence ago that ends a turn."""

    def feed(self, pcm: bytes, at: float) -> Iterator[CutTurn]:
        """Take sound that came at that time (seconds); yields what it completes, or what there is at a pause."""
        self._pending += pcm
        whole = len(self._pending) - len(self._pending) % _CHUNK_BYTES
        chunks = bytes(self._pending[:whole])
        del self._pending[:whole]
        for start in range(0, whole, _CHUNK_BYTES):
            turn = self._take_chunk(chunks[start : start + _CHUNK_BYTES], at)
            if turn is not None:
                yield turn

    def release(self) -> None:
        """The member's client stops sending."""
        if self.is_in_turn and self._silent * _CHUNK_SECONDS < _RELEASED_WITHIN_SECONDS:
            self._silence_limit = _SILENCE_AFTER_RELEASE_SECONDS

    def take_back(self, samples: int) -> None:
        """The last `samples` of silence were only a delay: the sound that comes now belongs before them."""
        silence = len(self._sound) + len(self._pending) - self._voiced_end
        surplus = min(samples * BYTES_PER_SAMPLE, silence + _CHUNK_BYTES - BYTES_PER_SAMPLE)
        if not self.is_in_turn or surplus <= 0:
            return
        judged_again = -(-max(0, surplus - len(self._pending)) // _CHUNK_BYTES) * _CHUNK_BYTES
        kept = max(0, len(self._sound) - judged_again)
        joined = self._sound + self._pending
        del joined[-surplus:]
        self._sound, self._pending = joined[:kept], joined[kept:]
        if kept < self._voiced_end and self._voiced:  # the silence began within a chunk with voice
            self._certainty *= (self._voiced - 1) / self._voiced
            self._voiced, self._voiced_end = self._voiced - 1, kept
        self._silent = (kept - self._voiced_end) // _CHUNK_BYTES

    def _take_chunk(self, chunk: bytes, at: float) -> CutTurn | None:
        self._sound += chunk
        if self._is_voiced(chunk):
            if self._silent:  # after `release` a last voiced piece may still come
                self._silence_limit = _SILENCE_SECONDS
            self._voiced += 1
            self._silent = 0
            self._voiced_end = len(self._sound)
            self._ended_at = at
        else:
            self._silent += 1
        if self.is_in_turn:
            return self._go_on()
        self._wait()
        return None

    def _is_voiced(self, chunk: bytes) -> bool:
        samples = np.frombuffer(chunk, "<i2").astype(np.float32) * _SCALE
        power = float(np.dot(samples, samples)) / CHUNK_SAMPLES
        self._level.hear(power)
        if power < _FAINTEST:
            self._level.pause()
            self._quiet += 1
            if self._quiet == _QUIET_CHUNKS_TO_FORGET:
                self._activity.reset()
            return False
        self._quiet = 0
        probability = self._activity.probability(samples)
        if probability < _GOES_ON:
            self._level.pause()
            return False
        is_sure = probability >= _STARTS
        if not self._level.is_theirs(power, is_in_turn=self.is_in_turn, is_sure=is_sure):
            self._counters.too_soft_seconds += _CHUNK_SECONDS
            return False
        if is_sure or self.is_in_turn:
            self._certainty += probability
            return True
        return False

    def _wait(self) -> None:
        if self._silent:
            self._voiced, self._certainty = 0, 0.0
        kept = round(_LEAD_SECONDS * _BYTES_PER_SECOND) + self._voiced * _CHUNK_BYTES
        del self._sound[:-kept]
        self._voiced_end = len(self._sound)
        self.is_in_turn = self._voiced >= _CHUNKS_TO_START

    def _go_on(self) -> CutTurn | None:
        seconds = len(self._sound) / _BYTES_PER_SECOND
        limit = self._silence_limit if seconds < _LONG_SECONDS else _BREATH_SECONDS
        is_over = self._silent * _CHUNK_SECONDS >= limit
        if is_over or seconds >= _LONGEST_SECONDS:
            return self._cut(is_over=is_over)
        is_pause = self._silent == _PAUSE_CHUNKS and self._pauses < _MOST_PAUSES
        return self._pause() if is_pause else None

    def _pause(self) -> CutTurn:
        self._pauses += 1
        certainty = self._certainty / max(1, self._voiced)
        voiced_seconds = self._voiced * _CHUNK_SECONDS
        return CutTurn(bytes(self._sound), voiced_seconds, certainty, self._ended_at, is_provisional=True)

    def _cut(self, *, is_over: bool) -> CutTurn:
        """The turn; it goes on, where it is not over, without losing or repeating a sample."""
        end = min(len(self._sound), self._voiced_end + round(_TRAIL_SECONDS * _BYTES_PER_SECOND))
        end = end if is_over else len(self._sound)
        certainty = self._certainty / max(1, self._voiced)
        turn = CutTurn(bytes(self._sound[:end]), self._voiced * _CHUNK_SECONDS, certainty, self._ended_at)
        del self._sound[:end]
        self._voiced = self._voiced_end = self._silent = self._pauses = 0
        self._certainty = 0.0
        self._silence_limit = _SILENCE_SECONDS
        self.is_in_turn = not is_over
        return turn
