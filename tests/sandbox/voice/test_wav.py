import math
import struct
import wave
from pathlib import Path

import pytest

from sandbox.voice.wav import write_wav
from tests.sandbox.voice.opus_tone import FRAME, RATE, tone


def read(path: Path) -> list[int]:
    with wave.open(str(path), "rb") as file:
        assert (file.getframerate(), file.getnchannels(), file.getsampwidth()) == (RATE, 1, 2)
        data = file.readframes(file.getnframes())
    return list(struct.unpack(f"<{len(data) // 2}h", data))


def loudness(samples: list[int]) -> float:
    return math.sqrt(sum(sample * sample for sample in samples) / len(samples))


def test_frames_that_jitter_follow_each_other_without_a_gap(tmp_path: Path) -> None:
    arrivals = [100 + index * 0.02 + (index % 3) * 0.008 for index in range(25)]
    write_wav(list(zip(arrivals, tone(25), strict=True)), tmp_path / "heard.wav")
    samples = read(tmp_path / "heard.wav")
    assert len(samples) == 25 * FRAME
    assert loudness(samples[5 * FRAME :]) == pytest.approx(20000 / math.sqrt(2), rel=0.1)


def test_a_silence_between_arrivals_is_kept(tmp_path: Path) -> None:
    opus = tone(20)
    arrivals = [index * 0.02 for index in range(10)] + [1.0 + index * 0.02 for index in range(10)]
    write_wav(list(zip(arrivals, opus, strict=True)), tmp_path / "heard.wav")
    samples = read(tmp_path / "heard.wav")
    assert len(samples) == RATE + 10 * FRAME
    assert loudness(samples[11 * FRAME : RATE]) < 1
    assert loudness(samples[RATE + 2 * FRAME :]) > 10_000


def test_a_burst_is_played_one_frame_after_the_other(tmp_path: Path) -> None:
    write_wav([(5.0, opus) for opus in tone(10)], tmp_path / "heard.wav")
    assert len(read(tmp_path / "heard.wav")) == 10 * FRAME


def test_nothing_heard_is_an_empty_file(tmp_path: Path) -> None:
    write_wav([], tmp_path / "heard.wav")
    assert read(tmp_path / "heard.wav") == []


def test_what_is_no_opus_is_left_out(tmp_path: Path) -> None:
    packets = [
        b"OpusHead\x01\x02\x38\x01\x80\xbb\0\0\0\0\0",
        b"OpusTags\x06\0\0\0Lavf60",
        *tone(10),
        b"",
        b"\xff\xff\xff\xff",
    ]
    write_wav([(5.0, opus) for opus in packets], tmp_path / "heard.wav")
    assert len(read(tmp_path / "heard.wav")) == 10 * FRAME
