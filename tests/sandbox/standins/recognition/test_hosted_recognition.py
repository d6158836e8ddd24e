"""Hosted recognition on loopback: it takes what OpenAI takes, answers in its forms, and goes wrong as it is told."""

from __future__ import annotations

import io
import json
import wave
from collections.abc import Mapping

import aiohttp
import pytest

from sandbox.standins import faults
from sandbox.standins.recognition import HostedRecognition, script

TEXT = "What time is it?"


def wav(seconds: float = 1.0, rate: int = 16_000) -> bytes:
    file = io.BytesIO()
    with wave.open(file, "wb") as writer:
        writer.setnchannels(1)
        writer.setsampwidth(2)
        writer.setframerate(rate)
        writer.writeframes(bytes(int(seconds * rate) * 2))
    return file.getvalue()


async def ask(
    service: HostedRecognition,
    fields: Mapping[str, str] | None = None,
    *,
    file: bytes | None = None,
    name: str = "turn.wav",
    key: str = "",
) -> tuple[int, str, bytes]:
    """The status, the type and the body of an answer."""
    form = aiohttp.FormData()
    for field, value in {"model": "sandbox-stt", **(fields or {})}.items():
        form.add_field(field, value)
    form.add_field("file", wav() if file is None else file, filename=name)
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    address = f"{service.base_url}/audio/transcriptions"
    async with aiohttp.ClientSession() as session, session.post(address, data=form, headers=headers) as response:
        return response.status, response.content_type, await response.read()


@pytest.mark.parametrize(("form", "body"), [("json", json.dumps({"text": TEXT})), ("text", f"{TEXT}\n")])
async def test_the_text_comes_in_the_form_that_is_asked_for(form: str, body: str) -> None:
    async with HostedRecognition(script(TEXT)) as service:
        status, _, answer = await ask(service, {"response_format": form})
    assert (status, answer.decode()) == (200, body)


async def test_a_script_is_told_one_text_a_request_and_a_function_is_given_the_request() -> None:
    async with HostedRecognition(script("one", "two")) as service:
        assert [json.loads((await ask(service))[2])["text"] for _ in range(3)] == ["one", "two", "two"]

    async with HostedRecognition(lambda request: f"{len(request.pcm)} {request.language} {request.prompt}") as service:
        assert json.loads((await ask(service, {"language": "de", "prompt": "Molly"}))[2])["text"] == "32000 de Molly"


async def test_a_streamed_answer_has_openai_s_events() -> None:
    async with HostedRecognition(script(TEXT)) as service:
        _, kind, body = await ask(service, {"stream": "true"})
    assert kind == "text/event-stream"
    events = [json.loads(line.removeprefix(b"data: ")) for line in body.split(b"\n\n") if line]
    assert "".join(event["delta"] for event in events[:-1]) == TEXT
    assert (events[-1]["type"], events[-1]["text"]) == ("transcript.text.done", TEXT)


async def test_whisper_does_not_stream_and_tells_how_sure_it_is() -> None:
    async with HostedRecognition(script(TEXT), model="whisper-1") as service:
        fields = {"model": "whisper-1", "stream": "true", "response_format": "verbose_json"}
        _, kind, body = await ask(service, fields)
    assert kind == "application/json"
    answer = json.loads(body)
    assert (answer["text"], answer["language"], answer["duration"]) == (TEXT, "english", 1.0)
    assert answer["segments"][0]["no_speech_prob"] < 0.1


@pytest.mark.parametrize(
    ("fields", "status", "said"),
    [
        ({"model": "another"}, 404, "does not exist"),
        ({"model": ""}, 400, "model parameter"),
        ({"response_format": "verbose_json"}, 400, "response_format 'verbose_json' is not compatible"),
        ({"response_format": "yaml"}, 400, "response_format"),
        ({"language": "zh-CN"}, 400, "ISO-639-1"),
        ({"colour": "red"}, 400, "colour"),
    ],
)
async def test_what_openai_refuses_is_refused(fields: dict[str, str], status: int, said: str) -> None:
    async with HostedRecognition(script(TEXT)) as service:
        answered, _, body = await ask(service, fields)
    assert answered == status
    assert said in json.loads(body)["error"]["message"]


@pytest.mark.parametrize(
    ("file", "name", "said"),
    [
        (wav(0.05), "turn.wav", "too short"),
        (b"no sound", "turn.wav", "corrupted"),
        (wav(rate=8000), "turn.wav", "unsupported"),
        (wav(), "turn", "Unrecognized file format"),
    ],
)
async def test_a_file_that_openai_refuses_is_refused(file: bytes, name: str, said: str) -> None:
    async with HostedRecognition(script(TEXT)) as service:
        status, _, body = await ask(service, file=file, name=name)
    assert status == 400
    assert said in json.loads(body)["error"]["message"]


async def test_without_the_key_nothing_is_heard() -> None:
    async with HostedRecognition(script(TEXT), api_key="right") as service:
        assert (await ask(service, key="wrong"))[0] == 401
        assert (await ask(service, key="right"))[0] == 200
        assert {request.headers["authorization"] for request in service.requests} == {"(not kept)"}


async def test_what_is_ordered_happens_once_and_an_outage_until_it_ends() -> None:
    async with HostedRecognition(script(TEXT)) as service:
        service.order(faults.Status(429, retry_after="3"), faults.Says("Thank you."), faults.PromptEcho())
        statuses = [await ask(service, {"prompt": "Molly"}) for _ in range(4)]
        assert [status for status, _, _ in statuses] == [429, 200, 200, 200]
        assert [json.loads(body).get("text") for _, _, body in statuses] == [None, "Thank you.", "Molly", TEXT]
        service.outage = faults.HtmlPage()
        for _ in range(2):
            assert (await ask(service))[1] == "text/html"
        service.outage = None
        assert (await ask(service))[0] == 200


async def test_an_answer_can_break_off_in_its_middle() -> None:
    async with HostedRecognition(script(TEXT)) as service:
        service.order(faults.CutAfter(0.5))
        with pytest.raises(aiohttp.ClientPayloadError):
            await ask(service)


async def test_it_can_be_down_and_come_back() -> None:
    async with HostedRecognition(script(TEXT)) as service:
        async with service.down():
            with pytest.raises(aiohttp.ClientConnectorError):
                await ask(service)
        assert (await ask(service))[0] == 200
