"""Google's speech on loopback, asked by the real gTTS."""

import asyncio
import io
import socket
import ssl
import threading
import time
from collections.abc import AsyncIterator

import aiohttp
import av
import numpy as np
import pytest
from gtts import gTTS, gTTSError

from sandbox.standins.faults import (
    CorruptBase64,
    CorruptMp3,
    Drip,
    EmptyBody,
    EndlessSpeech,
    GzipBomb,
    Hang,
    HtmlPage,
    NoAudioLine,
    NullAudio,
    Slow,
    SpeechFault,
    Status,
    Truncated,
)
from sandbox.standins.google.google_speech import GoogleSpeech
from sandbox.standins.mp3 import Samples
from tests.sandbox.tone import TONE_SECONDS, decode, tone


@pytest.fixture
async def google(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[GoogleSpeech]:
    async with GoogleSpeech(tone) as google:
        use_proxy(monkeypatch, google)
        yield google


def use_proxy(monkeypatch: pytest.MonkeyPatch, google: GoogleSpeech) -> None:
    monkeypatch.delenv("https_proxy", raising=False)  # it would win over the one in capitals
    monkeypatch.setenv("HTTPS_PROXY", google.proxy_url)


async def speak(text: str, *, lang: str = "en", tld: str = "com", slow: bool = False, timeout: float = 20.0) -> bytes:
    def request() -> bytes:
        file = io.BytesIO()
        gTTS(text, lang=lang, tld=tld, slow=slow, timeout=timeout).write_to_fp(file)
        return file.getvalue()

    return await asyncio.to_thread(request)


@pytest.mark.usefixtures("google")
async def test_gtts_gets_the_voices_sound_in_googles_form() -> None:
    mp3 = await speak("Hello there.")
    samples, rate = decode(mp3)
    loudest = np.abs(np.fft.rfft(samples)).argmax() * rate / len(samples)
    assert rate == 24_000
    assert mp3[:2] == b"\xff\xf3"  # MPEG-2 layer III, and no tag before it
    assert len(samples) / rate == pytest.approx(TONE_SECONDS, abs=0.1)
    assert loudest == pytest.approx(440, abs=5)
    assert len(mp3) * 8 / (len(samples) / rate) == pytest.approx(64_000, rel=0.1)


async def test_a_request_is_recorded(google: GoogleSpeech) -> None:
    before = time.monotonic()
    await speak("Guten Tag, “Welt” – 100 %!", lang="de", tld="co.uk")
    (request,) = google.requests
    assert (request.text, request.language, request.slow) == ("Guten Tag, “Welt” – 100 %!", "de", False)
    assert request.host == "translate.google.co.uk"
    assert request.answered is not None
    assert before <= request.arrived <= request.answered <= time.monotonic()


async def test_a_long_text_comes_in_pieces_that_add_up(google: GoogleSpeech) -> None:
    text = "This is a long sentence that goes on for quite a while, until it has far more than a hundred characters."
    samples, rate = decode(await speak(text))
    assert len(google.requests) > 1
    assert len(samples) / rate == pytest.approx(TONE_SECONDS * len(google.requests), abs=0.1 * len(google.requests))


async def test_one_sentence_is_synthesized_once(monkeypatch: pytest.MonkeyPatch) -> None:
    spoken: list[str] = []

    def voice(text: str, language: str) -> tuple[Samples, int]:
        spoken.append(text)
        return tone(text, language)

    async with GoogleSpeech(voice) as google:
        use_proxy(monkeypatch, google)
        assert await speak("Hello.") == await speak("Hello.")
    assert spoken == ["Hello."]
    assert len(google.requests) == 2


async def test_the_default_voice_speaks_english_offline(monkeypatch: pytest.MonkeyPatch) -> None:
    async with GoogleSpeech() as google:
        use_proxy(monkeypatch, google)
        samples, rate = decode(await speak("The weather is fine today."))
        assert 1.0 < len(samples) / rate < 4.0
        assert np.abs(samples).max() > 0.1


async def test_what_the_voice_cannot_do_is_refused_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    async with GoogleSpeech() as google:
        use_proxy(monkeypatch, google)
        for request in (speak("Guten Tag.", lang="de"), speak("Hello.", slow=True)):
            with pytest.raises(gTTSError) as caught:
                await request
            assert caught.value.rsp.status_code == 501
    assert google.refused == ["speech in the language 'de'", "slow speech"]


@pytest.mark.parametrize("status", [404, 429, 500])
async def test_an_http_error_reaches_gtts(google: GoogleSpeech, status: int) -> None:
    google.order(Status(status))
    with pytest.raises(gTTSError) as caught:
        await speak("Hello.")
    assert caught.value.rsp.status_code == status
    assert await speak("Hello.")


async def test_an_outage_lasts_until_it_is_lifted(google: GoogleSpeech) -> None:
    google.outage = Status(429)
    google.order(Status(500))
    for status in (500, 429, 429, 429):
        with pytest.raises(gTTSError) as caught:
            await speak("Hello.")
        assert caught.value.rsp.status_code == status
    google.outage = None
    assert await speak("Hello.")


@pytest.mark.parametrize("fault", [EmptyBody(), NoAudioLine(), HtmlPage()])
async def test_an_answer_without_speech_is_silence_to_gtts(google: GoogleSpeech, fault: SpeechFault) -> None:
    google.order(fault)
    assert await speak("Hello.") == b""


async def test_a_line_of_speech_without_speech_is_an_error(google: GoogleSpeech) -> None:
    google.order(NullAudio())
    with pytest.raises(gTTSError) as caught:
        await speak("Hello.")
    assert caught.value.rsp.status_code == 200


async def test_corrupt_base64_is_an_error(google: GoogleSpeech) -> None:
    google.order(CorruptBase64())
    with pytest.raises(ValueError, match="base64"):
        await speak("Hello.")


async def test_corrupt_mp3_cannot_be_decoded(google: GoogleSpeech) -> None:
    google.order(CorruptMp3())
    mp3 = await speak("Hello.")
    assert mp3
    with pytest.raises(av.FFmpegError):
        decode(mp3)


@pytest.mark.parametrize(("fault", "timeout"), [(Hang(), 0.3), (Slow(30.0), 0.3), (Truncated(), 20.0)])
async def test_a_request_without_a_whole_answer_is_an_error(
    google: GoogleSpeech, fault: SpeechFault, timeout: float
) -> None:
    google.order(fault)
    with pytest.raises(gTTSError) as caught:
        await speak("Hello.", timeout=timeout)
    assert caught.value.rsp is None
    assert await speak("Hello.")


async def test_a_drip_is_the_right_answer_and_slow(google: GoogleSpeech) -> None:
    right = await speak("Hello.")
    google.order(Drip(0.0), Drip(0.0, is_head_too=True))
    assert await speak("Hello.") == await speak("Hello.") == right


async def test_an_endless_answer_is_read_for_as_long_as_one_likes_and_a_bomb_unpacks(google: GoogleSpeech) -> None:
    google.order(EndlessSpeech(), GzipBomb(7))
    async with aiohttp.ClientSession(trust_env=True) as http:
        trust = ssl.create_default_context(cafile=google.environment["REQUESTS_CA_BUNDLE"])
        form = {"f.req": '[[["jQ1olc","[\\"Hello.\\",\\"en\\",null,\\"null\\"]",null,"generic"]]]'}
        url = "https://translate.google.co.uk/_/TranslateWebserverUi/data/batchexecute"
        async with http.post(url, data=form, ssl=trust) as endless:
            assert len(await endless.content.readexactly(3_000_000)) == 3_000_000
        async with http.post(url, data=form, ssl=trust) as bomb:
            assert int(bomb.headers["Content-Length"]) < 100_000
            assert len(await bomb.read()) >= 7_000_000


async def test_the_pace_is_kept(google: GoogleSpeech) -> None:
    google.delay, google.seconds_per_character = 0.1, 0.02
    await speak("Hello.")
    (request,) = google.requests
    assert request.answered is not None
    assert request.answered - request.arrived >= 0.1 + 0.02 * len("Hello.")


@pytest.mark.parametrize("tld", ["com@127.0.0.1", "com.evil.example", "example"])
async def test_no_other_host_is_reached(google: GoogleSpeech, tld: str) -> None:
    with pytest.raises(gTTSError):
        await speak("Hello.", tld=tld)
    assert google.requests == []
    assert len(google.refused_hosts) == 1
    assert google.refused_hosts[0].startswith("CONNECT ")


@pytest.mark.parametrize(
    "line",
    [
        "CONNECT translate.google.com:80 HTTP/1.1",
        "CONNECT translate.googlexcom:443 HTTP/1.1",
        "CONNECT evil.example:443 HTTP/1.1",
        "GET http://translate.google.com/ HTTP/1.1",
        "nonsense",
    ],
)
async def test_the_proxy_refuses_by_name(google: GoogleSpeech, line: str) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", int(google.proxy_url.rpartition(":")[2]))
    writer.write(f"{line}\r\n\r\n".encode())
    assert (await reader.readline()).startswith(b"HTTP/1.1 502 ")
    writer.close()
    await writer.wait_closed()
    assert google.refused_hosts == [line]


async def test_closing_leaves_no_thread_task_or_port(monkeypatch: pytest.MonkeyPatch) -> None:
    threads, tasks = set(threading.enumerate()), asyncio.all_tasks()
    async with GoogleSpeech(tone) as google:
        use_proxy(monkeypatch, google)
        await speak("Hello.")
        google.order(Hang())
        hanging = asyncio.create_task(speak("Hello again."))
        port = int(google.proxy_url.rpartition(":")[2])
        async with asyncio.timeout(10):
            await google.wait_for_requests(2)
    with pytest.raises(gTTSError):
        await hanging
    assert asyncio.all_tasks() == tasks
    left = {thread for thread in threading.enumerate() if "google-speech" in thread.name}
    assert left <= threads
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port)) != 0


async def test_it_is_used_inside_its_context_only() -> None:
    with pytest.raises(RuntimeError, match="async with"):
        _ = GoogleSpeech(tone).proxy_url


async def test_what_is_ordered_waits_for_the_text_that_it_is_for(google: GoogleSpeech) -> None:
    google.spoils = lambda text: "dragon" in text
    google.order(Status(500))
    assert await speak("Hello.")
    with pytest.raises(gTTSError):
        await speak("A dragon!")
    assert await speak("A dragon!")
