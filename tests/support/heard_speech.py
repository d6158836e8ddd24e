"""Speech as frames, and what a listener's decoder makes of frames."""

from collections.abc import Sequence

import av
import numpy as np
import numpy.typing as npt
from av import AudioFrame
from av.audio.codeccontext import AudioCodecContext

from assistant.audio.opus import OpusEncoder
from assistant.audio.track import Track
from tests.support.recorded_speech import Recording

SAMPLES = 960
"""Of a frame at 48 kHz, as a listener's client decodes it."""


def frames_of(recording: Recording) -> list[bytes]:
    """A recording as frames of 20 ms."""
    sound = AudioFrame.from_ndarray(recording.at_48_khz()[np.newaxis, :], format="s16", layout="mono")
    sound.sample_rate = 48_000
    encoder = OpusEncoder()
    return [*encoder.encode(sound), *encoder.finish()]


def track_of(frames: Sequence[bytes]) -> Track:
    """A complete track of these frames."""
    track = Track()
    utterance = track.begin()
    for frame in frames:
        utterance.append(frame)
    utterance.finish()
    track.finish()
    return track


def heard(frames: Sequence[bytes]) -> npt.NDArray[np.float64]:
    """What a listener hears of these frames, by the decoder that clients have; SAMPLES a frame."""
    decoder = av.CodecContext.create("libopus", "r")
    assert isinstance(decoder, AudioCodecContext)
    decoder.sample_rate, decoder.layout, decoder.format = 48_000, "mono", "s16"
    return np.concatenate(
        [piece.to_ndarray()[0] for frame in frames for piece in decoder.decode(av.Packet(frame))]
    ).astype(np.float64)
