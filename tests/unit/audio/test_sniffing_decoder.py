"""Audio is decoded for what it is, in pieces of any size, and a bomb is not."""

import io
import struct
import wave
from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import islice

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.audio.loudness import VoiceLevel
from assistant.audio.sniffing_decoder import SniffingDecoder, audio_format_of
from assistant.audio.speech_encoder import SpeechEncoder
from assistant.audio.wav import header_for
from assistant.domain.errors import AudioUnreadable
from sandbox.standins.mp3 import encode_mp3
from tests.support.audio_files import FORMS, audio_file
from tests.support.sounds import RATE, pcm, tone

SECONDS = 1.0


def frames_of(chunks: Sequence[bytes]) -> Iterator[bytes]:
    encoder = SpeechEncoder(SniffingDecoder, VoiceLevel())
    for chunk in chunks:
        yield from encoder.encode(chunk)
    yield from encoder.finish()


def seconds_of(*chunks: bytes) -> float:
    """How long the sound is."""
    return len(list(frames_of(chunks))) * 0.02


def in_pieces(data: bytes, size: int) -> list[bytes]:
    return [data[start : start + size] for start in range(0, len(data), size)]


def patched(wav: bytes, riff_size: int, data_size: int) -> bytes:
    """A WAV with other sizes in its header."""
    at = wav.index(b"data") + 4
    return wav[:4] + struct.pack("<I", riff_size) + wav[8:at] + struct.pack("<I", data_size) + wav[at + 4 :]


@pytest.fixture(scope="module")
def wav() -> bytes:
    file = io.BytesIO()
    with wave.open(file, "wb") as writer:
        writer.setnchannels(1)
        writer.setsampwidth(2)
        writer.setframerate(RATE)
        writer.writeframes(pcm(tone(SECONDS)))
    return file.getvalue()


@pytest.mark.parametrize("layout", ["mono", "stereo"])
@pytest.mark.parametrize("form", FORMS)
def test_every_form_is_heard_whole_in_pieces_of_any_size(form: str, layout: str) -> None:
    data = audio_file(form, tone(SECONDS, rate=FORMS[form][2]), layout=layout)
    for size in (len(data), 1000, 61):
        assert abs(seconds_of(*in_pieces(data, size)) - SECONDS) < 0.15, f"{form} in pieces of {size}"


@pytest.mark.parametrize("form", ["flac", "opus", "aac", "webm", "wav-16"])
def test_what_is_streamed_is_heard_before_it_is_whole(form: str) -> None:
    data = audio_file(form, tone(4.0, rate=FORMS[form][2]))
    encoder = SpeechEncoder(SniffingDecoder, VoiceLevel())
    early = [frame for chunk in in_pieces(data[: len(data) // 2], 500) for frame in encoder.encode(chunk)]
    assert len(early) * 0.02 > 0.5


@pytest.mark.parametrize(
    ("riff", "data"),
    [(0, 0), (0xFFFFFFFF, 0xFFFFFFFF), (0x7FFFFFFF, 0x7FFFFFDB), (36, 0), (0xFFFFFFFF, 0xFFFFFFFF - 36)],
)
def test_a_wav_whose_header_does_not_know_its_size_is_heard_whole(wav: bytes, riff: int, data: int) -> None:
    assert abs(seconds_of(*in_pieces(patched(wav, riff, data), 777)) - SECONDS) < 0.1


def test_a_wav_that_claims_hours_is_as_long_as_it_is(wav: bytes) -> None:
    assert abs(seconds_of(patched(wav, 0x70000000, 0x70000000)) - SECONDS) < 0.1


def test_what_stands_around_the_samples_is_not_heard(wav: bytes) -> None:
    at = wav.index(b"fmt ")
    listed = b"LIST" + struct.pack("<I", 5) + b"INFO!\0"
    odd = wav[:at] + listed + wav[at:] + b"LIST" + struct.pack("<I", 40_000) + bytes(range(250)) * 160
    assert abs(seconds_of(*in_pieces(odd, 99)) - SECONDS) < 0.1


def test_several_wavs_one_after_the_other_are_one_sound(wav: bytes) -> None:
    assert abs(seconds_of(*in_pieces(wav * 3, 1234)) - 3 * SECONDS) < 0.1


def test_an_extensible_header_and_a_big_endian_one_are_read() -> None:
    samples = pcm(tone(SECONDS))
    extension = struct.pack("<HHIH14s", 22, 16, 4, 1, b"\0\0\0\0\x10\0\x80\0\0\xaa\0\x38\x9b\x71")
    form = struct.pack("<HHIIHH", 0xFFFE, 1, RATE, 2 * RATE, 2, 16) + extension
    head = b"RIFF\0\0\0\0WAVEfmt " + struct.pack("<I", len(form)) + form + b"data" + struct.pack("<I", len(samples))
    swapped = bytes(byte for low, high in zip(samples[::2], samples[1::2], strict=True) for byte in (high, low))
    assert abs(seconds_of(head, samples) - SECONDS) < 0.1
    assert abs(seconds_of(header_for(rate=RATE, channels=1, order="big"), swapped) - SECONDS) < 0.1


def test_a_tag_is_skipped_however_large_and_in_front_of_whatever() -> None:
    tag = b"ID3\x04\0\0" + bytes([0, 2, 0, 0]) + b"\xff\xfb\x90\x64" * 8192
    for data in (encode_mp3(tone(SECONDS), RATE), audio_file("aac", tone(SECONDS))):
        assert abs(seconds_of(*in_pieces(tag + data, 1000)) - SECONDS) < 0.15


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"RIFF",
        b"ID3",
        b"RIFF\0\0\0\0WAVEdata\0\0\0\0" + bytes(1000),
        header_for(rate=1, channels=1) + bytes(100_000),
        header_for(rate=RATE, channels=30_000) + bytes(200_000),
        header_for(rate=0, channels=0) + bytes(100_000),
        b"fLaC" + bytes(10_000),
        b"OggS" + bytes(10_000),
        b"\0\0\0\x20ftypisom" + bytes(10_000),
        b"RIFF\0\0\0\0WAVEfmt \xff\xff\xff\x7f" + bytes(10_000),
    ],
    ids=range(11),
)
def test_what_has_no_sound_is_unreadable_and_nothing_worse(data: bytes) -> None:
    with pytest.raises(AudioUnreadable):
        list(frames_of(in_pieces(data, 4096)))


def test_hours_of_silence_in_a_few_bytes_come_no_faster_than_they_are_taken() -> None:
    data = audio_file("flac", tone(120.0, amplitude=0.0))
    assert len(data) < 60_000
    assert len(list(islice(frames_of([data]), 100))) == 100


@pytest.mark.parametrize("form", ["flac", "au", "wav-8"])
def test_a_rate_that_nobody_speaks_at_is_not_stretched(form: str) -> None:
    with pytest.raises(AudioUnreadable):
        list(frames_of([audio_file(form, tone(1.0), rate=10)]))


@given(
    st.binary(max_size=300),
    st.sampled_from([b"", b"RIFF\0\0\0\0WAVE", b"fLaC", b"OggS", b"ID3\x04\0\0", b"\xff\xf1", b"FORM"]),
)
@settings(max_examples=100)
def test_whatever_comes_is_sound_or_unreadable(data: bytes, head: bytes) -> None:
    with suppress(AudioUnreadable):
        assert list(frames_of([head, data]))


@pytest.mark.parametrize(
    "head",
    [
        b"\xff\xff\xff\xff\x00\x00",
        bytes(16),
        b'{"error": 1}',
        b"\xff\xfb",
        b"\xff\xe2\xf0\x00",
        b"\xff\xfb\x0c\x00",
    ],
)
def test_what_is_no_known_form_has_no_name(head: bytes) -> None:
    assert audio_format_of(head) is None
