"""The language model on loopback, asked by a plain HTTP client."""

import json
import time
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from sandbox.standins.faults import SlowTokens, Status
from sandbox.standins.language_model.completion_stream import tokens_of
from sandbox.standins.language_model.model_server import LanguageModel

MESSAGES = [{"role": "system", "content": "You are Ada."}, {"role": "user", "content": "Who are you?"}]


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as http:
        yield http


async def ask(http: aiohttp.ClientSession, server: LanguageModel, **body: Any) -> tuple[int, str]:
    request = {"model": "sandbox-model", "messages": MESSAGES, "stream": True} | body
    async with http.post(f"{server.base_url}/chat/completions", json=request) as response:
        return response.status, await response.text()


def events(body: str) -> list[str]:
    return [line.removeprefix("data: ") for line in body.split("\n\n") if line]


async def test_a_stream_has_the_form_of_openais(http: aiohttp.ClientSession) -> None:
    async with LanguageModel(lambda _: "Hello there, Ada.") as server:
        status, body = await ask(http, server)
    *chunks, done = events(body)
    documents = [json.loads(chunk) for chunk in chunks]
    deltas = [document["choices"][0]["delta"] for document in documents]
    assert (status, done) == (200, "[DONE]")
    assert deltas[0] == {"role": "assistant", "content": ""}
    assert deltas[-1] == {}
    assert "".join(delta.get("content", "") for delta in deltas) == "Hello there, Ada."
    assert [document["choices"][0]["finish_reason"] for document in documents][-2:] == [None, "stop"]
    assert {document["object"] for document in documents} == {"chat.completion.chunk"}


async def test_without_stream_the_answer_is_one_object(http: aiohttp.ClientSession) -> None:
    async with LanguageModel(lambda _: "Hello.") as server:
        _, body = await ask(http, server, stream=False)
    assert json.loads(body)["choices"][0]["message"] == {"role": "assistant", "content": "Hello."}


async def test_the_built_in_responder_answers_unless_told_otherwise(http: aiohttp.ClientSession) -> None:
    async with LanguageModel() as server:
        _, body = await ask(http, server, stream=False)
    assert "My name is Ada" in body


async def test_the_models_are_listed(http: aiohttp.ClientSession) -> None:
    async with LanguageModel(model="small") as server, http.get(f"{server.base_url}/models") as response:
        assert [model["id"] for model in (await response.json())["data"]] == ["small"]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"model": "another"}, 404),
        ({"messages": []}, 400),
        ({"messages": None}, 400),
        ({"messages": [{"role": "robot", "content": "x"}]}, 400),
        ({"messages": [{"role": "user", "content": None}]}, 400),
        ({"messages": [{"role": "user", "content": "x", "name": "Ada Lovelace"}]}, 400),
        ({"messages": [{"role": "user", "content": "x", "name": "Ada"}]}, 200),
        ({"messages": [{"role": "user", "content": "x", "author": "Ada"}]}, 400),
    ],
)
async def test_what_real_endpoints_refuse_is_refused(
    http: aiohttp.ClientSession, body: dict[str, Any], status: int
) -> None:
    async with LanguageModel() as server:
        assert (await ask(http, server, **body))[0] == status


async def test_a_wrong_key_is_refused_and_none_is_kept(http: aiohttp.ClientSession) -> None:
    async with LanguageModel(api_key="right") as server:
        for key, expected in (("wrong", 401), ("right", 200)):
            headers = {"Authorization": f"Bearer {key}"}
            body = {"model": "sandbox-model", "messages": MESSAGES}
            url = f"{server.base_url}/chat/completions"
            async with http.post(url, json=body, headers=headers) as response:
                assert response.status == expected
        assert not any("right" in str(request) or "wrong" in str(request) for request in server.requests)


async def test_a_request_is_recorded_with_what_was_answered_and_when(http: aiohttp.ClientSession) -> None:
    async with LanguageModel(lambda _: "Hello there.") as server:
        before = time.monotonic()
        await ask(http, server)
        (request,) = server.requests
    assert request.body["messages"] == MESSAGES
    assert before <= request.arrived <= request.tokens[0][0] <= time.monotonic()
    assert [token for _, token in request.tokens] == tokens_of("Hello there.")


async def test_a_whole_answer_takes_as_long_as_a_streamed_one(http: aiohttp.ClientSession) -> None:
    async with LanguageModel(lambda _: "a " * 20, first_token_seconds=0.1, tokens_per_second=100) as server:
        begun = time.monotonic()
        await ask(http, server, stream=False)
        assert time.monotonic() - begun >= 0.1 + 0.19


async def test_the_pace_is_kept(http: aiohttp.ClientSession) -> None:
    async with LanguageModel(lambda _: "a " * 20, first_token_seconds=0.1, tokens_per_second=100) as server:
        await ask(http, server)
        (request,) = server.requests
    times = [at - request.arrived for at, _ in request.tokens]
    assert times[0] >= 0.1
    assert times[-1] >= 0.1 + 19 / 100
    assert times == sorted(times)


async def test_a_fault_is_used_once_and_in_order(http: aiohttp.ClientSession) -> None:
    async with LanguageModel() as server:
        server.order(Status(503), SlowTokens(0.0, 1000.0), Status(429, retry_after="3"))
        assert [(await ask(http, server))[0] for _ in range(4)] == [503, 200, 429, 200]


async def test_down_refuses_connections_and_comes_back_at_the_same_address(
    http: aiohttp.ClientSession,
) -> None:
    async with LanguageModel() as server:
        assert (await ask(http, server))[0] == 200
        async with server.down():
            with pytest.raises(aiohttp.ClientConnectionError):
                await ask(http, server)
        assert (await ask(http, server))[0] == 200


@pytest.mark.parametrize("text", ["", " ", "a", "Hello there,  Ada.\nYes!\n", "Donaudampfschifffahrt"])
def test_tokens_add_up_to_the_text(text: str) -> None:
    assert "".join(tokens_of(text)) == text


async def test_what_is_ordered_waits_for_the_request_that_it_is_for(http: aiohttp.ClientSession) -> None:
    async with LanguageModel(lambda _: "Hello.") as server:
        server.spoils = lambda text: "dragon" in text
        server.order(Status(500))
        assert (await ask(http, server))[0] == 200
        assert (await ask(http, server, messages=[{"role": "user", "content": "A dragon!"}]))[0] == 500
        assert (await ask(http, server, messages=[{"role": "user", "content": "A dragon!"}]))[0] == 200


async def test_the_list_of_models_can_be_as_long_as_is_ordered(http: aiohttp.ClientSession) -> None:
    async with LanguageModel() as server:
        async with http.get(f"{server.base_url}/models") as response:
            assert (await response.json())["object"] == "list"
        server.megabytes_of_models = 3
        async with http.get(f"{server.base_url}/models") as response:
            assert len(await response.read()) == 3_000_000


async def test_an_outage_lasts_until_it_is_lifted_and_what_is_ordered_comes_first(http: aiohttp.ClientSession) -> None:
    async with LanguageModel() as server:
        server.outage = Status(500)
        server.order(Status(429))
        assert [(await ask(http, server))[0] for _ in range(3)] == [429, 500, 500]
        server.outage = None
        assert (await ask(http, server))[0] == 200
