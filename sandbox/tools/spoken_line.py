"""What a member of a demo says, as sound."""

from typing import Final

import numpy as np
import numpy.typing as npt
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler

from sandbox.standins.hibari_voice import Synthesizer

_RATE: Final = 48_000
_LOUDEST: Final = 32_767


def spoken(line: str, voice: Synthesizer) -> npt.NDArray[np.int16]:
    """An English line in a voice: 16-bit samples at 48 kHz, as a member speaks them. Blocks while it is computed."""
    samples, rate = voice(line, "en")
    frame = AudioFrame.from_ndarray((samples.clip(-1, 1) * _LOUDEST).astype(np.int16)[np.newaxis], "s16", "mono")
    frame.sample_rate = rate
    resampler = AudioResampler("s16", "mono", _RATE)
    made = [*resampler.resample(frame), *resampler.resample(None)]
    return np.concatenate([each.to_ndarray()[0] for each in made])
