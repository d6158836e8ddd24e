"""gTTS against a stand-in for Google: what it says, and every way in which it fails."""

import asyncio
import threading
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from gtts import gTTS

from assistant.domain.errors import (
    LanguageUnsupported,
    SpeechEmpty,
    SpeechError,
    SpeechRationed,
    SpeechRefused,
    SpeechTimeout,
    SpeechTooLong,
    SpeechUnreachable,
)
from assistant.text.sentence import Sentence
from assistant.tts.cache import SpeechCache
from assistant.tts.google import GoogleEngine
from assistant.tts.google_accents import ACCENTS
from assistant.tts.synthesizer import Synthesizer
from sandbox.standins.faults import (
    CorruptBase64,
    Drip,
    EmptyBody,
    EndlessSpeech,
    GzipBomb,
    Hang,
    HtmlPage,
    NoAudioLine,
    NullAudio,
    SpeechFault,
    Status,
    Truncated,
)
from sandbox.standins.google import GoogleSpeech
from tests.support.fake_engines import FakeEngine
from tests.support.sounds import steady_tone
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


async def test_gtts_computes_in_a_thread_of_its_own_which_ends_with_the_engine(
    engine: GoogleEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    computed_in: list[str] = []
    prepare = gTTS._prepare_requests

    def noting_the_thread(self: gTTS) -> object:
        computed_in.append(threading.current_thread().name)
        return prepare(self)

    monkeypatch.setattr(gTTS, "_prepare_requests", noting_the_thread)
    await say(engine, "Hello.", engine.voices[0], "en")
    assert set(computed_in) == {"gtts_0"}
    assert [thread.name for thread in threading.enumerate() if thread.name.startswith("gtts")] == ["gtts_0"]
    await engine.__aexit__(None, None, None)
    assert not [thread.name for thread in threading.enumerate() if thread.name.startswith("gtts")]


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
        (Drip(0.05), SpeechTimeout),
        (Drip(0.05, is_head_too=True), SpeechTimeout),
        (EndlessSpeech(), SpeechTooLong),
        (GzipBomb(50), SpeechEmpty),
        (Status(302), SpeechRefused),
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


async def test_a_man_in_the_middle_is_refused_before_he_reads_a_word_and_the_next_engine_speaks(
    google: GoogleSpeech, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    async with GoogleSpeech(steady_tone) as stranger:
        monkeypatch.setenv("HTTPS_PROXY", stranger.proxy_url)
        engines = GoogleEngine(accent="com", timeout=5.0, per_minute=10), FakeEngine("second")
        cache = SpeechCache(tmp_path, max_bytes=0, max_age_seconds=0)
        sentence = Sentence(said="A secret.", source="A secret.", language="en")
        async with Synthesizer(engines, cache) as synthesizer:
            await synthesizer.speak(sentence, tmp_path, Heard())
            (health, _) = synthesizer.health
    assert isinstance(health.last_error, SpeechUnreachable)
    assert "certificate" in str(health.last_error.detail).lower()
    assert engines[1].asked == ["A secret."]
    assert (stranger.requests, google.requests) == ([], [])


@pytest.mark.parametrize("kind", ["right", "missing", "nonsense"])
async def test_only_whom_the_bundle_names_is_trusted(
    google: GoogleSpeech, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, kind: str
) -> None:
    bundle = Path(google.environment["REQUESTS_CA_BUNDLE"]) if kind == "right" else tmp_path / "bundle.pem"
    if kind == "nonsense":
        bundle.write_text("nonsense")
    monkeypatch.delenv("REQUESTS_CA_BUNDLE")
    monkeypatch.setenv("CURL_CA_BUNDLE", str(bundle))
    async with GoogleEngine(accent="com", timeout=5.0, per_minute=10) as engine:
        await engine.warm()
        if kind == "right":
            assert await say(engine, "Hello.", engine.voices[0], "en")
        else:
            with pytest.raises(SpeechUnreachable):
                await say(engine, "Hello.", engine.voices[0], "en")


async def test_without_a_bundle_the_machine_s_own_trust_holds(
    google: GoogleSpeech, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("SSL_CERT_FILE", google.environment["REQUESTS_CA_BUNDLE"])
    async with GoogleEngine(accent="com", timeout=5.0, per_minute=10) as engine:
        assert await say(engine, "Hello.", engine.voices[0], "en")


async def test_a_connection_is_kept_for_the_pieces_and_sentences_that_follow(
    engine: GoogleEngine, google: GoogleSpeech
) -> None:
    long = "This is a long sentence that goes on for quite a while, until it has far more than a hundred characters."
    for _ in range(5):
        await say(engine, long, engine.voices[0], "en")
    assert len(google.requests) > 5
    assert google.connections == 1
    for _ in range(3):
        await asyncio.gather(*(say(engine, f"Number {number}.", engine.voices[0], "en") for number in range(8)))
    assert google.connections <= 8


async def test_the_connection_for_the_first_sentence_is_opened_before_it(
    engine: GoogleEngine, google: GoogleSpeech
) -> None:
    await engine.warm()
    assert google.connections == 1
    await say(engine, "Hello.", engine.voices[0], "en")
    await engine.warm()
    assert google.connections == 1
    assert [request.text for request in google.requests] == ["Hello."]


async def test_a_connection_that_cannot_be_opened_is_left_to_the_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    async with GoogleEngine(accent="com", timeout=5.0, per_minute=10) as engine:
        await engine.warm()
        with pytest.raises(SpeechUnreachable):
            await say(engine, "Hello.", engine.voices[0], "en")


async def test_an_answer_that_is_left_ends_at_once(google: GoogleSpeech) -> None:
    google.outage = Drip(0.5)
    async with asyncio.timeout(5), GoogleEngine(accent="com", timeout=60.0, per_minute=10) as engine:
        speaking = asyncio.ensure_future(say(engine, "Hello.", engine.voices[0], "en"))
        await google.wait_for_requests(1)
        speaking.cancel()
        await asyncio.gather(speaking, return_exceptions=True)


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


async def test_many_sentences_are_asked_for_at_once(google: GoogleSpeech) -> None:
    google.delay = 2.0  # one after the other, they would take 16 s
    begun = time.monotonic()
    async with GoogleEngine(accent="com", timeout=30.0, per_minute=1000) as engine:
        await asyncio.gather(*(say(engine, f"Number {number}.", engine.voices[0], "en") for number in range(8)))
    assert time.monotonic() - begun < 8 * google.delay / 2


async def test_what_google_gives_becomes_frames(engine: GoogleEngine) -> None:
    sink = Heard()
    await through_the_chain(engine, "Hello there.", sink)
    assert abs(len(sink.frames) * 0.02 - len("Hello there.") * 0.02) < 0.12, "MP3 adds up to a tenth of a second"
