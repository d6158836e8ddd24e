"""An engine's bytes become frames: whole, in order, and as loud as all other speech."""

import logging
from collections.abc import Sequence

import av
import numpy as np
import numpy.typing as npt
import pytest
from av.audio.codeccontext import AudioCodecContext
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.audio.decoders import DecoderFactory, Mp3Decoder, PcmDecoder
from assistant.audio.loudness import TARGET, VoiceLevel
from assistant.audio.speech_encoder import SpeechEncoder
from assistant.domain.errors import AudioUnreadable
from sandbox.standins.mp3 import encode_mp3
from tests.support.sounds import RATE, pcm, tone

MP3 = encode_mp3(tone(2.0), RATE)


def pcm_form() -> PcmDecoder:
    return PcmDecoder(RATE)


def frames_of(
    chunks: Sequence[bytes], make_decoder: DecoderFactory = Mp3Decoder, level: VoiceLevel | None = None
) -> list[bytes]:
    encoder = SpeechEncoder(make_decoder, level or VoiceLevel())
    frames = [frame for chunk in chunks for frame in encoder.encode(chunk)]
    return [*frames, *encoder.finish()]


def heard(frames: Sequence[bytes]) -> npt.NDArray[np.float32]:
    decoder = av.CodecContext.create("libopus", "r")
    assert isinstance(decoder, AudioCodecContext)
    decoder.sample_rate, decoder.layout = 48_000, "mono"
    pieces = [piece.to_ndarray()[0] for frame in frames for piece in decoder.decode(av.Packet(frame))]
    return (np.concatenate(pieces) / 32768).astype(np.float32)


def test_mp3_as_google_sends_it_becomes_frames_of_the_same_length() -> None:
    assert 100 <= len(frames_of([MP3])) <= 106


def test_bare_samples_become_frames_of_the_same_length() -> None:
    assert 100 <= len(frames_of([pcm(tone(2.0))], pcm_form)) <= 101


@settings(max_examples=20, deadline=None)
@given(st.lists(st.integers(1, 4000), min_size=1, max_size=30))
def test_how_the_bytes_are_cut_changes_nothing(sizes: list[int]) -> None:
    whole = pcm(tone(0.5))
    chunks, start = [], 0
    for size in sizes:
        chunks.append(whole[start : start + size])
        start += size
    chunks.append(whole[start:])
    at_once, in_pieces = heard(frames_of([whole], pcm_form)), heard(frames_of(chunks, pcm_form))
    assert len(at_once) == len(in_pieces)
    assert float(np.max(np.abs(at_once - in_pieces))) < 0.02


def test_the_first_frame_comes_long_before_the_last_bytes() -> None:
    encoder = SpeechEncoder(Mp3Decoder, VoiceLevel())
    assert next(encoder.encode(MP3[: len(MP3) // 4]))


def test_a_damaged_end_costs_only_the_damaged_part(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR, "libav"):
        frames = frames_of([MP3[: len(MP3) // 2] + b"\xff\x00garbage" * 50])
    assert 30 < len(frames) < 60


def test_thousands_of_damaged_parts_are_told_in_two_lines(caplog: pytest.LogCaptureFixture) -> None:
    header, size = MP3[:4], len(MP3) // 84  # a frame's beginning, and what is no frame behind it
    frames_of([MP3, *([header + b"\xff" * size] * 2000), MP3])
    ours = [record for record in caplog.records if record.name.startswith("assistant")]
    assert len(ours) <= 2
    assert any("more parts" in record.message for record in ours)


@pytest.mark.parametrize(
    "content", [b"", b"<html>Too many requests</html>", b"\0" * 5000, b"ID3" + b"\xff" * 100, bytes(range(256)) * 100]
)
def test_bytes_without_sound_are_an_error_and_not_silence(content: bytes) -> None:
    with pytest.raises(AudioUnreadable) as raised:
        frames_of([content])
    assert raised.value.size == len(content)


@pytest.mark.parametrize("loudness", [-32.0, -26.0, -8.0])
def test_voices_of_any_loudness_are_heard_equally_loud(loudness: float) -> None:
    amplitude = 10 ** (loudness / 20)  # of a tone on both sides, within a decibel
    level = VoiceLevel()
    frames_of([pcm(tone(3.0, amplitude))], pcm_form, level)
    second = heard(frames_of([pcm(tone(3.0, amplitude))], pcm_form, level))[9600:-9600]
    decibels = 20 * np.log10(np.sqrt(np.mean(second**2)))
    assert abs(decibels + 3.0 - TARGET) < 2.0, "a tone on both sides is 3 LU louder than its mean square"


def test_a_gain_never_cuts_off_peaks() -> None:
    level = VoiceLevel(typical=TARGET - 10)
    loud = tone(1.0, 0.5)
    samples = heard(frames_of([pcm(loud)], pcm_form, level))
    assert float(np.max(np.abs(samples))) < 1.0
    spectrum = np.abs(np.fft.rfft(samples[9600 : 9600 + 24_000] * np.hanning(24_000)))
    assert spectrum[3 * 220] < spectrum[220] / 30, "the tone is distorted"


def test_nothing_is_lost_of_speech_that_is_made_louder() -> None:
    untouched = frames_of([pcm(tone(1.0))], pcm_form, VoiceLevel(typical=TARGET))
    louder = frames_of([pcm(tone(1.0))], pcm_form, VoiceLevel(typical=TARGET - 6))
    assert len(untouched) == len(louder)
