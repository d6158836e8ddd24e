"""Answers whose every 20 ms has a pitch of its own: a frame that was heard says which part of which answer it is.

The pitches form a scale: each step is 20 ms of one answer.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import av
import numpy as np
from av.audio.codeccontext import AudioCodecContext
from numpy.typing import NDArray

FRAME_SECONDS: Final = 0.02
_LOWEST_HERTZ: Final = 400.0
_HERTZ_PER_STEP: Final = 8.0
"""How much the pitch rises in 20 ms; it can be measured in a frame to about 1 Hz."""
_SOURCE_RATE: Final = 24_000
_HEARD_RATE: Final = 48_000
_FADE_SECONDS: Final = 0.002
_UNKNOWN_HERTZ: Final = 150.0
_QUIET: Final = 0.01
_SPECTRUM_SIZE: Final = 8192

_Samples = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Answer:
    """What the model says to one message, and its steps on the scale of pitches."""

    keyword: str
    """A word that only this message and its answer contain."""
    text: str
    """The answer: one sentence of fewer than 96 characters, so that both bots speak it in one piece."""
    first_step: int
    """Its first step."""
    steps: int
    """How many steps it has: its length in frames of 20 ms."""

    @property
    def message(self) -> str:
        """What the member types."""
        return f"Please say the {self.keyword} one"

    def holds(self, step: int) -> bool:
        """Whether a step belongs to this answer."""
        return self.first_step <= step < self.first_step + self.steps


LONG: Final = Answer("longest", "This is the longest answer of them all and it is broken in its middle.", 0, 350)
SECOND: Final = Answer("second", "This is the second answer.", 400, 50)
THIRD: Final = Answer("third", "This is the third answer.", 500, 50)
LATER: Final = Answer("later", "This is a later answer.", 600, 50)
ANSWERS: Final = (LONG, SECOND, THIRD, LATER)


def answer_to(text: str) -> Answer | None:
    """The answer that a message or a sentence belongs to; None where there is none."""
    return next((answer for answer in ANSWERS if re.search(rf"\b{answer.keyword}\b", text)), None)


def pitch_coded_voice(text: str, _: str) -> tuple[_Samples, int]:
    """A voice for the answers, and a low hum for other texts: its samples, and their rate per second."""
    answer = answer_to(text)
    steps = answer.steps if answer else 50
    time = np.arange(int(steps * FRAME_SECONDS * _SOURCE_RATE)) / _SOURCE_RATE
    if answer is None:
        pitch = np.full_like(time, _UNKNOWN_HERTZ)
    else:
        pitch = _LOWEST_HERTZ + _HERTZ_PER_STEP * (answer.first_step + time / FRAME_SECONDS)
    tone = 0.3 * np.sin(2 * np.pi * np.cumsum(pitch) / _SOURCE_RATE)
    fade = np.clip(np.minimum(time, time[::-1]) / _FADE_SECONDS, 0, 1)
    return (tone * fade).astype(np.float32), _SOURCE_RATE


@dataclass(frozen=True, slots=True)
class Tone:
    """What one frame sounds like."""

    step: float | None
    """Its step on the scale; None for silence."""
    level: float
    """Its root mean square, of samples from -1 to 1."""


def steps_of(frames: Sequence[bytes]) -> list[float | None]:
    """The step of each Opus frame, in the order in which they were heard; None for silence."""
    return [tone.step for tone in tones_of(frames)]


def tones_of(frames: Sequence[bytes]) -> list[Tone]:
    """The tone of each Opus frame, in the order in which they were heard. This takes CPU time."""
    decoder = av.CodecContext.create("libopus", "r")
    assert isinstance(decoder, AudioCodecContext)
    decoder.sample_rate, decoder.layout = _HEARD_RATE, "mono"
    sounds = [_decoded(decoder, frame) for frame in frames]
    return [Tone(_step_of(samples), float(np.sqrt(np.square(samples).mean()))) for samples in sounds]


def _decoded(decoder: AudioCodecContext, frame: bytes) -> _Samples:
    pieces = [piece.to_ndarray() for piece in decoder.decode(av.Packet(frame))]
    whole = np.concatenate(pieces, axis=1)[0]
    scale = 32768.0 if whole.dtype.kind == "i" else 1.0
    samples: _Samples = np.divide(whole, scale, dtype=np.float32)
    return samples


def _step_of(samples: _Samples) -> float | None:
    if float(np.max(np.abs(samples), initial=0.0)) < _QUIET:
        return None
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples)), _SPECTRUM_SIZE)) + 1e-12
    peak = int(np.clip(np.argmax(spectrum), 1, len(spectrum) - 2))
    left, top, right = np.log(spectrum[peak - 1 : peak + 2])
    shift = 0.5 * (left - right) / (left - 2 * top + right)
    hertz = float(peak + shift) * _HEARD_RATE / _SPECTRUM_SIZE
    return (hertz - _LOWEST_HERTZ) / _HERTZ_PER_STEP
