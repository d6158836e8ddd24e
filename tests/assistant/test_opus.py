import io
import wave
from pathlib import Path

import av
import numpy as np
import pytest

from assistant.errors import AudioUnreadable
from assistant.opus import opus_frames


def tone(seconds: float, rate: int) -> bytes:
    time = np.arange(int(seconds * rate)) / rate
    return (np.sin(2 * np.pi * 440 * time) * 16000).astype("<i2").tobytes()


def write_wav(path: Path, seconds: float, rate: int = 24_000) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(tone(seconds, rate))
    return path


def write_mp3(path: Path, seconds: float, rate: int = 24_000) -> Path:
    source = io.BytesIO(write_wav(path.with_suffix(".wav"), seconds, rate).read_bytes())
    with av.open(source, "r") as wav, av.open(path, "w", format="mp3") as mp3:
        stream = mp3.add_stream("libmp3lame", rate=rate)
        for frame in wav.decode(audio=0):
            mp3.mux(stream.encode(frame))
        mp3.mux(stream.encode(None))
    return path


def decoded(frames: list[bytes]) -> list[int]:
    """The samples of each frame, as a listener's decoder gets them."""
    decoder = av.CodecContext.create("opus", "r")
    counts = []
    for frame in frames:
        counts += [piece.samples for piece in decoder.decode(av.Packet(frame))]
    return counts


@pytest.mark.parametrize("rate", [16_000, 22_050, 24_000, 44_100, 48_000])
def test_any_sample_rate_becomes_whole_frames_of_twenty_milliseconds(tmp_path: Path, rate: int) -> None:
    frames = list(opus_frames(write_wav(tmp_path / "tone.wav", 1.01, rate)))
    assert 51 <= len(frames) <= 53
    assert set(decoded(frames)) == {960}, "20 ms at 48 kHz"


def test_mp3_as_google_sends_it_becomes_frames(tmp_path: Path) -> None:
    frames = list(opus_frames(write_mp3(tmp_path / "tone.mp3", 2.0)))
    assert 100 <= len(frames) <= 106


def test_the_first_frame_comes_before_the_file_is_read_to_its_end(tmp_path: Path) -> None:
    frames = opus_frames(write_wav(tmp_path / "long.wav", 30.0))
    next(frames)
    frames.close()  # type: ignore[attr-defined] # it is a generator, and had it read everything this would be moot


def test_a_damaged_end_costs_only_the_damaged_part(tmp_path: Path) -> None:
    path = write_mp3(tmp_path / "tone.mp3", 2.0)
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2] + b"\xff\x00garbage" * 50)
    assert len(list(opus_frames(path))) > 30


@pytest.mark.parametrize("content", [b"", b"<html>Too many requests</html>", b"\0" * 5000, b"ID3" + b"\xff" * 100])
def test_a_file_without_audio_is_an_error_and_not_silence(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "speech.mp3"
    path.write_bytes(content)
    with pytest.raises(AudioUnreadable) as raised:
        list(opus_frames(path))
    assert raised.value.size == len(content)
