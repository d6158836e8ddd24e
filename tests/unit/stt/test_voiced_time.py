"""How much of a turn may be a voice."""

import pytest

from assistant.stt.voiced_time import VoicedTime
from tests.support.spoken_pcm import hiss, silence, voice_like


@pytest.mark.parametrize("peak", [500, 3000, 30_000])
def test_what_rises_and_falls_is_a_voice_whether_soft_or_loud(peak: int) -> None:
    assert 1.2 < VoicedTime.of(voice_like(2.0, peak=peak)).voiced <= 2.0


@pytest.mark.parametrize("peak", [300, 3000, 30_000])
def test_steady_noise_is_sound_and_no_voice(peak: int) -> None:
    measured = VoicedTime.of(hiss(3.0, peak=peak))
    assert measured.sound == pytest.approx(3.0)
    assert measured.voiced < 0.1


@pytest.mark.parametrize("pcm", [silence(2.0), hiss(2.0, peak=20), b"", b"\x01", bytes(3)])
def test_silence_is_neither(pcm: bytes) -> None:
    assert VoicedTime.of(pcm) == VoicedTime(0.0, 0.0)


def test_the_loudest_samples_there_are_do_no_harm() -> None:
    assert VoicedTime.of(b"\x00\x80\xff\x7f" * 8000).sound == pytest.approx(1.0)
