"""gTTS against a stand-in for Google: what it says, and every way in which it fails."""

import asyncio
import time
from collections.abc import AsyncIterator

import pytest

from assistant.domain.errors import (
    LanguageUnsupported,
    SpeechEmpty,
    SpeechError,
    SpeechRationed,
    SpeechRefused,
    SpeechTimeout,
    SpeechUnreachable,
)
from assistant.tts.google import GoogleEngine
from assistant.tts.google_accents import ACCENTS
from sandbox.standins.faults import (
    CorruptBase64,
    EmptyBody,
    Hang,
    HtmlPage,
    NoAudioLine,
    NullAudio,
    SpeechFault,
    Status,
    Truncated,
)
from sandbox.standins.google import GoogleSpeech
from tests.support.speaking import say, through_the_chain
from tests.support.speech_sinks import Heard


@pytest.fixture
async def engine(google: GoogleSpeech) -> AsyncIterator[GoogleEngine]:
    assert google.proxy_url
    async with GoogleEngine(accent="com", timeout=0.5, per_minute=1000) as opened:
        yield opened


async def test_a_sentence_is_asked_for_once_in_its_language_and_accent(
    engine: GoogleEngine, google: GoogleSpeech
) -> None:
    british = next(voice for voice in engine.voices if voice.name == "co.uk")
    assert await say(engine, "Hello there, my friend. How are you, then?", british, "en")
    assert await say(engine, "Guten Tag.", engine.voices[0], "de")
    asked = [(request.text, request.language, request.host) for request in google.requests]
    assert asked == [
        ("Hello there, my friend. How are you, then?", "en", "translate.google.co.uk"),
        ("Guten Tag.", "de", "translate.google.com"),
    ]


def test_the_accent_of_the_settings_speaks_first_and_every_language_has_a_voice() -> None:
    voices = GoogleEngine(accent="co.uk", timeout=1.0, per_minute=1).voices
    assert voices[0].name == "co.uk"
    assert {voice.name for voice in voices} == set(ACCENTS)
    assert {"de", "ja", "zh-CN", "iw"} <= next(voice for voice in voices if voice.name == "com").languages


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Status(429), SpeechRefused),
        (Status(403), SpeechRefused),
        (Status(500), SpeechRefused),
        (EmptyBody(), SpeechEmpty),
        (NoAudioLine(), SpeechEmpty),
        (NullAudio(), SpeechEmpty),
        (HtmlPage(), SpeechEmpty),
        (CorruptBase64(), SpeechEmpty),
        (Truncated(), SpeechUnreachable),
        (Hang(), SpeechTimeout),
    ],
    ids=str,
)
async def test_each_failure_of_google_is_an_error_of_its_kind(
    engine: GoogleEngine, google: GoogleSpeech, fault: SpeechFault, error: type[SpeechError]
) -> None:
    google.order(fault)
    with pytest.raises(error) as raised:
        await say(engine, "Hello.", engine.voices[0], "en")
    assert raised.value.engine == "gtts"
    if isinstance(fault, Status):
        assert isinstance(raised.value, SpeechRefused)
        assert raised.value.status == fault.status
    assert await say(engine, "Hello.", engine.voices[0], "en"), "the next sentence suffers too"


async def test_nobody_at_the_other_end_is_an_error_of_its_kind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    async with GoogleEngine(accent="com", timeout=1.0, per_minute=10) as engine:
        with pytest.raises(SpeechUnreachable):
            await say(engine, "Hello.", engine.voices[0], "en")


@pytest.mark.parametrize("text", ["", "   ", "…", "!?"])
async def test_a_text_with_nothing_to_say_is_an_error_of_its_kind(engine: GoogleEngine, text: str) -> None:
    with pytest.raises(SpeechEmpty):
        await say(engine, text, engine.voices[0], "en")


async def test_an_unknown_language_is_an_error_of_its_kind(engine: GoogleEngine) -> None:
    with pytest.raises(LanguageUnsupported):
        await say(engine, "nuqneH", engine.voices[0], "tlh")


async def test_google_is_asked_no_more_often_than_allowed(google: GoogleSpeech) -> None:
    async with GoogleEngine(accent="com", timeout=1.0, per_minute=3) as engine:
        for _ in range(3):
            await say(engine, "Hello.", engine.voices[0], "en")
        with pytest.raises(SpeechRationed):
            await say(engine, "Hello.", engine.voices[0], "en")
    assert len(google.requests) == 3


async def test_the_event_loop_goes_on_while_google_hangs(engine: GoogleEngine, google: GoogleSpeech) -> None:
    google.order(Hang())
    speaking = asyncio.ensure_future(say(engine, "Hello.", engine.voices[0], "en"))
    latest, last = 0.0, time.monotonic()
    while not speaking.done():
        await asyncio.sleep(0.01)
        latest, last = max(latest, time.monotonic() - last), time.monotonic()
    assert latest < 0.3
    await asyncio.gather(speaking, return_exceptions=True)


async def test_many_sentences_are_asked_for_at_once(engine: GoogleEngine, google: GoogleSpeech) -> None:
    google.delay = 0.2
    begun = time.monotonic()
    await asyncio.gather(*(say(engine, f"Number {number}.", engine.voices[0], "en") for number in range(8)))
    assert time.monotonic() - begun < 8 * 0.2


async def test_what_google_gives_becomes_frames(engine: GoogleEngine) -> None:
    sink = Heard()
    await through_the_chain(engine, "Hello there.", sink)
    assert abs(len(sink.frames) * 0.02 - len("Hello there.") * 0.02) < 0.12, "MP3 adds up to a tenth of a second"
