"""What hosted speech may answer with, whatever it calls that, and which form it is asked for."""

import logging
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import numpy as np
import pytest
from aiohttp import web

from assistant.domain.errors import SpeechEmpty, SpeechRefused, SpeechTooLong
from assistant.tts.openai_compatible import OpenAiEngine
from sandbox.standins.loopback_site import LoopbackSite
from tests.support.audio_files import FORMS, audio_file
from tests.support.sounds import RATE, Samples, pcm, tone
from tests.support.speaking import through_the_chain
from tests.support.speech_sinks import Heard

TEXT = "This takes about a second to say."
SPOKEN = 1.0


@dataclass
class Server:
    """A server with one answer, or one for each form."""

    body: bytes = b""
    content_type: str | None = "audio/mpeg"
    headers: Mapping[str, str] = field(default_factory=dict)
    takes: tuple[str, ...] | None = None
    """The forms that are taken; None: all."""
    refusal: str = '{"detail":[{"loc":["body","response_format"],"msg":"Input should be \'wav\'"}]}'
    status: int = 400
    asked: list[str] = field(default_factory=list)
    url: str = ""

    async def answer(self, request: web.Request) -> web.StreamResponse:
        form = (await request.json())["response_format"]
        self.asked.append(form)
        if self.takes is not None and form not in self.takes:
            return web.Response(status=self.status, text=self.refusal)
        response = web.StreamResponse(headers=self.headers)
        if self.content_type is not None:
            response.headers["Content-Type"] = self.content_type
        await response.prepare(request)
        for start in range(0, len(self.body), 3000):
            await response.write(self.body[start : start + 3000])
        return response


@asynccontextmanager
async def serving(server: Server) -> AsyncIterator[Server]:
    site = LoopbackSite([web.post("/v1/audio/speech", server.answer)])
    await site.start()
    server.url = f"{site.url}/v1"
    try:
        yield server
    finally:
        await site.stop()


def engine_for(server: Server, response_format: str = "mp3", pcm_rate: int = RATE) -> OpenAiEngine:
    return OpenAiEngine(
        base_url=server.url,
        api_key=None,
        model="m",
        voices=("v",),
        languages=frozenset({"en"}),
        timeout=5.0,
        response_format=response_format,
        pcm_rate=pcm_rate,
    )


async def seconds_heard(server: Server, response_format: str = "mp3", pcm_rate: int = RATE) -> float:
    """How long the sentence is."""
    async with serving(server), engine_for(server, response_format, pcm_rate) as engine:
        sink = Heard()
        await through_the_chain(engine, TEXT, sink)
        return len(sink.frames) * 0.02


@pytest.mark.parametrize("content_type", ["audio/mpeg", "application/octet-stream", "text/plain", None, "audio/pcm"])
@pytest.mark.parametrize("form", FORMS)
async def test_a_form_is_read_for_what_it_is_whatever_it_is_called(form: str, content_type: str | None) -> None:
    server = Server(audio_file(form, tone(SPOKEN, rate=FORMS[form][2])), content_type)
    assert abs(await seconds_heard(server) - SPOKEN) < 0.15


def speechlike(rate: int) -> Samples:
    """A tone after a little noise, as between the words of a recording: it begins with samples of -1 and 0."""
    noise = np.random.default_rng(0).integers(-1, 1, rate // 10).astype(np.float32) / 32767
    return np.concatenate([noise, tone(SPOKEN - 0.1, rate=rate)]).astype(np.float32)


@pytest.mark.parametrize(
    ("content_type", "rate", "channels"),
    [
        ("audio/pcm", RATE, 1),
        ("audio/pcm;rate=16000", 16_000, 1),
        ("audio/L16;rate=16000;channels=1", 16_000, 1),
        ("audio/L16; channels=2; rate=48000", 48_000, 2),
        ("audio/L16;codec=pcm;rate=22050", 22_050, 1),
        ("audio/x-raw", RATE, 1),
        ("audio/mpeg", RATE, 1),
        ("application/octet-stream", RATE, 1),
    ],
)
@pytest.mark.parametrize("asked", ["mp3", "pcm"])
async def test_bare_samples_are_heard_at_their_rate(content_type: str, rate: int, channels: int, asked: str) -> None:
    samples = pcm(np.repeat(speechlike(rate), channels))
    assert abs(await seconds_heard(Server(samples, content_type), asked) - SPOKEN) < 0.1


async def test_samples_with_the_higher_byte_first_are_told_from_the_others() -> None:
    samples = np.frombuffer(pcm(speechlike(16_000)), "<i2").astype(">i2").tobytes()
    sinks = []
    for body in (samples, pcm(speechlike(16_000))):
        server = Server(body, "audio/L16;rate=16000")
        async with serving(server), engine_for(server) as engine:
            sinks.append(Heard())
            await through_the_chain(engine, TEXT, sinks[-1])
    assert sinks[0].frames == sinks[1].frames


async def test_the_rate_of_samples_is_a_setting_where_nothing_tells_it() -> None:
    body = pcm(speechlike(16_000))
    assert abs(await seconds_heard(Server(body, "audio/pcm"), "pcm", pcm_rate=16_000) - SPOKEN) < 0.1
    told = Server(body, "audio/pcm", {"X-Sample-Rate": "16000"})
    assert abs(await seconds_heard(told, "pcm") - SPOKEN) < 0.1
    assert abs(await seconds_heard(Server(body, "audio/pcm;rate=1"), "pcm", pcm_rate=16_000) - SPOKEN) < 0.1


@pytest.mark.parametrize("asked", ["mp3", "pcm", "wav"])
@pytest.mark.parametrize(
    "body",
    [
        b'{"audio": "UklGRg==", "sampling_rate": 24000}',
        b"<!doctype html><title>Sign in</title>",
        b"Internal Server Error",
        "Fehler: kein Platz für Töne".encode(),
        b'  \n{"error": {"message": "the voice is unknown"}}',
    ],
)
async def test_words_instead_of_audio_are_told_as_such(body: bytes, asked: str) -> None:
    for content_type in ("application/json", "audio/mpeg", "audio/pcm"):
        with pytest.raises(SpeechEmpty) as raised:
            await seconds_heard(Server(body, content_type), asked)
        assert " ".join(body.decode().split())[:20] in raised.value.detail


@pytest.mark.parametrize("status", [400, 415, 422])
@pytest.mark.parametrize(
    "refusal",
    [
        '{"detail":[{"loc":["body","response_format"],"msg":"Input should be \'wav\'"}]}',
        '{"error":{"message":"mp3 is not supported"}}',
        "Bad Request",
        "",
    ],
)
async def test_a_form_that_is_refused_is_asked_for_once_and_another_from_then_on(
    status: int, refusal: str, caplog: pytest.LogCaptureFixture
) -> None:
    server = Server(audio_file("wav-16", tone(SPOKEN, rate=22_050)), "audio/wav", takes=("wav",))
    server.refusal, server.status = refusal, status
    async with serving(server), engine_for(server) as engine:
        for _ in range(3):
            sink = Heard()
            await through_the_chain(engine, TEXT, sink)
            assert abs(len(sink.frames) * 0.02 - SPOKEN) < 0.1
    assert server.asked == ["mp3", "wav", "wav", "wav"]
    assert [each.getMessage() for each in caplog.records if each.levelno == logging.WARNING] == [
        "Hosted speech refuses mp3, and is asked for wav from now on"
    ]


async def test_a_server_that_fails_over_a_form_and_says_so_is_asked_for_another() -> None:
    server = Server(audio_file("wav-float", tone(SPOKEN)), "audio/mpeg", takes=("wav",), status=500)
    server.refusal = '{"error": "could not encode: unknown format mp3"}'
    assert abs(await seconds_heard(server) - SPOKEN) < 0.1
    assert server.asked == ["mp3", "wav"]


async def test_the_form_that_a_refusal_names_is_asked_for_next() -> None:
    server = Server(audio_file("opus", tone(SPOKEN, rate=48_000)), "audio/ogg", takes=("opus",))
    server.refusal = "response_format must be one of: opus, mp3"
    assert abs(await seconds_heard(server) - SPOKEN) < 0.1
    assert server.asked == ["mp3", "opus"]


async def test_a_refusal_of_something_else_is_told_as_the_first_one_and_not_tried_again_and_again() -> None:
    server = Server(takes=(), refusal="the voice v is unknown", status=400)
    async with serving(server), engine_for(server) as engine:
        for _ in range(2):
            with pytest.raises(SpeechRefused) as raised:
                await through_the_chain(engine, TEXT, Heard())
            assert raised.value.detail == "the voice v is unknown"
    assert len(server.asked) == 4
    assert server.asked[0] == server.asked[3] == "mp3"


async def test_a_text_of_a_wrong_format_is_not_asked_for_in_each_form_again_and_again() -> None:
    server = Server(takes=(), refusal="the text has a wrong format", status=400)
    async with serving(server), engine_for(server) as engine:
        for _ in range(3):
            with pytest.raises(SpeechRefused):
                await through_the_chain(engine, TEXT, Heard())
    assert len(server.asked) == 6 + 2


@pytest.mark.parametrize("status", [401, 404, 429, 500])
async def test_other_refusals_are_no_matter_of_form(status: int) -> None:
    server = Server(takes=(), refusal="no", status=status)
    with pytest.raises(SpeechRefused):
        await seconds_heard(server)
    assert set(server.asked) == {"mp3"}


@pytest.mark.parametrize(
    "make_body",  # in the test: each process of a run in parallel collects all tests, and would make all of them
    [
        lambda: audio_file("flac", tone(300.0, amplitude=0.0)),
        lambda: audio_file("opus", tone(300.0, amplitude=0.0, rate=48_000)),
        lambda: audio_file("wav-8", tone(300.0, rate=16_000)),
        lambda: pcm(tone(300.0)),
        lambda: b"RIFF\0\0\0\0WAVEJUNK\xff\xff\xff\x7f" + bytes(20_000_000),
        lambda: b"ID3\x04\0\0\x7f\x7f\x7f\x7f" + bytes(20_000_000),
    ],
    ids=["flac", "opus", "wav", "pcm", "chunk", "tag"],
)
async def test_more_than_a_sentence_can_take_is_refused_in_any_form(make_body: Callable[[], bytes]) -> None:
    with pytest.raises(SpeechTooLong):
        await seconds_heard(Server(make_body(), "audio/mpeg"))
