"""How much the speech of one sentence may be, whatever an engine sends."""

from dataclasses import dataclass
from typing import Final, Self

from assistant.audio.opus import FRAME_SECONDS

_LEAST_SECONDS: Final = 5.0
_SECONDS_A_LETTER: Final = 0.2
"""For small letters and spaces; voices take about 0.07 s."""
_SECONDS_A_CHARACTER: Final = 1.0
"""For all others; voices take 0.25 s for a Japanese or Chinese one, 0.6 s for a letter of an abbreviation, 0.8 s for a
digit of a number that is read out in words."""
_BYTES_A_SECOND: Final = 192_000
"""WAV with 48 kHz in two channels, the most that servers send; OpenAI's `pcm` has a quarter, MP3 a fiftieth."""


@dataclass(frozen=True, slots=True)
class SentenceLimits:
    """Several times what an honest engine gives."""

    frames: int
    """How many Opus frames."""
    size: int
    """How many bytes of the engine's audio."""

    @classmethod
    def of(cls, text: str) -> Self:
        """Those of a sentence."""
        letters = sum(character.islower() or character.isspace() for character in text)
        seconds = _LEAST_SECONDS + _SECONDS_A_LETTER * letters + _SECONDS_A_CHARACTER * (len(text) - letters)
        return cls(frames=round(seconds / FRAME_SECONDS), size=round(seconds * _BYTES_A_SECOND))
