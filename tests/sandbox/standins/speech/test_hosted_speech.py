"""Hosted speech on loopback, asked by a plain HTTP client."""

import asyncio
import io
import socket
import threading
import time
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import av
import numpy as np
import pytest

from sandbox.standins.faults import (
    CorruptAudio,
    CutAfter,
    Drip,
    EmptyBody,
    EndlessSpeech,
    FramesBomb,
    GzipBomb,
    Hang,
    HangAfter,
    HtmlPage,
    Slow,
    Status,
)
from sandbox.standins.mp3 import Samples
from sandbox.standins.speech.hosted_speech import HostedSpeech
from tests.sandbox.tone import TONE_SECONDS, decode, tone

FORM = {"model": "sandbox-tts", "voice": "alloy", "input": "Hello."}


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as http:
        yield http


@pytest.fixture
async def speech() -> AsyncIterator[HostedSpeech]:
    async with HostedSpeech(tone) as speech:
        yield speech


async def ask(
    http: aiohttp.ClientSession, speech: HostedSpeech, *, key: str | None = None, **more: Any
) -> tuple[aiohttp.ClientResponse, bytes]:
    """The answer to a form; a field that is None is left out."""
    form = {name: value for name, value in (FORM | more).items() if value is not None}
    headers = {} if key is None else {"Authorization": f"Bearer {key}"}
    async with http.post(f"{speech.base_url}/audio/speech", json=form, headers=headers) as response:
        return response, await response.read()


async def test_the_answer_is_a_stream_of_mp3(http: aiohttp.ClientSession, speech: HostedSpeech) -> None:
    response, body = await ask(http, speech)
    samples, rate = decode(body)
    assert (response.status, response.content_type) == (200, "audio/mpeg")
    assert response.headers["Transfer-Encoding"] == "chunked"
    assert "Content-Length" not in response.headers
    assert rate == 24_000
    assert len(samples) / rate == pytest.approx(TONE_SECONDS, abs=0.1)


async def test_pcm_is_bare_samples_of_24_khz(http: aiohttp.ClientSession, speech: HostedSpeech) -> None:
    response, body = await ask(http, speech, response_format="pcm")
    samples = np.frombuffer(body, "<i2")
    loudest = np.abs(np.fft.rfft(samples)).argmax() * 24_000 / len(samples)
    assert response.content_type == "audio/pcm"
    assert len(samples) / 24_000 == pytest.approx(TONE_SECONDS, abs=0.01)
    assert loudest == pytest.approx(440, abs=5)


async def test_the_default_voice_speaks_english_offline(http: aiohttp.ClientSession) -> None:
    async with HostedSpeech() as speech:
        _, body = await ask(http, speech, input="The weather is fine today.")
    samples, rate = decode(body)
    assert 1.0 < len(samples) / rate < 4.0
    assert np.abs(samples).max() > 0.1


async def test_a_text_is_spoken_once_in_each_form(http: aiohttp.ClientSession) -> None:
    spoken: list[tuple[str, str]] = []

    def voice(text: str, language: str) -> tuple[Samples, int]:
        spoken.append((text, language))
        return tone(text, language)

    async with HostedSpeech(voice) as speech:
        assert (await ask(http, speech))[1] == (await ask(http, speech))[1]
    assert spoken == [("Hello.", "en")]


async def test_sound_that_was_made_before_is_sent_as_it_is(http: aiohttp.ClientSession) -> None:
    async with HostedSpeech(encoded=lambda text, form: f"{text} as {form}".encode()) as speech:
        assert [(await ask(http, speech, response_format=form))[1] for form in ("mp3", "pcm")] == [
            b"Hello. as mp3",
            b"Hello. as pcm",
        ]


async def test_a_text_without_speech_is_an_empty_answer(http: aiohttp.ClientSession) -> None:
    async with HostedSpeech(lambda *_: (np.zeros(0, np.float32), 16_000)) as speech:
        response, body = await ask(http, speech, input="…")
    assert (response.status, body) == (200, b"")


async def test_a_request_is_recorded(http: aiohttp.ClientSession, speech: HostedSpeech) -> None:
    before = time.monotonic()
    await ask(http, speech, voice="nova", response_format="pcm", instructions="Whisper.")
    (request,) = speech.requests
    assert (request.text, request.voice, request.format) == ("Hello.", "nova", "pcm")
    assert request.body["instructions"] == "Whisper."
    assert request.headers["content-type"] == "application/json"
    assert request.client_port
    assert request.answered is not None
    assert before <= request.arrived <= request.answered <= time.monotonic()


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({"model": "another"}, 404),
        ({"model": None}, 400),
        ({"input": None}, 400),
        ({"input": ""}, 400),
        ({"input": "x" * 4097}, 400),
        ({"input": "x" * 4096}, 200),
        ({"voice": None}, 400),
        ({"voice": "nobody"}, 400),
        ({"voice": "cedar"}, 200),
        ({"response_format": "midi"}, 400),
        ({"speed": 0.2}, 400),
        ({"speed": "fast"}, 400),
        ({"speed": 1.0}, 200),
        ({"instructions": "x" * 4097}, 400),
        ({"stream_format": "tape"}, 400),
        ({"stream_format": "audio"}, 200),
        ({"language": "en"}, 400),
    ],
)
async def test_what_openai_refuses_is_refused(
    http: aiohttp.ClientSession, speech: HostedSpeech, form: dict[str, Any], status: int
) -> None:
    response, _ = await ask(http, speech, **form)
    assert response.status == status
    if status != 200:
        assert set((await response.json())["error"]) == {"message", "type", "param", "code"}
    assert speech.refused == []


@pytest.mark.parametrize("body", [b"", b"{", b"[]"])
async def test_a_body_that_is_no_object_is_refused(
    http: aiohttp.ClientSession, speech: HostedSpeech, body: bytes
) -> None:
    async with http.post(f"{speech.base_url}/audio/speech", data=body) as response:
        assert response.status == 400
    assert speech.requests == []


@pytest.mark.parametrize(
    ("form", "what"),
    [
        ({"response_format": "opus"}, "speech in the format 'opus'"),
        ({"response_format": "aac"}, "speech in the format 'aac'"),
        ({"response_format": "flac"}, "speech in the format 'flac'"),
        ({"speed": 2.0}, "speech at the speed 2.0"),
        ({"stream_format": "sse"}, "speech streamed as 'sse'"),
    ],
)
async def test_what_is_not_implemented_is_refused_by_name(
    http: aiohttp.ClientSession, speech: HostedSpeech, form: dict[str, Any], what: str
) -> None:
    assert (await ask(http, speech, **form))[0].status == 501
    assert speech.refused == [what]


async def test_a_wrong_key_is_refused_and_none_is_kept(http: aiohttp.ClientSession) -> None:
    async with HostedSpeech(tone, api_key="right") as speech:
        statuses = [(await ask(http, speech, key=key))[0].status for key in (None, "wrong", "right")]
        assert statuses == [401, 401, 200]
        assert not any("right" in str(request) or "wrong" in str(request) for request in speech.requests)


async def test_other_voices_can_be_offered(http: aiohttp.ClientSession) -> None:
    async with HostedSpeech(tone, voices=("af_heart",), model="kokoro") as speech:
        assert (await ask(http, speech, voice="af_heart", model="kokoro"))[0].status == 200
        assert (await ask(http, speech, voice="alloy", model="kokoro"))[0].status == 400


async def test_the_sound_comes_in_chunks_at_its_pace(http: aiohttp.ClientSession) -> None:
    arrivals: list[float] = []
    async with HostedSpeech(tone, first_byte_seconds=0.2, chunk_seconds=0.1, realtime_factor=2.0) as speech:
        async with http.post(f"{speech.base_url}/audio/speech", json=FORM) as response:
            async for _, ends_chunk in response.content.iter_chunks():
                if ends_chunk:
                    arrivals.append(time.monotonic())
        (request,) = speech.requests
    assert len(arrivals) >= TONE_SECONDS / 0.1
    assert arrivals[0] - request.arrived >= 0.2
    assert arrivals[-1] - arrivals[0] == pytest.approx((len(arrivals) - 1) * 0.1 / 2.0, abs=0.1)


async def test_a_longer_text_takes_longer(http: aiohttp.ClientSession) -> None:
    async with HostedSpeech(tone, first_byte_seconds=0.05, seconds_per_character=0.01) as speech:
        await ask(http, speech)
        (request,) = speech.requests
    assert request.answered is not None
    assert request.answered - request.arrived >= 0.05 + 0.01 * len(request.text) > 0.1


async def test_a_fault_is_used_once_and_in_order(http: aiohttp.ClientSession, speech: HostedSpeech) -> None:
    speech.order(Status(503), Status(429, retry_after="3"))
    answers = [(await ask(http, speech))[0] for _ in range(3)]
    assert [answer.status for answer in answers] == [503, 429, 200]
    assert [answer.headers.get("Retry-After") for answer in answers] == [None, "3", None]


async def test_an_outage_lasts_until_it_is_lifted(http: aiohttp.ClientSession, speech: HostedSpeech) -> None:
    speech.outage = Status(429, retry_after="60")
    speech.order(Status(500))
    assert [(await ask(http, speech))[0].status for _ in range(4)] == [500, 429, 429, 429]
    speech.outage = None
    assert (await ask(http, speech))[0].status == 200


async def test_an_answer_200_can_be_empty_a_page_or_garbage(http: aiohttp.ClientSession, speech: HostedSpeech) -> None:
    speech.order(EmptyBody(), HtmlPage(), CorruptAudio())
    empty, page, garbage = [await ask(http, speech) for _ in range(3)]
    assert (empty[0].status, empty[0].content_type, empty[1]) == (200, "audio/mpeg", b"")
    assert (page[0].status, page[0].content_type, page[1][:9]) == (200, "text/html", b"<!doctype")
    assert (garbage[0].status, garbage[0].content_type) == (200, "audio/mpeg")
    with pytest.raises(av.FFmpegError), av.open(io.BytesIO(garbage[1]), mode="r") as container:
        list(container.decode(audio=0))


@pytest.mark.parametrize("fault", [Hang(), Slow(30.0)])
async def test_nothing_comes_of_a_hanging_or_late_answer(
    http: aiohttp.ClientSession, speech: HostedSpeech, fault: Hang | Slow
) -> None:
    speech.order(fault)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.2):
            await ask(http, speech)
    assert speech.requests[0].answered is None
    assert (await ask(http, speech))[0].status == 200


async def test_a_late_answer_is_whole(http: aiohttp.ClientSession, speech: HostedSpeech) -> None:
    speech.order(Slow(0.2))
    _, late = await ask(http, speech)
    (request,) = speech.requests
    assert request.answered is not None
    assert request.answered - request.arrived >= 0.2
    assert late == (await ask(http, speech))[1]


@pytest.mark.parametrize("fault", [HangAfter(0.5), CutAfter(0.5)])
async def test_a_stream_that_breaks_off_gives_its_beginning(
    http: aiohttp.ClientSession, speech: HostedSpeech, fault: HangAfter | CutAfter
) -> None:
    _, whole = await ask(http, speech)
    speech.order(fault)
    heard = b""
    with pytest.raises((TimeoutError, aiohttp.ClientPayloadError)):
        async with asyncio.timeout(1.0), http.post(f"{speech.base_url}/audio/speech", json=FORM) as response:
            async for piece in response.content.iter_any():
                heard += piece
    assert heard == whole[: len(whole) // 2]
    assert speech.requests[1].answered is None


async def test_a_drip_is_the_right_answer_and_slow(http: aiohttp.ClientSession, speech: HostedSpeech) -> None:
    _, right = await ask(http, speech)
    speech.order(Drip(0.0), Drip(0.0, is_head_too=True))
    for _ in range(2):
        _, dripped = await ask(http, speech)
        assert dripped == right


async def test_an_endless_answer_goes_on_and_a_bomb_unpacks(http: aiohttp.ClientSession, speech: HostedSpeech) -> None:
    speech.order(EndlessSpeech(), GzipBomb(7))
    async with http.post(f"{speech.base_url}/audio/speech", json=FORM) as endless:
        assert len(await endless.content.readexactly(3_000_000)) == 3_000_000
    bomb, unpacked = await ask(http, speech)
    assert int(bomb.headers["Content-Length"]) < 1_000_000
    assert len(unpacked) >= 7_000_000


async def test_a_frames_bomb_is_flac_in_good_form_and_far_longer_than_it_seems(
    http: aiohttp.ClientSession, speech: HostedSpeech
) -> None:
    speech.order(FramesBomb(20))
    answer, body = await ask(http, speech)
    assert answer.headers["Content-Type"] == "audio/flac"
    assert len(body) < 20 * 600
    with av.open(io.BytesIO(body), "r") as container:
        samples = [frame.samples for frame in container.decode(audio=0)]
    assert sum(samples) == 20 * 60 * 24_000


async def test_down_refuses_connections_and_comes_back_at_the_same_address(
    http: aiohttp.ClientSession, speech: HostedSpeech
) -> None:
    assert (await ask(http, speech))[0].status == 200
    async with speech.down():
        with pytest.raises(aiohttp.ClientConnectionError):
            await ask(http, speech)
    assert (await ask(http, speech))[0].status == 200


async def test_closing_leaves_no_thread_task_or_port(http: aiohttp.ClientSession) -> None:
    threads, tasks = set(threading.enumerate()), asyncio.all_tasks()
    async with HostedSpeech(tone) as speech:
        await ask(http, speech)
        speech.order(Hang())
        hanging = asyncio.create_task(ask(http, speech))
        port = int(speech.base_url.rpartition(":")[2].partition("/")[0])
        async with asyncio.timeout(10):
            await speech.wait_for_requests(2)
    with pytest.raises(aiohttp.ClientConnectionError):
        await hanging
    assert asyncio.all_tasks() == tasks
    assert {thread for thread in threading.enumerate() if "hosted-speech" in thread.name} <= threads
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port)) != 0


async def test_what_is_ordered_waits_for_the_text_that_it_is_for(
    http: aiohttp.ClientSession, speech: HostedSpeech
) -> None:
    speech.spoils = lambda text: "dragon" in text
    speech.order(Status(500))
    statuses = []
    for text in ("Hello.", "A dragon!", "A dragon!"):
        async with http.post(f"{speech.base_url}/audio/speech", json=FORM | {"input": text}) as response:
            statuses.append(response.status)
    assert statuses == [200, 500, 200]
