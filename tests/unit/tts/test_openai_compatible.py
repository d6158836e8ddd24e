"""Hosted speech against a stand-in for OpenAI's `/audio/speech`: streamed, and every way in which it fails."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import aclosing

import pytest

from assistant.domain.errors import (
    SpeechEmpty,
    SpeechError,
    SpeechRefused,
    SpeechTimeout,
    SpeechTooLong,
    SpeechUnreachable,
)
from assistant.tts.openai_compatible import OpenAiEngine
from sandbox.standins import faults as speech_faults
from sandbox.standins.faults import HostedSpeechFault
from sandbox.standins.speech import HostedSpeech
from tests.support.sounds import steady_tone
from tests.support.speaking import say, through_the_chain
from tests.support.speech_sinks import Heard

TEXT = "This takes about a second to say, and it is streamed."


def engine_for(service: HostedSpeech, *, api_key: str | None = None, timeout: float = 0.5) -> OpenAiEngine:
    return OpenAiEngine(
        base_url=service.base_url,
        api_key=api_key,
        model="sandbox-tts",
        voices=("alloy", "nova"),
        languages=frozenset({"en", "de"}),
        timeout=timeout,
    )


@pytest.fixture
async def engine(hosted: HostedSpeech) -> AsyncIterator[OpenAiEngine]:
    async with engine_for(hosted) as opened:
        yield opened


async def test_a_sentence_is_spoken_by_the_chosen_voice(engine: OpenAiEngine, hosted: HostedSpeech) -> None:
    assert await say(engine, "Hello.", engine.voices[1], "en")
    assert (hosted.requests[0].text, hosted.requests[0].voice) == ("Hello.", "nova")


async def test_the_first_sound_comes_while_the_rest_is_still_being_made(
    engine: OpenAiEngine, hosted: HostedSpeech
) -> None:
    hosted.realtime_factor = 2.0  # a second of sound takes half a second
    begun = time.monotonic()
    async with aclosing(engine.speak(TEXT, engine.voices[0], "en")) as audio:
        await anext(audio)
        first = time.monotonic() - begun
        async for _ in audio:
            pass
    assert first < 0.5 * (time.monotonic() - begun)


async def test_what_is_streamed_becomes_the_frames_of_the_whole(engine: OpenAiEngine) -> None:
    sink = Heard()
    await through_the_chain(engine, TEXT, sink)
    assert abs(len(sink.frames) * 0.02 - len(TEXT) * 0.02) < 0.12


async def test_no_compression_is_asked_for(engine: OpenAiEngine, hosted: HostedSpeech) -> None:
    await say(engine, "Hello.", engine.voices[0], "en")
    assert hosted.requests[0].headers["accept-encoding"] == "identity"


async def test_the_connection_is_kept_between_sentences(engine: OpenAiEngine, hosted: HostedSpeech) -> None:
    for _ in range(3):
        await say(engine, "Hello.", engine.voices[0], "en")
    assert len({request.client_port for request in hosted.requests}) == 1


async def test_the_key_is_sent_and_a_wrong_one_is_an_error_without_it_in_the_text() -> None:
    async with HostedSpeech(steady_tone, api_key="right-key") as service:
        async with engine_for(service, api_key="right-key") as engine:
            assert await say(engine, "Hello.", engine.voices[0], "en")
        async with engine_for(service, api_key="wrong-key") as engine:
            with pytest.raises(SpeechRefused) as raised:
                await say(engine, "Hello.", engine.voices[0], "en")
    assert raised.value.status == 401
    assert "wrong-key" not in str(raised.value)


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (speech_faults.Status(429, retry_after="7"), SpeechRefused),
        (speech_faults.Status(500), SpeechRefused),
        (speech_faults.EmptyBody(), SpeechEmpty),
        (speech_faults.HtmlPage(), SpeechEmpty),
        (speech_faults.CorruptAudio(), SpeechEmpty),
        (speech_faults.Hang(), SpeechTimeout),
        (speech_faults.HangAfter(0.5), SpeechTimeout),
        (speech_faults.CutAfter(0.5), SpeechUnreachable),
        (speech_faults.Drip(0.05), SpeechTimeout),
        (speech_faults.Drip(0.05, is_head_too=True), SpeechTimeout),
        (speech_faults.EndlessSpeech(), SpeechTooLong),
        (speech_faults.GzipBomb(50), SpeechEmpty),
        (speech_faults.FramesBomb(20), SpeechTooLong),
    ],
    ids=str,
)
async def test_each_failure_is_an_error_of_its_kind(
    engine: OpenAiEngine, hosted: HostedSpeech, fault: HostedSpeechFault, error: type[SpeechError]
) -> None:
    hosted.outage = fault
    with pytest.raises(error) as raised:
        await through_the_chain(engine, TEXT, Heard())
    if isinstance(raised.value, SpeechRefused) and raised.value.status == 429:
        assert raised.value.retry_after == 7.0
    hosted.outage = None
    assert await say(engine, "Hello.", engine.voices[0], "en"), "the next sentence suffers too"


async def test_nobody_at_the_other_end_is_an_error_of_its_kind(engine: OpenAiEngine, hosted: HostedSpeech) -> None:
    async with hosted.down():
        with pytest.raises(SpeechUnreachable):
            await say(engine, "Hello.", engine.voices[0], "en")


async def test_an_answer_that_is_left_is_not_sent_any_further(engine: OpenAiEngine, hosted: HostedSpeech) -> None:
    hosted.realtime_factor = 0.1
    speaking = asyncio.ensure_future(say(engine, TEXT, engine.voices[0], "en"))
    await hosted.wait_for_requests(1)
    await asyncio.sleep(0.1)
    speaking.cancel()
    await asyncio.gather(speaking, return_exceptions=True)
    await asyncio.sleep(0.1)
    assert hosted.requests[0].answered is None
