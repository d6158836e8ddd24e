"""The listener hears what a good voice says, and does not hear what is not there."""

import wave
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.listener import Listener, word_error_rate, words_of
from tests.support.spoken_sentences import SENTENCES, Sound


@pytest.fixture(scope="module")
def listener() -> Iterator[Listener]:
    with Listener() as listener:
        yield listener


def write(path: Path, samples: Sound, rate: int, channels: int = 1) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(rate)
        whole = (np.clip(samples, -1, 1) * 32767).astype("<i2")
        file.writeframes(np.repeat(whole, channels).tobytes())
    return path


def test_a_good_voice_is_understood(listener: Listener, spoken: tuple[list[Sound], int], tmp_path: Path) -> None:
    sounds, rate = spoken
    heard = [listener.transcribe(write(tmp_path / "heard.wav", sound, rate)) for sound in sounds]
    assert word_error_rate(" ".join(SENTENCES), " ".join(heard)) <= 0.05


def test_a_long_recording_at_discords_rate_is_understood(
    listener: Listener, spoken: tuple[list[Sound], int], tmp_path: Path
) -> None:
    sounds, rate = spoken
    pause = np.zeros(rate // 2, np.float32)
    whole = np.repeat(np.concatenate([part for sound in sounds for part in (sound, pause)]), 2)
    heard = listener.transcribe(write(tmp_path / "long.wav", whole, rate * 2, channels=2))
    assert word_error_rate(" ".join(SENTENCES), heard) <= 0.1


def test_lost_frames_and_lost_order_are_noticed(
    listener: Listener, spoken: tuple[list[Sound], int], tmp_path: Path
) -> None:
    sounds, rate = spoken
    frame = rate // 50
    frames = [sound[: len(sound) // frame * frame].reshape(-1, frame) for sound in sounds]
    halved = [listener.transcribe(write(tmp_path / "half.wav", part[::2].ravel(), rate)) for part in frames]
    reversed_ = [listener.transcribe(write(tmp_path / "back.wav", part[::-1].ravel(), rate)) for part in frames]
    assert word_error_rate(" ".join(SENTENCES), " ".join(halved)) > 0.15
    assert word_error_rate(" ".join(SENTENCES), " ".join(reversed_)) > 0.8


@pytest.mark.parametrize(
    ("heard", "typical", "listenings"),
    [
        (["a b c d"], "a b c d", 1),
        (["a b c x"] * 3, "a b c x", 3),
        (["a b c x", "a b c d", "a b c d"], "a b c x", 3),
        (["x x x x", "a b c d", "a b c d", "a b c x"], "a b c x", 4),
        (["x x x x", "x x x x", "a b c d", "a b c d", "a b c d"], "a b c d", 5),
        (["x x x x", "x x x x", "a b c d", "x x x d", "a b c d"], "x x x d", 5),
    ],
)
def test_the_middle_one_of_five_listenings_counts_and_no_more_are_made_than_tell_it(
    listener: Listener, monkeypatch: pytest.MonkeyPatch, heard: list[str], typical: str, listenings: int
) -> None:
    leads: list[float] = []

    def transcribe(_: Path, lead: float) -> str:
        leads.append(lead)
        return heard[len(leads) - 1]

    monkeypatch.setattr(listener, "transcribe", transcribe)
    assert listener.typical_transcript("a b c d", Path("call.wav"), within=0.25) == typical
    assert len({*leads}) == len(leads) == listenings


@pytest.mark.parametrize("seconds", [0, 3])
def test_silence_says_nothing(listener: Listener, tmp_path: Path, seconds: int) -> None:
    silence = np.zeros(48_000 * seconds, np.float32)
    assert listener.transcribe(write(tmp_path / "silence.wav", silence, 48_000)) == ""


def test_samples_of_another_width_are_refused(listener: Listener, tmp_path: Path) -> None:
    with wave.open(str(tmp_path / "narrow.wav"), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(1)
        file.setframerate(8000)
        file.writeframes(b"\x80" * 100)
    with pytest.raises(ValueError, match=r"1 bytes a sample in narrow\.wav"):
        listener.transcribe(tmp_path / "narrow.wav")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Hello, WORLD!", "hello world"),
        ("It's twenty-one o’clock.", "its twenty one oclock"),
        ("21 or 105", "twenty one or one hundred and five"),
        ("1,250 of 3.5", "one thousand two hundred and fifty of three point five"),
        ("7:30", "seven thirty"),
        ("007", "zero zero seven"),
        ("1234567", "one two three four five six seven"),
        ("ﬁne…", "fine"),
        ("…", ""),
    ],
)
def test_words_are_compared_as_they_sound(text: str, words: str) -> None:
    assert words_of(text) == words.split()


@pytest.mark.parametrize(
    ("expected", "heard", "rate"),
    [
        ("one two three four", "One, two, three, four.", 0.0),
        ("one two three four", "", 1.0),
        ("one two three four", "one too three four", 0.25),
        ("one two three four", "one three four", 0.25),
        ("one two three four", "one two two three four", 0.25),
        ("one two three four", "two three four one", 0.5),
        ("one", "a b c", 3.0),
    ],
)
def test_the_rate_counts_changed_lost_and_added_words(expected: str, heard: str, rate: float) -> None:
    assert word_error_rate(expected, heard) == rate


words = st.lists(st.sampled_from("abc"), min_size=1, max_size=8).map(" ".join)


@given(words, words)
def test_the_distance_is_the_same_both_ways_and_zero_only_for_equals(left: str, right: str) -> None:
    there = word_error_rate(left, right) * len(left.split())
    back = word_error_rate(right, left) * len(right.split())
    assert there == pytest.approx(back)
    assert (there == 0) == (left == right)


def test_nothing_expected_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="no word"):
        word_error_rate("...", "hello")
