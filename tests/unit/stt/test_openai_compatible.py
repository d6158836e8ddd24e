"""Hosted recognition against a stand-in for OpenAI's `/audio/transcriptions`: its forms, and the ways it fails."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from assistant.domain.errors import (
    RecognitionEngineError,
    RecognitionRefused,
    RecognitionTimeout,
    RecognitionUnreachable,
    RecognitionUnreadable,
)
from assistant.domain.transcript import Transcript
from assistant.stt.monitored_engine import MonitoredEngine
from assistant.stt.openai_compatible import OpenAiRecognizer
from sandbox.standins import faults
from sandbox.standins.faults import HostedRecognitionFault
from sandbox.standins.recognition import HostedRecognition, script
from tests.support.spoken_pcm import voice_like

TEXT = "What is the weather like, in Paris today?"
TURN = voice_like(2.0)


def engine_for(
    service: HostedRecognition, *, model: str = "sandbox-stt", api_key: str | None = None, prompt: str = "Molly"
) -> OpenAiRecognizer:
    return OpenAiRecognizer(base_url=service.base_url, api_key=api_key, model=model, prompt=prompt, timeout=1.0)


async def heard(service: HostedRecognition, language: str = "en", *, model: str = "sandbox-stt") -> Transcript:
    async with engine_for(service, model=model) as engine:
        return await engine.transcribe(TURN, language)


@pytest.fixture
async def hosted() -> AsyncIterator[HostedRecognition]:
    async with HostedRecognition(script(TEXT)) as service:
        yield service


async def test_the_whole_turn_is_sent_as_wav_with_its_language_and_the_name(hosted: HostedRecognition) -> None:
    assert await heard(hosted) == Transcript(TEXT, "en", "hosted")
    (request,) = hosted.requests
    assert request.pcm == TURN
    assert request.file_name.endswith(".wav")
    assert (request.language, request.prompt) == ("en", "Molly")
    assert request.headers["accept-encoding"] == "identity"


@pytest.mark.parametrize(("code", "sent"), [("", ""), ("zh-CN", "zh"), ("iw", "he"), ("pt-PT", "pt"), ("de", "de")])
async def test_languages_are_named_as_the_api_names_them(hosted: HostedRecognition, code: str, sent: str) -> None:
    await heard(hosted, code)
    assert hosted.requests[0].language == sent


@pytest.mark.parametrize("events", ["openai", "mistral", "vllm", "stretches", None])
async def test_each_service_s_stream_is_read_and_one_without_a_stream_too(events: str | None) -> None:
    async with HostedRecognition(script(TEXT), events=events) as service:
        transcript = await heard(service)
    assert transcript.text.replace(",", "") == TEXT.replace(",", "")


async def test_whisper_tells_how_sure_it_is_and_which_language_it_heard() -> None:
    async with HostedRecognition(script(TEXT), model="whisper-large-v3", language="german") as service:
        transcript = await heard(service, "", model="whisper-large-v3")
        assert service.requests[0].format == "verbose_json"
    assert (transcript.text, transcript.language) == (TEXT, "de")


@pytest.mark.parametrize(
    "sureness",
    [
        faults.Sureness(no_speech_prob=0.9, avg_logprob=-1.3),
        faults.Sureness(no_speech_prob=0.1, avg_logprob=-1.3, compression_ratio=4.0),
    ],
)
async def test_what_whisper_itself_takes_for_silence_is_none(sureness: faults.Sureness) -> None:
    async with HostedRecognition(script(TEXT), model="whisper-1") as service:
        service.order(faults.Says("Thank you for watching!", sureness))
        assert (await heard(service, model="whisper-1")).text == ""


@pytest.mark.parametrize(
    "sureness",
    [
        faults.Sureness(no_speech_prob=0.9, avg_logprob=-0.2),
        faults.Sureness(no_speech_prob=0.1, avg_logprob=-1.5),
        faults.Sureness(no_speech_prob=float("nan"), avg_logprob=float("nan")),
        faults.Sureness(no_speech_prob=0.1, avg_logprob=-0.2, compression_ratio=5.0),
    ],
)
async def test_what_whisper_is_sure_of_is_kept(sureness: faults.Sureness) -> None:
    async with HostedRecognition(script(TEXT), model="whisper-1") as service:
        service.order(faults.Says("Thank you.", sureness))
        assert (await heard(service, model="whisper-1")).text == "Thank you."


async def test_a_form_that_is_refused_is_asked_for_once_only() -> None:
    async with HostedRecognition(script(TEXT), model="whisper-1", formats=("json",)) as service:
        async with engine_for(service, model="whisper-1") as engine:
            for _ in range(2):
                assert (await engine.transcribe(TURN, "en")).text == TEXT
        assert [request.format for request in service.requests] == ["verbose_json", "json", "json"]


@pytest.mark.parametrize("unknown", [("prompt",), ("stream",), ("response_format",), ("prompt", "stream")])
async def test_a_field_that_is_refused_is_left_out_from_then_on(unknown: tuple[str, ...]) -> None:
    async with HostedRecognition(script(TEXT), unknown_fields=unknown) as service:
        async with engine_for(service) as engine:
            for _ in range(2):
                assert (await engine.transcribe(TURN, "en")).text == TEXT
        assert len(service.requests) == len(unknown) + 2
        assert not set(service.requests[-1].fields) & set(unknown)


async def test_a_refusal_that_names_nothing_is_tried_once_more_without_any_extra(hosted: HostedRecognition) -> None:
    hosted.order(faults.Status(422, message="Unprocessable"))
    assert (await heard(hosted)).text == TEXT
    assert hosted.requests[-1].fields == {"model": "sandbox-stt"}


async def test_a_guess_that_did_not_help_is_taken_back(hosted: HostedRecognition) -> None:
    hosted.order(*[faults.Status(400, message="Bad request")] * 2)
    async with engine_for(hosted) as engine:
        with pytest.raises(RecognitionRefused):
            await engine.transcribe(TURN, "en")
        await engine.transcribe(TURN, "en")
    assert hosted.requests[-1].fields == hosted.requests[0].fields


async def test_the_prompt_that_comes_back_for_silence_is_not_taken_for_a_name(hosted: HostedRecognition) -> None:
    hosted.order(faults.PromptEcho(), faults.Says(""))
    assert (await heard(hosted)).text == ""
    hosted.order(faults.PromptEcho(), faults.Says("Thank you."))
    assert (await heard(hosted)).text == ""


async def test_a_name_that_was_said_is_kept_and_spelled_right(hosted: HostedRecognition) -> None:
    hosted.order(faults.Says("Molly?"), faults.Says("Mollie?"))
    assert (await heard(hosted)).text == "Molly?"


async def test_short_turns_have_no_prompt_and_the_shortest_are_long_enough_for_the_service() -> None:
    async with HostedRecognition(script("Yes.")) as service, engine_for(service) as engine:
        assert (await engine.transcribe(voice_like(0.05)[12_000:15_000], "en")).text == "Yes."
        assert service.requests[0].prompt == ""


async def test_the_key_is_sent_and_a_wrong_one_is_an_error_without_it_in_the_text() -> None:
    async with HostedRecognition(script(TEXT), api_key="right-key") as service:
        async with engine_for(service, api_key="right-key") as engine:
            assert (await engine.transcribe(TURN, "en")).text == TEXT
        async with engine_for(service, api_key="wrong-key") as engine:
            with pytest.raises(RecognitionRefused) as raised:
                await engine.transcribe(TURN, "en")
    assert raised.value.status == 401
    assert "wrong-key" not in str(raised.value)


async def test_the_connection_is_kept_between_turns(hosted: HostedRecognition) -> None:
    async with engine_for(hosted) as engine:
        for _ in range(3):
            await engine.transcribe(TURN, "en")
    assert len({request.client_port for request in hosted.requests}) == 1


@pytest.mark.parametrize("model", ["sandbox-stt", "whisper-1"])
@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (faults.Status(401), RecognitionRefused),
        (faults.Status(429, retry_after="7"), RecognitionRefused),
        (faults.Status(500), RecognitionRefused),
        (faults.Status(307), RecognitionRefused),
        (faults.EmptyBody(), RecognitionUnreadable),
        (faults.HtmlPage(), RecognitionUnreadable),
        (faults.Body("application/json", b'{"transcript": "no text"}'), RecognitionUnreadable),
        (faults.Body("application/json", b'{"error": {"message": "out of memory"}}'), RecognitionUnreadable),
        (faults.Body("application/json", b'{"text": "half'), RecognitionUnreadable),
        (faults.Body("application/json", b"[" * 100_000), RecognitionUnreadable),
        (faults.Body("application/json", b"null"), RecognitionUnreadable),
        (faults.Body("text/plain", b"\xff\xfe\x00rubbish"), RecognitionUnreadable),
        (faults.Body("text/event-stream", b'data: {"error": "overloaded"}\n\n'), RecognitionUnreadable),
        (faults.Body("text/event-stream", b": nothing\n\n"), RecognitionUnreadable),
        (
            faults.Body("text/event-stream", b'data: {"type": "transcript.text.delta", "delta": "half"}\n\n'),
            RecognitionUnreadable,
        ),
        (faults.Hang(), RecognitionTimeout),
        (faults.HangAfter(0.5), RecognitionTimeout),
        (faults.CutAfter(0.5), RecognitionUnreachable),
        (faults.Drip(0.05), RecognitionTimeout),
        (faults.Drip(0.05, is_head_too=True), RecognitionTimeout),
        (faults.EndlessText(), RecognitionUnreadable),
        (faults.GzipBomb(20), RecognitionUnreadable),
    ],
    ids=str,
)
async def test_each_failure_is_an_error_of_its_kind_and_the_next_turn_is_heard(
    model: str, fault: HostedRecognitionFault, error: type[RecognitionEngineError]
) -> None:
    async with HostedRecognition(script(TEXT), model=model) as service, engine_for(service, model=model) as engine:
        engine.timeout = 0.5
        service.outage = fault
        monitored = MonitoredEngine(engine)
        with pytest.raises(error) as raised:
            await monitored.transcribe(TURN, "en")
        if isinstance(raised.value, RecognitionRefused) and raised.value.status == 429:
            assert raised.value.retry_after == 7.0
        service.outage = None
        engine.timeout = 10.0
        assert (await monitored.transcribe(TURN, "en")).text == TEXT


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("text/plain", b"Hello there.\n"),
        ("text/plain; charset=utf-8", b"\xef\xbb\xbfHello there."),
        ("", b'{"text": "Hello there."}'),
        ("text/plain", b'{"text": "Hello there."}'),
        ("application/json", b'"Hello there."'),
        ("application/json", b'{"text": " Hello there. ", "language": null, "segments": null}'),
        ("application/json", b'{"text": "Hello there.", "languages": ["en"], "usage": {"type": "duration"}}'),
        ("application/json", b'{"segments": [{"text": " Hello"}, {"text": " there."}]}'),
        ("application/json", b'{"text": "Hello there.", "segments": [{"start": 0}]}'),
        ("application/json", b'{"text": "Hello there.", "x_groq": {"id": "req_1"}, "segments": []}'),
        ("text/event-stream", b'{"text": "Hello there."}'),
        ("application/octet-stream", b'data: {"text": "Hello there."}\n\n'),
        ("text/event-stream", b"data: Hello there.\n\n"),
        ("text/event-stream", b'event: transcript.text.done\ndata: {"text": "Hello there."}\n\n'),
        (
            "text/event-stream",
            b': ping\n\ndata: {"type": "transcript.text.delta", "delta": "Hello there."}\n\ndata: [DONE]',
        ),
    ],
)
async def test_answers_of_other_servers_are_read(hosted: HostedRecognition, content_type: str, body: bytes) -> None:
    hosted.order(faults.Body(content_type, body))
    assert (await heard(hosted)).text.strip() == "Hello there."


async def test_nobody_at_the_other_end_is_an_error_of_its_kind(hosted: HostedRecognition) -> None:
    async with hosted.down():
        with pytest.raises(RecognitionUnreachable):
            await heard(hosted)


async def test_a_turn_that_nobody_waits_for_holds_up_no_other(hosted: HostedRecognition) -> None:
    hosted.order(faults.Hang())
    async with engine_for(hosted) as engine:
        left = asyncio.ensure_future(engine.transcribe(TURN, "en"))
        await hosted.wait_for_requests(1)
        assert (await engine.transcribe(TURN, "en")).text == TEXT
        left.cancel()
        await asyncio.gather(left, return_exceptions=True)
