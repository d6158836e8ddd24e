import time
import wave
from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.errors import (
    LanguageUnsupported,
    SpeechEmpty,
    SpeechError,
    SpeechRefused,
    SpeechTimeout,
    SpeechUnavailable,
)
from assistant.speech.synthesizer import COOL_DOWN, Synthesizer
from assistant.spoken.sentence import Sentence

REFUSED = SpeechRefused(engine="first", detail="429", status=429)
HUNG = SpeechTimeout(engine="first", detail="no answer", seconds=10)


class FakeEngine:
    """Speaks half a second of silence, or fails as it is told."""

    def __init__(self, name: str, error: SpeechError | None = None, *, audio: bytes | None = None) -> None:
        self.name = name
        self.timeout = 5.0
        self.error = error
        self.audio = audio
        self.asked: list[str] = []

    def synthesize(self, text: str, language: str, folder: Path) -> Path:
        self.asked.append(text)
        if self.error is not None:
            raise self.error
        path = folder / f"{self.name}-{len(self.asked)}.wav"
        if self.audio is not None:
            path.write_bytes(self.audio)
            return path
        with wave.open(str(path), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(24_000)
            file.writeframes(b"\0\0" * 12_000)
        return path


class HangingEngine(FakeEngine):
    def synthesize(self, text: str, language: str, folder: Path) -> Path:
        time.sleep(0.3)
        return super().synthesize(text, language, folder)


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


Speak = Callable[[str], "list[bytes]"]


async def speak(synthesizer: Synthesizer, text: str, folder: Path) -> list[bytes]:
    frames: list[bytes] = []
    await synthesizer.speak(Sentence(said=text, source=text, language="en"), folder, frames.append)
    return frames


async def test_the_first_engine_speaks_and_the_second_is_not_asked(tmp_path: Path) -> None:
    first, second = FakeEngine("first"), FakeEngine("second")
    async with Synthesizer([first, second]) as synthesizer:
        assert len(await speak(synthesizer, "Hello.", tmp_path)) >= 25
    assert (first.asked, second.asked) == (["Hello."], [])


async def test_the_next_engine_speaks_the_same_sentence_when_one_fails(tmp_path: Path) -> None:
    first, second = FakeEngine("first", REFUSED), FakeEngine("second")
    async with Synthesizer([first, second]) as synthesizer:
        frames = await speak(synthesizer, "Hello.", tmp_path)
    assert len(frames) < 30, "the sentence was spoken more than once"
    assert second.asked == ["Hello."]


async def test_an_engine_that_failed_is_left_alone_for_a_while_and_then_asked_again(tmp_path: Path) -> None:
    first, second, clock = FakeEngine("first", REFUSED), FakeEngine("second"), Clock()
    async with Synthesizer([first, second], now=clock) as synthesizer:
        await speak(synthesizer, "One.", tmp_path)
        await speak(synthesizer, "Two.", tmp_path)
        assert first.asked == ["One."]
        clock.now += COOL_DOWN + 1
        first.error = None
        await speak(synthesizer, "Three.", tmp_path)
    assert first.asked == ["One.", "Three."]
    assert second.asked == ["One.", "Two."]


@pytest.mark.parametrize(
    "error",
    [
        SpeechEmpty(engine="first", detail="nothing to speak"),
        LanguageUnsupported(engine="first", detail="English only", language="de"),
    ],
)
async def test_a_text_that_an_engine_cannot_speak_does_not_count_against_it(tmp_path: Path, error: SpeechError) -> None:
    first, second = FakeEngine("first", error), FakeEngine("second")
    async with Synthesizer([first, second]) as synthesizer:
        await speak(synthesizer, "One.", tmp_path)
        await speak(synthesizer, "Two.", tmp_path)
    assert first.asked == ["One.", "Two."]


async def test_audio_without_sound_is_a_failure_and_the_next_engine_speaks(tmp_path: Path) -> None:
    first, second = FakeEngine("first", audio=b"<html>sorry</html>"), FakeEngine("second")
    async with Synthesizer([first, second]) as synthesizer:
        assert await speak(synthesizer, "Hello.", tmp_path)


async def test_when_no_engine_speaks_the_error_holds_what_each_said(tmp_path: Path) -> None:
    engines = [FakeEngine("first", REFUSED), FakeEngine("second", HUNG)]
    async with Synthesizer(engines) as synthesizer:
        with pytest.raises(SpeechUnavailable) as raised:
            await speak(synthesizer, "Hello.", tmp_path)
    assert raised.value.tried == (REFUSED, HUNG)


async def test_with_all_engines_resting_the_quick_ones_are_asked_and_the_hanging_ones_are_not(tmp_path: Path) -> None:
    quick, slow = FakeEngine("quick", REFUSED), FakeEngine("slow", HUNG)
    async with Synthesizer([quick, slow]) as synthesizer:
        for _ in range(2):
            with pytest.raises(SpeechUnavailable):
                await speak(synthesizer, "Hello.", tmp_path)
    assert len(quick.asked) == 2
    assert len(slow.asked) == 1


async def test_an_engine_that_hangs_is_not_waited_for_longer_than_its_timeout(tmp_path: Path) -> None:
    hanging, second = HangingEngine("hanging"), FakeEngine("second")
    hanging.timeout = 0.05
    async with Synthesizer([hanging, second]) as synthesizer:
        await speak(synthesizer, "Hello.", tmp_path)
        assert second.asked == ["Hello."]


async def test_what_recurs_is_not_made_again(tmp_path: Path) -> None:
    engine = FakeEngine("first")
    async with Synthesizer([engine]) as synthesizer:
        said = [await speak(synthesizer, "Yes.", tmp_path) for _ in range(4)]
    assert engine.asked == ["Yes."] * 2
    assert said[0] == said[3]
