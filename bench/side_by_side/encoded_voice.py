"""A voice whose sound is made once for each length, so that hundreds of requests cost the machine little."""

from functools import lru_cache
from typing import Final

from bench.common.workload import CHARACTERS_A_SECOND
from sandbox.standins.google.ready_made import babble
from sandbox.standins.mp3 import SAMPLE_RATE
from sandbox.standins.speech.audio_format import FORMATS

_STEP_SECONDS: Final = 0.1
_LONGEST_SECONDS: Final = 40.0
_KEPT: Final = 400


class EncodedVoice:
    """The beginning of one long recording, for any text, in the form that is asked for."""

    def __init__(self, quickness: float = 1.0) -> None:
        """`quickness` is how many times as fast as a person it speaks."""
        self._samples = babble(_LONGEST_SECONDS)
        self._characters_a_second = CHARACTERS_A_SECOND * quickness
        self._make = lru_cache(maxsize=_KEPT)(self._make_new)

    def __call__(self, text: str, form: str) -> bytes:
        """A text in a `response_format`, as long as it takes to say."""
        return self._make(max(1, round(len(text) / self._characters_a_second / _STEP_SECONDS)), form)

    def _make_new(self, steps: int, form: str) -> bytes:
        return FORMATS[form].encode(self._samples[: int(steps * _STEP_SECONDS * SAMPLE_RATE)], SAMPLE_RATE)
