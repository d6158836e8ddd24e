import av
import numpy as np
import pytest
from av import AudioFrame
from av.audio.codeccontext import AudioCodecContext

from assistant.audio.opus import OpusEncoder


def tone(seconds: float, rate: int) -> AudioFrame:
    time = np.arange(int(seconds * rate)) / rate
    samples = (np.sin(2 * np.pi * 440 * time) * 8000).astype("<i2")
    frame = AudioFrame.from_ndarray(samples[np.newaxis, :], format="s16", layout="mono")
    frame.sample_rate = rate
    return frame


def decoded(frames: list[bytes]) -> list[int]:
    """The samples of each frame, as a listener's decoder gets them."""
    decoder = av.CodecContext.create("opus", "r")
    assert isinstance(decoder, AudioCodecContext)
    return [piece.samples for frame in frames for piece in decoder.decode(av.Packet(frame))]


@pytest.mark.parametrize("rate", [16_000, 22_050, 24_000, 44_100, 48_000])
def test_any_sample_rate_becomes_whole_frames_of_twenty_milliseconds(rate: int) -> None:
    encoder = OpusEncoder()
    frames = [*encoder.encode(tone(1.01, rate)), *encoder.finish()]
    assert 51 <= len(frames) <= 53
    assert set(decoded(frames)) == {960}, "20 ms at 48 kHz"


def test_frames_are_given_as_soon_as_they_are_complete() -> None:
    encoder = OpusEncoder()
    frames = list(encoder.encode(tone(1.0, 24_000)))
    assert len(frames) >= 48
