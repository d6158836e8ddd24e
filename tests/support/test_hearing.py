"""The ears hear what they are to judge, and nothing that is not there."""

import wave
from pathlib import Path

import numpy as np
import pytest

from assistant.audio.decoders import PcmDecoder
from assistant.audio.opus import FRAME_SECONDS, OpusEncoder
from sandbox.voice.wav import write_wav
from tests.support.hearing import SILENT, clicks, loudness, speech_bounds
from tests.support.spoken_sentences import Sound


def sine(seconds: float, rate: int, *, decibels: float = -12.0, phase: float = 0.0, pitch: float = 440.0) -> Sound:
    """A sine whose peaks are at `decibels` below full scale."""
    time = np.arange(round(seconds * rate)) / rate
    samples: Sound = (10 ** (decibels / 20) * np.sin(2 * np.pi * pitch * time + phase)).astype(np.float32)
    return samples


def through_opus(folder: Path, samples: Sound, rate: int) -> tuple[Sound, int]:
    """What a member of a call hears of it."""
    decoder, encoder = PcmDecoder(rate), OpusEncoder()
    pieces = (*decoder.decode((samples * 32767).astype("<i2").tobytes()), *decoder.finish())
    frames = [*(frame for pcm in pieces for frame in encoder.encode(pcm)), *encoder.finish()]
    write_wav([(number * FRAME_SECONDS, frame) for number, frame in enumerate(frames)], folder / "heard.wav")
    with wave.open(str(folder / "heard.wav"), "rb") as file:
        heard = np.frombuffer(file.readframes(file.getnframes()), "<i2")
        return (heard / 32768).astype(np.float32), file.getframerate()


def cut_in_a_vowel(samples: Sound, rate: int) -> tuple[Sound, float]:
    """A fifth of a second is silenced from the loudest sample on; and when that is."""
    place = int(np.abs(samples).argmax())
    cut = samples.copy()
    cut[place : place + rate // 5] = 0
    return cut, place / rate


@pytest.mark.parametrize("rate", [16_000, 24_000, 48_000])
@pytest.mark.parametrize("decibels", [-23.0, -33.0])
def test_a_sine_of_the_standard_is_as_loud_as_it_says(rate: int, decibels: float) -> None:
    assert loudness(sine(5, rate, decibels=decibels, pitch=997), rate) == pytest.approx(decibels, abs=0.1)


def test_pauses_do_not_make_a_sound_less_loud() -> None:
    tone, pause = sine(5, 48_000, pitch=997), np.zeros(5 * 48_000, np.float32)
    assert loudness(np.concatenate([tone, pause]), 48_000) == pytest.approx(loudness(tone, 48_000), abs=0.3)


@pytest.mark.parametrize("samples", [np.zeros(48_000), np.zeros(0), sine(0.3, 48_000)])
def test_silence_and_what_is_too_short_have_no_loudness(samples: Sound) -> None:
    assert loudness(samples, 48_000) == SILENT


@pytest.mark.parametrize("rate", [16_000, 24_000, 48_000])
@pytest.mark.parametrize("decibels", [-3.0, -40.0])
def test_a_join_at_the_wrong_phase_clicks(rate: int, decibels: float) -> None:
    pieces = [sine(0.5, rate, decibels=decibels), sine(0.5, rate, decibels=decibels, phase=1.0)]
    assert clicks(np.concatenate(pieces), rate) == [pytest.approx(0.5, abs=0.001)]


def test_each_click_is_told_once() -> None:
    pieces = [sine(0.1, 24_000, phase=phase) for phase in (0, 1, 0, 1)]
    assert clicks(np.concatenate(pieces), 24_000) == pytest.approx([0.1, 0.2, 0.3], abs=0.001)


@pytest.mark.parametrize("rate", [16_000, 24_000, 48_000])
def test_a_tone_that_fades_in_and_out_does_not_click(rate: int) -> None:
    assert clicks(sine(1, rate) * np.hanning(rate).astype(np.float32), rate) == []


@pytest.mark.parametrize("samples", [np.zeros(48_000), np.zeros(0)])
def test_silence_does_not_click(samples: Sound) -> None:
    assert clicks(samples, 48_000) == []


def test_ordinary_speech_does_not_click(spoken: tuple[list[Sound], int], tmp_path: Path) -> None:
    sounds, rate = spoken
    assert [clicks(sound, rate) for sound in sounds] == [[] for _ in sounds]
    assert [clicks(*through_opus(tmp_path, sound, rate)) for sound in sounds] == [[] for _ in sounds]


def test_a_cut_in_a_vowel_clicks(spoken: tuple[list[Sound], int]) -> None:
    sounds, rate = spoken
    for sound in sounds:
        cut, place = cut_in_a_vowel(sound, rate)
        assert clicks(cut, rate)[0] == pytest.approx(place, abs=0.001)


def test_a_cut_in_a_vowel_clicks_in_a_call_too(spoken: tuple[list[Sound], int], tmp_path: Path) -> None:
    sounds, rate = spoken
    found = 0
    for sound in sounds:
        cut, place = cut_in_a_vowel(sound, rate)
        found += clicks(*through_opus(tmp_path, cut, rate)) == [pytest.approx(place, abs=0.005)]
    assert found >= 0.8 * len(sounds), "the codec smooths some of them over"


def test_sound_begins_and_ends_where_it_is_audible() -> None:
    quiet = sine(0.25, 48_000, decibels=-60)
    whole = np.concatenate([quiet, sine(0.5, 48_000), quiet])
    assert speech_bounds(whole, 48_000) == pytest.approx((0.25, 0.75), abs=0.001)


@pytest.mark.parametrize("samples", [np.zeros(48_000), np.zeros(0), sine(1, 48_000, decibels=-46)])
def test_where_nothing_is_audible_there_are_no_bounds(samples: Sound) -> None:
    with pytest.raises(ValueError, match="nothing is audible"):
        speech_bounds(samples, 48_000)
