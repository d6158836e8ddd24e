"""The benchmark's ear: it must say what happened to frames, and nothing else."""

from collections.abc import Sequence

import av
import numpy as np
import pytest
from av import AudioFrame, AudioResampler
from av.audio.codeccontext import AudioCodecContext

from assistant.audio.decoders import Mp3Decoder
from assistant.audio.loudness import VoiceLevel
from assistant.audio.speech_encoder import SpeechEncoder
from bench.common.pitch_coded_audio import LONG, SECOND, THIRD, Answer, pitch_coded_voice
from bench.faults.heard_audio import HeardAudio
from sandbox.standins.mp3 import encode_mp3
from sandbox.voice import HeardFrame

_FRAME_SECONDS = 0.02
_EXACT = 1e-6


def frames_of(answer: Answer) -> list[bytes]:
    """An answer as the assistant speaks it: to MP3 and from there to Opus."""
    encoder = SpeechEncoder(Mp3Decoder, VoiceLevel())
    return [*encoder.encode(encode_mp3(*pitch_coded_voice(answer.text, "en"))), *encoder.finish()]


def frames_as_by_py_cord(answer: Answer) -> list[bytes]:
    """An answer with the options of py-cord's encoder, in which a frame depends more on the ones before."""
    samples, rate = pitch_coded_voice(answer.text, "en")
    encoder = av.CodecContext.create("libopus", "w")
    assert isinstance(encoder, AudioCodecContext)
    encoder.sample_rate, encoder.layout, encoder.format = 48_000, "stereo", "s16"
    encoder.bit_rate = 128_000
    encoder.options = {"application": "audio", "fec": "1", "packet_loss": "15"}
    resampler = AudioResampler(format="s16", layout="stereo", rate=48_000, frame_size=960)
    frame = AudioFrame.from_ndarray(samples[np.newaxis, :], format="flt", layout="mono")
    frame.sample_rate = rate
    pieces = [*resampler.resample(frame), *resampler.resample(None)]
    return [bytes(packet) for piece in pieces if piece.samples == 960 for packet in encoder.encode(piece)]


def hearing(frames: Sequence[bytes], pauses: dict[int, float] | None = None) -> HeardAudio:
    """The frames, 20 ms apart, and later by `pauses[i]` seconds from frame `i` on."""
    heard, now = [], 0.0
    for index, frame in enumerate(frames):
        now += _FRAME_SECONDS + (pauses or {}).get(index, 0.0)
        heard.append(HeardFrame(now, index, index * 960, 1, frame, True, False, 0))
    return HeardAudio.of(heard)


@pytest.fixture(params=["assistant", "py-cord"])
def spoken(request: pytest.FixtureRequest) -> list[bytes]:
    return frames_of(LONG) if request.param == "assistant" else frames_as_by_py_cord(LONG)


def test_a_whole_answer_has_nothing_lost_doubled_or_silent(spoken: list[bytes]) -> None:
    heard = hearing(spoken)
    assert heard.was_spoken(LONG)
    assert not heard.was_spoken(SECOND)
    assert (heard.lost(LONG), heard.doubled) == (0, 0)
    assert heard.silence == pytest.approx(0.0, abs=_EXACT)


@pytest.mark.parametrize(("start", "count"), [(100, 1), (100, 5), (60, 29), (100, 100), (100, 200)])
def test_lost_frames_are_counted(spoken: list[bytes], start: int, count: int) -> None:
    heard = hearing(spoken[:start] + spoken[start + count :])
    assert (heard.lost(LONG), heard.doubled) == (count, 0)


def test_an_answer_counts_as_spoken_with_a_hole_but_not_without_its_end(spoken: list[bytes]) -> None:
    assert hearing(spoken[:100] + spoken[200:]).was_spoken(LONG)
    assert not hearing(spoken[:100] + spoken[300:]).was_spoken(LONG)
    assert not hearing(spoken[:300]).was_spoken(LONG)


@pytest.mark.parametrize("count", [1, 2, 10, 50])
def test_frames_heard_again_are_counted(spoken: list[bytes], count: int) -> None:
    heard = hearing(spoken[:150] + spoken[150 - count :])
    assert (heard.lost(LONG), heard.doubled) == (0, count)


def test_silence_inside_an_answer_is_measured(spoken: list[bytes]) -> None:
    heard = hearing(spoken, {120: 1.5})
    assert heard.silence == pytest.approx(1.5, abs=_EXACT)


def test_the_pause_between_two_answers_is_no_silence(spoken: list[bytes]) -> None:
    second = frames_of(SECOND)
    heard = hearing(spoken + second, {len(spoken): 3.0})
    assert heard.was_spoken(SECOND)
    assert heard.silence == pytest.approx(0.0, abs=_EXACT)


def test_silence_after_which_the_next_answer_comes_first_is_measured(spoken: list[bytes]) -> None:
    third = frames_of(THIRD)
    heard = hearing(spoken[:120] + third, {120: 4.0})
    assert heard.silence == pytest.approx(4.0, abs=_EXACT)
    assert not heard.was_spoken(LONG)
    assert heard.was_spoken(THIRD)
    assert heard.lost(LONG) == pytest.approx(LONG.steps - 4 - 120, abs=3)


def test_a_voice_that_does_not_come_back_is_silent_for_good(spoken: list[bytes]) -> None:
    heard = hearing(spoken[:120])
    assert heard.silence is None
    assert not heard.was_spoken(LONG)


def test_nothing_heard_is_silence_for_good() -> None:
    assert hearing([]).silence is None
