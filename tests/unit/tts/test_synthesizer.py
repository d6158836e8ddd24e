"""The chain: the first engine that can speaks, a sentence is never said twice, and failures are dealt with."""

import asyncio
import logging
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from assistant.audio.decoders import Mp3Decoder
from assistant.domain.errors import (
    LanguageUnsupported,
    NoVoice,
    SpeechBroken,
    SpeechEmpty,
    SpeechError,
    SpeechRefused,
    SpeechTimeout,
    SpeechTooLong,
    SpeechUnavailable,
    SpeechUnreachable,
)
from assistant.text.sentence import Sentence
from assistant.tts.cache import SpeechCache
from assistant.tts.sentence_limits import SentenceLimits
from assistant.tts.synthesizer import Synthesizer
from assistant.util.circuit_breaker import SHORTEST_COOLDOWN
from tests.support.eventually import eventually
from tests.support.fake_engines import Clock, FakeEngine
from tests.support.sounds import pcm, tone
from tests.support.speech_sinks import Heard

REFUSED = SpeechRefused(engine="first", detail="429", status=429)
HUNG = SpeechTimeout(engine="first", detail="no answer", seconds=10)
RESET = SpeechUnreachable(engine="first", detail="reset")


def sentence(text: str, language: str = "en") -> Sentence:
    return Sentence(said=text, source=text, language=language)


def chain(engines: Sequence[FakeEngine], folder: Path, *, clock: Clock | None = None, kept: int = 0) -> Synthesizer:
    cache = SpeechCache(folder / "cache", max_bytes=kept, max_age_seconds=3600)
    return Synthesizer(engines, cache, now=clock or Clock())


async def speak(synthesizer: Synthesizer, text: str, folder: Path, language: str = "en") -> list[bytes]:
    sink = Heard()
    await synthesizer.speak(sentence(text, language), folder, sink)
    return sink.frames


async def test_the_first_engine_speaks_and_the_second_is_not_asked(tmp_path: Path) -> None:
    first, second = FakeEngine("first"), FakeEngine("second")
    async with chain([first, second], tmp_path) as synthesizer:
        assert len(await speak(synthesizer, "Hello.", tmp_path)) >= 25
    assert (first.asked, second.asked) == (["Hello."], [])


async def test_the_engines_are_open_as_long_as_the_chain_is(tmp_path: Path) -> None:
    engines = [FakeEngine("first"), FakeEngine("second")]
    async with chain(engines, tmp_path):
        assert all(engine.is_open for engine in engines)
    assert not any(engine.is_open for engine in engines)


@pytest.mark.parametrize("chunks", [0, 1, 2])
async def test_the_next_engine_speaks_the_same_sentence_when_one_fails(tmp_path: Path, chunks: int) -> None:
    first, second = FakeEngine("first", REFUSED), FakeEngine("second")
    first.fails_after = chunks
    async with chain([first, second], tmp_path) as synthesizer:
        frames = await speak(synthesizer, "Hello.", tmp_path)
    assert 25 <= len(frames) < 30, "the sentence was not spoken once"
    assert second.asked == ["Hello."]


async def test_nobody_says_a_sentence_again_of_which_a_part_was_heard(tmp_path: Path) -> None:
    first, second = FakeEngine("first", RESET), FakeEngine("second")
    first.fails_after = 1
    sink = Heard()
    sink.is_heard = True
    async with chain([first, second], tmp_path) as synthesizer:
        with pytest.raises(SpeechBroken) as raised:
            await synthesizer.speak(sentence("Hello."), tmp_path, sink)
    assert raised.value.error is RESET
    assert second.asked == []


async def test_an_outage_is_told_in_one_line_that_says_who_speaks_instead(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    first, second = FakeEngine("first", REFUSED), FakeEngine("second")
    async with chain([first, second], tmp_path) as synthesizer:
        with caplog.at_level(logging.INFO):
            for text in ("One.", "Two.", "Three."):
                await speak(synthesizer, text, tmp_path)
    assert len(caplog.messages) == 1
    assert "first failed" in caplog.messages[0]
    assert "second speaks" in caplog.messages[0]


@pytest.mark.parametrize("error", [RESET, SpeechRefused(engine="first", detail="", status=503)])
async def test_a_failure_that_may_pass_is_tried_once_more(tmp_path: Path, error: SpeechError) -> None:
    first, second = FakeEngine("first", error), FakeEngine("second")
    first.fails_times = 1
    async with chain([first, second], tmp_path) as synthesizer:
        assert len(await speak(synthesizer, "Hello.", tmp_path)) < 30
    assert (first.asked, second.asked) == (["Hello."] * 2, [])


@pytest.mark.parametrize("error", [REFUSED, HUNG, SpeechEmpty(engine="first", detail="nothing")])
async def test_a_failure_that_would_come_again_is_not_tried_again(tmp_path: Path, error: SpeechError) -> None:
    first, second = FakeEngine("first", error), FakeEngine("second")
    async with chain([first, second], tmp_path) as synthesizer:
        await speak(synthesizer, "Hello.", tmp_path)
        assert [health.failures for health in synthesizer.health] == [{type(error): 1}, {}]
    assert (first.asked, second.asked) == (["Hello."], ["Hello."])


async def test_an_engine_that_failed_is_probed_behind_the_other_s_back_and_then_speaks_again(tmp_path: Path) -> None:
    first, second, clock = FakeEngine("first", HUNG), FakeEngine("second"), Clock()
    async with chain([first, second], tmp_path, clock=clock) as synthesizer:
        await speak(synthesizer, "One.", tmp_path)
        await speak(synthesizer, "Two.", tmp_path)
        assert first.asked == ["One."]
        clock.now += SHORTEST_COOLDOWN
        first.error, first.seconds = None, 0.01
        await speak(synthesizer, "Three.", tmp_path)
        assert second.asked == ["One.", "Two.", "Three."], "somebody waited for the probe"
        await eventually(lambda: synthesizer.health[0].last_error is None)
        await speak(synthesizer, "Four.", tmp_path)
    assert first.asked == ["One.", "Three.", "Four."]
    assert second.asked == ["One.", "Two.", "Three."]


async def test_a_probe_that_hangs_keeps_nobody_waiting_not_even_the_end(tmp_path: Path) -> None:
    first, second, clock = FakeEngine("first", HUNG), FakeEngine("second"), Clock()
    async with chain([first, second], tmp_path, clock=clock) as synthesizer:
        await speak(synthesizer, "One.", tmp_path)
        clock.now += SHORTEST_COOLDOWN
        first.seconds = 3600.0
        async with asyncio.timeout(5):
            await speak(synthesizer, "Two.", tmp_path)
            await speak(synthesizer, "Three.", tmp_path)
    assert first.asked == ["One.", "Two."], "more than one probe at a time"


async def test_with_all_engines_unwell_each_is_asked_for_each_sentence(tmp_path: Path) -> None:
    engines = [FakeEngine("quick", REFUSED), FakeEngine("slow", HUNG)]
    async with chain(engines, tmp_path) as synthesizer:
        for _ in range(2):
            with pytest.raises(SpeechUnavailable):
                await speak(synthesizer, "Hello.", tmp_path)
    assert [len(engine.asked) for engine in engines] == [2, 2]


async def test_an_only_engine_that_hung_once_speaks_the_next_sentence(tmp_path: Path) -> None:
    engine = FakeEngine("only", HUNG)
    engine.fails_times = 1
    async with chain([engine], tmp_path) as synthesizer:
        with pytest.raises(SpeechUnavailable):
            await speak(synthesizer, "One.", tmp_path)
        assert await speak(synthesizer, "Two.", tmp_path)
        assert synthesizer.health[0].last_error is None


async def test_one_that_was_well_and_does_not_know_the_text_leaves_it_to_one_that_was_not(tmp_path: Path) -> None:
    first, second = FakeEngine("first", HUNG), FakeEngine("second")
    first.fails_times = 1
    async with chain([first, second], tmp_path) as synthesizer:
        await speak(synthesizer, "One.", tmp_path)
        second.error = LanguageUnsupported(engine="second", detail="Cyrillic", language="en")
        assert await speak(synthesizer, "Два.", tmp_path)
    assert first.asked == ["One.", "Два."]


async def test_nobody_waits_long_for_an_only_engine_that_goes_on_hanging(tmp_path: Path) -> None:
    engine = FakeEngine("only", HUNG)
    async with chain([engine], tmp_path) as synthesizer:
        with pytest.raises(SpeechUnavailable):
            await speak(synthesizer, "One.", tmp_path)
        engine.error, engine.seconds, engine.timeout = None, 3600.0, 60.0
        begun = time.monotonic()
        with pytest.raises(SpeechUnavailable):
            await speak(synthesizer, "Two.", tmp_path)
    assert time.monotonic() - begun < 10


async def test_an_engine_that_makes_no_sound_of_its_bytes_is_given_up_in_its_time(tmp_path: Path) -> None:
    drip, second = FakeEngine("drip"), FakeEngine("second")
    drip.chunks, drip.seconds, drip.timeout = [b"\0"] * 100, 0.1, 0.5
    async with chain([drip, second], tmp_path) as synthesizer:
        begun = time.monotonic()
        assert await speak(synthesizer, "Hello.", tmp_path)
    assert time.monotonic() - begun < 5
    assert second.asked == ["Hello."]


async def test_an_engine_that_is_slower_than_its_sound_is_given_up(tmp_path: Path) -> None:
    slow, second = FakeEngine("slow"), FakeEngine("second")
    slow.chunks, slow.seconds, slow.timeout = [pcm(tone(0.25))] * 28, 0.4, 0.8
    async with chain([slow, second], tmp_path) as synthesizer:
        assert await speak(synthesizer, "Hello.", tmp_path)
    assert second.asked == ["Hello."], "each frame began the time anew"


async def test_an_engine_as_fast_as_its_sound_may_take_as_long_as_that(tmp_path: Path) -> None:
    steady, second = FakeEngine("steady"), FakeEngine("second")
    steady.chunks, steady.seconds, steady.timeout = [pcm(tone(0.25))] * 20, 0.2, 1.0
    async with chain([steady, second], tmp_path) as synthesizer:
        assert len(await speak(synthesizer, "Hello.", tmp_path)) >= 250
    assert second.asked == []


async def test_hours_of_sound_in_few_bytes_are_a_failure_too(tmp_path: Path) -> None:
    dense, second = FakeEngine("dense"), FakeEngine("second")
    # MPEG-2.5 layer III, 8 kbit/s, 8 kHz, one channel: 72 ms of silence in 72 bytes.
    dense.make_decoder = Mp3Decoder  # type: ignore[method-assign]
    dense.chunks = [(b"\xff\xe3\x18\xc4" + bytes(68)) * 4000]
    assert len(dense.chunks[0]) < SentenceLimits.of("Hello.").size
    async with chain([dense, second], tmp_path) as synthesizer:
        assert 25 <= len(await speak(synthesizer, "Hello.", tmp_path)) < 30
        assert synthesizer.health[0].failures == {SpeechTooLong: 1}


@pytest.mark.parametrize("text", ["888,888,888,888,888,888", "人民共和国万岁", "NASA, ESA, WWW"])
def test_no_honest_engine_ever_reaches_a_limit(text: str) -> None:
    limits = SentenceLimits.of(text)
    assert limits.frames * 0.02 > 0.9 * len(text)
    assert SentenceLimits.of("a" * 100).frames * 0.02 < 30.0


@pytest.mark.parametrize("chunk", [pcm(tone(1.0)), pcm(tone(30.0)), b"\0" * 10_000_000], ids=["many", "long", "huge"])
async def test_more_than_a_sentence_can_take_is_a_failure_and_the_next_engine_speaks(
    tmp_path: Path, chunk: bytes
) -> None:
    endless, second = FakeEngine("endless"), FakeEngine("second")
    endless.chunks = [chunk] * 30
    async with chain([endless, second], tmp_path) as synthesizer:
        assert 25 <= len(await speak(synthesizer, "Hello.", tmp_path)) < 30
        assert synthesizer.health[0].failures == {SpeechTooLong: 1}
    assert second.asked == ["Hello."]


async def test_when_no_engine_speaks_the_error_holds_what_each_said(tmp_path: Path) -> None:
    engines = [FakeEngine("first", REFUSED), FakeEngine("second", HUNG)]
    async with chain(engines, tmp_path) as synthesizer:
        with pytest.raises(SpeechUnavailable) as raised:
            await speak(synthesizer, "Hello.", tmp_path)
    assert raised.value.tried == (REFUSED, HUNG)
    assert not isinstance(raised.value, NoVoice)


async def test_a_language_is_spoken_by_the_first_engine_that_knows_it(tmp_path: Path) -> None:
    english, german = FakeEngine("english"), FakeEngine("german", languages="de fr")
    async with chain([english, german], tmp_path) as synthesizer:
        await speak(synthesizer, "Hallo.", tmp_path, "de")
    assert (english.asked, german.asked) == ([], ["Hallo."])


async def test_a_language_that_nobody_speaks_is_told_apart_from_an_outage(tmp_path: Path) -> None:
    english = FakeEngine("english")
    async with chain([english], tmp_path) as synthesizer:
        with pytest.raises(NoVoice) as raised:
            await speak(synthesizer, "Hej.", tmp_path, "sv")
        assert raised.value.language == "sv"
        english.error = LanguageUnsupported(engine="english", detail="Cyrillic", language="en")
        with pytest.raises(NoVoice):
            await speak(synthesizer, "Привет", tmp_path)


async def test_a_wished_voice_speaks_where_it_knows_the_language_and_the_first_choice_elsewhere(tmp_path: Path) -> None:
    first, second = FakeEngine("first", languages="en de"), FakeEngine("second")
    wish = second.voices[1]
    async with chain([first, second], tmp_path) as synthesizer:
        await synthesizer.speak(sentence("Hello."), tmp_path, Heard(), wish)
        await synthesizer.speak(sentence("Hallo.", "de"), tmp_path, Heard(), wish)
    assert (second.asked_voices, first.asked_voices) == (["two"], ["one"])


async def test_audio_without_sound_is_a_failure_and_the_next_engine_speaks(tmp_path: Path) -> None:
    first, second = FakeEngine("first"), FakeEngine("second")
    first.chunks = [b"\0"]
    async with chain([first, second], tmp_path) as synthesizer:
        assert await speak(synthesizer, "Hello.", tmp_path)
    assert second.asked == ["Hello."]


@pytest.mark.parametrize("seconds", [0.03, 5.0])
async def test_an_engine_may_take_its_timeout_for_each_chunk_and_no_longer(tmp_path: Path, seconds: float) -> None:
    slow, second = FakeEngine("slow"), FakeEngine("second")
    slow.seconds, slow.timeout = seconds, 1.0
    async with chain([slow, second], tmp_path) as synthesizer:
        await speak(synthesizer, "Hello.", tmp_path)
    assert second.asked == ([] if seconds < 1 else ["Hello."])


async def test_what_was_said_before_is_not_made_again(tmp_path: Path) -> None:
    engine = FakeEngine("first")
    async with chain([engine], tmp_path, kept=1 << 20) as synthesizer:
        said = [await speak(synthesizer, "Yes.", tmp_path) for _ in range(3)]
    assert engine.asked == ["Yes."]
    assert said[0] == said[1] == said[2]
    async with chain([engine], tmp_path, kept=1 << 20) as another_run:
        assert await speak(another_run, "Yes.", tmp_path) == said[0]
    assert engine.asked == ["Yes."]


async def test_what_was_said_by_another_voice_or_in_another_language_is_made_anew(tmp_path: Path) -> None:
    engine = FakeEngine("first", languages="en de")
    async with chain([engine], tmp_path, kept=1 << 20) as synthesizer:
        await speak(synthesizer, "Hand.", tmp_path)
        await speak(synthesizer, "Hand.", tmp_path, "de")
        await synthesizer.speak(sentence("Hand."), tmp_path, Heard(), engine.voices[1])
    assert len(engine.asked) == 3


async def test_a_recording_of_an_engine_that_is_unwell_is_played_all_the_same(tmp_path: Path) -> None:
    first, second = FakeEngine("first"), FakeEngine("second")
    async with chain([first, second], tmp_path, kept=1 << 20) as synthesizer:
        await speak(synthesizer, "Yes.", tmp_path)
        first.error = HUNG
        await speak(synthesizer, "No.", tmp_path)
        await speak(synthesizer, "Yes.", tmp_path)
        replayed = [health.replayed for health in synthesizer.health]
        spoken = [health.spoken for health in synthesizer.health]
    assert first.asked == ["Yes.", "No."]
    assert second.asked == ["No."]
    assert (spoken, replayed) == ([1, 1], [1, 0])


async def test_while_an_engine_is_slow_the_next_one_gets_ready(tmp_path: Path) -> None:
    slow, second, third = FakeEngine("slow"), FakeEngine("second"), FakeEngine("third")
    slow.seconds, slow.timeout = 5.0, 1.3
    async with chain([slow, second, third], tmp_path) as synthesizer:
        speaking = asyncio.ensure_future(speak(synthesizer, "Hello.", tmp_path))
        await eventually(lambda: second.is_warm)
        assert second.asked == []
        await speaking
    assert not third.is_warm


async def test_a_quick_engine_has_nobody_else_get_ready(tmp_path: Path) -> None:
    first, second = FakeEngine("first"), FakeEngine("second")
    async with chain([first, second], tmp_path) as synthesizer:
        await speak(synthesizer, "Hello.", tmp_path)
        synthesizer.warm("en")
        await eventually(lambda: first.is_warm)
    assert not second.is_warm
