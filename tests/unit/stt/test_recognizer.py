"""The chain of engines: who is asked, who takes over, and what counts as said."""

import asyncio

import pytest
from prometheus_client import CollectorRegistry

from assistant.domain.errors import (
    LanguageNotUnderstood,
    RecognitionBusy,
    RecognitionEngineError,
    RecognitionRefused,
    RecognitionTimeout,
    RecognitionUnavailable,
    RecognitionUnreachable,
    RecognitionUnreadable,
)
from assistant.stt.recognizer import Recognizer
from assistant.telemetry.metrics import Metrics
from assistant.util.circuit_breaker import SHORTEST_COOLDOWN
from tests.support.fake_engines import Clock
from tests.support.fake_recognizers import FakeRecognizer
from tests.support.spoken_pcm import hiss, silence, voice_like
from tests.support.virtual_time import run_in_virtual_time

TURN = voice_like(1.0)
REFUSED = RecognitionRefused(engine="first", detail="too many", status=429)
UNREACHABLE = RecognitionUnreachable(engine="first", detail="reset")


def chain(
    *engines: FakeRecognizer, language: str = "", clock: Clock | None = None, guesses_at_hosts: bool = False
) -> Recognizer:
    return Recognizer(
        engines,
        Metrics(CollectorRegistry()),
        language=language,
        guesses_at_hosts=guesses_at_hosts,
        now=clock or Clock(),
    )


async def heard(recognizer: Recognizer, language: str = "en") -> tuple[str, str]:
    transcript = await recognizer.transcribe(TURN, language)
    return transcript.text, transcript.engine


async def test_the_first_engine_that_understands_the_language_hears() -> None:
    english, every = FakeRecognizer("english", languages="en"), FakeRecognizer("every", "Guten Tag.")
    async with chain(english, every) as recognizer:
        assert await heard(recognizer, "en") == ("Hello there.", "english")
        assert await heard(recognizer, "de") == ("Guten Tag.", "every")
        assert (english.is_open, every.is_open) == (True, True)
    assert (english.is_open, every.is_open) == (False, False)


async def test_who_chose_no_language_has_the_owner_s() -> None:
    english, every = FakeRecognizer("english", languages="en"), FakeRecognizer("every")
    async with chain(english, every, language="de") as recognizer:
        assert (await heard(recognizer, ""))[1] == "every"
        assert every.asked == ["de"]


async def test_a_language_that_is_only_likely_chooses_the_engine_and_is_told_to_none() -> None:
    english, every = FakeRecognizer("english", languages="en"), FakeRecognizer("every", "Guten Tag.")
    async with chain(english, every) as recognizer:
        assert (await recognizer.transcribe(TURN, "", likely="de")).engine == "every"
        assert (await recognizer.transcribe(TURN, "", likely="en")).engine == "english"
        assert (await recognizer.transcribe(TURN, "en", likely="de")).engine == "english"
        assert (every.asked, english.asked) == ([""], ["", "en"])
    async with chain(english, every, language="en") as recognizer:
        assert (await recognizer.transcribe(TURN, "", likely="de")).engine == "english"
        recognizer.warm("", likely="de")
        await asyncio.sleep(0)
    assert (english.is_warm, every.is_warm) == (True, False)
    async with chain(english) as recognizer:
        with pytest.raises(LanguageNotUnderstood) as raised:
            await recognizer.transcribe(TURN, "", likely="de")
    assert raised.value.language == "de"


async def test_where_no_engine_knows_more_than_english_that_is_told() -> None:
    english, every = FakeRecognizer("english", languages="en"), FakeRecognizer("every")
    for engines, is_english_only in (((english,), True), ((english, every), False), ((every,), False)):
        heard_by = chain(*engines).heard_by
        assert heard_by is not None
        assert heard_by.is_english_only is is_english_only


async def test_a_language_that_nobody_understands_is_said_before_and_at_a_turn() -> None:
    async with chain(FakeRecognizer("english", languages="en")) as recognizer:
        assert recognizer.understands("en")
        assert recognizer.understands("")
        assert not recognizer.understands("de")
        with pytest.raises(LanguageNotUnderstood) as raised:
            await heard(recognizer, "de")
    assert raised.value.language == "de"


async def test_without_an_engine_nothing_is_understood() -> None:
    async with chain() as recognizer:
        assert not recognizer.understands("")
        recognizer.warm("")
        with pytest.raises(LanguageNotUnderstood):
            await heard(recognizer, "")


@pytest.mark.parametrize(
    "error",
    [REFUSED, UNREACHABLE, RecognitionUnreadable(engine="first", detail="a page")],
    ids=lambda e: type(e).__name__,
)
async def test_the_next_engine_takes_over_at_once(error: RecognitionEngineError) -> None:
    first, second = FakeRecognizer("first", error=error), FakeRecognizer("second")
    async with chain(first, second) as recognizer:
        assert await heard(recognizer) == ("Hello there.", "second")
        assert recognizer.health[0].failures == {type(error): 1}


async def test_an_engine_that_failed_is_left_alone_and_found_again_by_a_probe_that_nobody_waits_for() -> None:
    clock = Clock()
    first, second = FakeRecognizer("first", error=REFUSED), FakeRecognizer("second")
    async with chain(first, second, clock=clock) as recognizer:
        for _ in range(3):
            await heard(recognizer)
        assert len(first.asked) == 1
        clock.now += SHORTEST_COOLDOWN
        first.error = None
        assert (await heard(recognizer))[1] == "second"
        await asyncio.sleep(0.01)
        assert (await heard(recognizer))[1] == "first"


async def test_a_connection_that_broke_is_tried_once_more() -> None:
    first = FakeRecognizer("first", error=UNREACHABLE)
    first.fails_times = 1
    async with chain(first) as recognizer:
        assert (await heard(recognizer))[1] == "first"


async def test_many_waiting_turns_are_not_the_engine_s_fault() -> None:
    first = FakeRecognizer("first", error=RecognitionBusy(engine="first", detail="9 turns"))
    async with chain(first) as recognizer:
        for _ in range(5):
            with pytest.raises(RecognitionUnavailable):
                await heard(recognizer)
        assert recognizer.health[0].last_error is None


async def test_where_all_fail_the_error_says_how() -> None:
    first, second = FakeRecognizer("first", error=REFUSED), FakeRecognizer("second", error=UNREACHABLE)
    async with chain(first, second) as recognizer:
        with pytest.raises(RecognitionUnavailable) as raised:
            await heard(recognizer)
    assert raised.value.tried == (REFUSED, UNREACHABLE)


async def test_the_only_engine_is_asked_even_while_it_rests() -> None:
    first = FakeRecognizer("first", error=REFUSED)
    async with chain(first) as recognizer:
        with pytest.raises(RecognitionUnavailable):
            await heard(recognizer)
        first.error = None
        assert (await heard(recognizer))[1] == "first"
        assert recognizer.health[0].last_error is None


def test_one_that_hangs_costs_its_timeout_and_the_next_one_is_warm_by_then() -> None:
    async def main() -> None:
        first, second = FakeRecognizer("first"), FakeRecognizer("second")
        first.seconds = 1000.0
        async with chain(first, second) as recognizer:
            loop = asyncio.get_running_loop()
            begun = loop.time()
            assert (await heard(recognizer))[1] == "second"
            assert loop.time() - begun == pytest.approx(first.timeout, abs=0.5)
            assert second.is_warm
            assert recognizer.health[0].failures == {RecognitionTimeout: 1}
            begun = loop.time()
            assert (await heard(recognizer))[1] == "second"
            assert loop.time() == begun

    run_in_virtual_time(main())


async def test_who_begins_to_speak_warms_the_first_engine_that_is_healthy() -> None:
    first, second = FakeRecognizer("first", error=REFUSED), FakeRecognizer("second")
    async with chain(first, second) as recognizer:
        recognizer.warm("en")
        await asyncio.sleep(0)
        assert (first.is_warm, second.is_warm) == (True, False)
        await heard(recognizer)
        recognizer.warm("en")
        await asyncio.sleep(0)
        assert second.is_warm


async def test_nobody_is_asked_about_silence() -> None:
    first = FakeRecognizer("first")
    async with chain(first) as recognizer:
        for pcm in (silence(3.0), b"", voice_like(0.05)):
            assert (await recognizer.transcribe(pcm, "en")).text == ""
    assert first.asked == []


async def test_what_is_made_of_noise_is_no_text_and_what_was_said_is() -> None:
    first = FakeRecognizer("first", "Thank you for watching!")
    async with chain(first) as recognizer:
        assert (await recognizer.transcribe(hiss(3.0), "en")).text == ""
        assert (await recognizer.transcribe(voice_like(2.0), "en")).text == "Thank you for watching!"


async def test_turns_are_counted_by_what_came_of_them() -> None:
    registry = CollectorRegistry()
    first = FakeRecognizer("first")
    async with Recognizer([first], Metrics(registry)) as recognizer:
        await heard(recognizer)
        first.text = "[Music]"
        await heard(recognizer)
        first.error = REFUSED
        with pytest.raises(RecognitionUnavailable):
            await heard(recognizer)
    outcomes = {
        outcome: registry.get_sample_value("voice_assistant_recognition_turns_total", {"outcome": outcome})
        for outcome in ("text", "nothing", "failed")
    }
    assert outcomes == {"text": 1.0, "nothing": 1.0, "failed": 1.0}
    assert registry.get_sample_value("voice_assistant_recognition_seconds_count") == 2.0
    assert recognizer.health[0].failures == {RecognitionRefused: 1}


async def test_the_log_says_who_failed_and_never_what_was_said(caplog: pytest.LogCaptureFixture) -> None:
    first, second = FakeRecognizer("first", error=REFUSED), FakeRecognizer("second", "A secret word.")
    async with chain(first, second) as recognizer:
        await heard(recognizer)
    assert "first failed" in caplog.text
    assert "A secret word." not in caplog.text


async def test_a_guess_is_made_by_a_free_engine_of_this_machine_and_counted_when_it_is_used() -> None:
    registry = CollectorRegistry()
    engine = FakeRecognizer("first")
    async with Recognizer([engine], Metrics(registry)) as recognizer:
        guess = asyncio.ensure_future(recognizer.guess(TURN, "en"))
        await guess
        assert not registry.get_sample_value("voice_assistant_recognition_seconds_count")
        transcript = await recognizer.transcribe(TURN, "en", guess=guess)
        assert (transcript.text, engine.asked) == ("Hello there.", ["en"])
        assert registry.get_sample_value("voice_assistant_recognition_seconds_count") == 1.0
        await recognizer.guess(TURN, "en")
    counted = [
        registry.get_sample_value(f"voice_assistant_recognition_{name}_total") for name in ("guesses", "guesses_used")
    ]
    assert counted == [2.0, 1.0]


async def test_nothing_is_guessed_where_it_would_be_sent_away_or_others_wait() -> None:
    hosted, local = FakeRecognizer("hosted"), FakeRecognizer("local")
    hosted.host = "stt.example"
    async with chain(hosted, local) as recognizer:
        assert await recognizer.guess(TURN, "en") is None
    local.seconds = 0.05
    async with chain(local) as recognizer:
        turn = asyncio.ensure_future(recognizer.transcribe(TURN, "en"))
        await asyncio.sleep(0.01)
        assert await recognizer.guess(TURN, "en") is None
        await turn
        assert await recognizer.guess(silence(1.0), "en") is None
    assert (hosted.asked, local.asked) == ([], ["en"])


async def test_a_guess_that_fails_leaves_the_turn_to_be_recognized() -> None:
    engine = FakeRecognizer("first", error=RecognitionTimeout(engine="first", detail="no text", seconds=1.0))
    engine.fails_times = 1
    async with chain(engine) as recognizer:
        guess = asyncio.ensure_future(recognizer.guess(TURN, "en"))
        assert await guess is None
        assert (await recognizer.transcribe(TURN, "en", guess=guess)).text == "Hello there."


async def test_a_host_is_asked_for_guesses_where_that_is_wanted_and_not_without_limit() -> None:
    hosted = FakeRecognizer("hosted", " [Music] Hello there. ")
    hosted.host, hosted.seconds = "stt.example", 0.05
    async with chain(hosted, guesses_at_hosts=True) as recognizer:
        guesses = await asyncio.gather(*(recognizer.guess(TURN, "en") for _ in range(40)))
    assert [guess.text for guess in guesses if guess is not None] == ["Hello there."] * 32


def test_while_a_host_is_slow_with_a_guess_the_next_engine_warms_up() -> None:
    async def main() -> None:
        hosted, local = FakeRecognizer("hosted"), FakeRecognizer("local")
        hosted.host, hosted.seconds = "stt.example", 3.0
        async with chain(hosted, local, guesses_at_hosts=True) as recognizer:
            guess = asyncio.ensure_future(recognizer.guess(TURN, "en"))
            assert (await recognizer.transcribe(TURN, "en", guess=guess)).engine == "hosted"
        assert local.is_warm

    run_in_virtual_time(main())
