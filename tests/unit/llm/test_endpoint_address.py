"""AI_BASE_URL as people write it: understood where that is safe, and a hint where it is likely to be wrong."""

import pytest
from aiohttp import web

from assistant.config.settings import SettingsError, load_settings
from assistant.domain.errors import ModelError, ModelFailed
from assistant.llm.chat_client import ChatClient
from assistant.llm.endpoint_address import EndpointAddress, address_hints
from sandbox.standins.language_model.model_server import LanguageModel
from sandbox.standins.loopback_site import LoopbackSite
from tests.support.model_client import KEY, REPLY, a_chat, whole

FINE = (
    "https://api.openai.com/v1",
    "http://127.0.0.1:11434/v1",
    "http://localhost:8080/v1",
    "http://[::1]:8080/v1",
    "http://192.168.1.7:1234/v1",
    "http://ollama:11434/v1",
    "http://host.docker.internal:11434/v1",
    "https://openrouter.ai/api/v1",
    "https://api.groq.com/openai/v1",
    "https://generativelanguage.googleapis.com/v1beta/openai",
    "https://api.deepseek.com",
    "https://api.deepseek.com/v1",
    "https://api.perplexity.ai",
    "https://me.openai.azure.com/openai/v1",
    "https://me.openai.azure.com/openai/deployments/molly?api-version=2024-10-21",
    "https://models.github.ai/inference",
    "https://gateway.ai.cloudflare.com/v1/account/name/compat",
    "https://example.org/llm/v1",
)
LIKELY_WRONG = {
    "http://127.0.0.1:8080": "http://127.0.0.1:8080/v1",
    "https://llm.example.org": "https://llm.example.org/v1",
    "http://127.0.0.1:8080/v1/chat/completions": "/chat/completions",
    "http://127.0.0.1:8080/v1/completions": "/completions",
    "http://127.0.0.1:8080/v1/models": "/models",
    "http://127.0.0.1:8080/chat/completions": "http://127.0.0.1:8080/v1",
    "https://api.openai.com": "https://api.openai.com/v1",
    "https://api.openai.com/v2": "https://api.openai.com/v1",
    "https://platform.openai.com": "https://api.openai.com/v1",
    "https://api.groq.com/v1": "https://api.groq.com/openai/v1",
    "https://openrouter.ai/v1": "https://openrouter.ai/api/v1",
    "https://generativelanguage.googleapis.com/v1beta": "/v1beta/openai",
    "http://127.0.0.1:11434/api": "/v1, in place of /api",
    "http://127.0.0.1:8080/v1/v1": "twice",
    "https://me.openai.azure.com": "https://me.openai.azure.com/openai/v1",
    "https://me.openai.azure.com/openai/deployments/molly": "api-version",
    "http://127.0.0.1:443/v1": "https",
    "https://127.0.0.1:11434/v1": "http://",
    "https://llm.example.org:80/v1": "http://",
    "http://llm.example.org/v1": "unencrypted",
}


@pytest.mark.parametrize("url", FINE)
def test_an_address_that_works_gets_no_hint(url: str) -> None:
    assert address_hints(url) == []


@pytest.mark.parametrize(("url", "said"), LIKELY_WRONG.items())
def test_an_address_that_is_likely_to_be_wrong_gets_a_hint(url: str, said: str) -> None:
    assert said in " ".join(address_hints(url))


@pytest.mark.parametrize(
    ("url", "base", "query"),
    [
        ("http://h/v1", "http://h/v1", ""),
        ("http://h/v1///", "http://h/v1", ""),
        ("http://h/v1/chat/completions", "http://h/v1", ""),
        ("http://h/v1/chat/completions/", "http://h/v1", ""),
        ("http://h/v1/Chat/Completions?a=b%20c&d", "http://h/v1", "a=b%20c&d"),
        ("http://h?a=b", "http://h", "a=b"),
        ("http://h/chat/completions/v1", "http://h/chat/completions/v1", ""),
    ],
)
def test_what_requests_add_is_no_part_of_the_address(url: str, base: str, query: str) -> None:
    assert EndpointAddress.read(url) == EndpointAddress(base, query)


@pytest.mark.parametrize("end", ["", "/", "//", "/chat/completions", "/chat/completions/", "/models"])
async def test_an_address_with_what_is_added_behind_it_works(end: str) -> None:
    async with (
        LanguageModel(lambda _: REPLY, api_key=KEY) as server,
        a_chat(server, base_url=server.base_url + end) as chat,
    ):
        assert await whole(chat) == REPLY


async def test_a_query_goes_along_with_every_request_as_it_was_written() -> None:
    seen: list[web.Request] = []

    async def answer(request: web.Request) -> web.Response:
        seen.append(request)
        message = {"message": {"content": REPLY}, "finish_reason": "stop"}
        return web.json_response({"choices": [message]} if request.method == "POST" else {"data": [{"id": "m"}]})

    site = LoopbackSite([web.route("*", "/{path:.*}", answer)])
    await site.start()
    url = f"{site.url}/openai/deployments/molly/chat/completions?api-version=2024-10-21&x=a%2Fb"
    try:
        async with ChatClient(base_url=url, api_key=KEY, model="m") as chat:
            await chat.warm()
            assert await chat.offered_models() == ["m"]
            assert await whole(chat) == REPLY
    finally:
        await site.stop()
    assert [request.path for request in seen] == [
        "/openai/deployments/molly/models",
        "/openai/deployments/molly/models",
        "/openai/deployments/molly/chat/completions",
    ]
    assert {request.rel_url.raw_query_string for request in seen} == {"api-version=2024-10-21&x=a%2Fb"}
    assert {request.headers["api-key"] for request in seen} == {KEY}, "as Azure wants it"
    assert {request.headers["Authorization"] for request in seen} == {f"Bearer {KEY}"}, "and others in its place"


@pytest.mark.parametrize(
    ("url", "headers"),
    [
        ("https://me.openai.azure.com/openai/v1", ["api-key"]),
        ("https://me.services.ai.azure.com/openai/v1", ["api-key"]),
        ("https://api.openai.com/v1", ["Authorization"]),
        ("https://openai.azure.com.example.org/v1", ["Authorization"]),
    ],
)
def test_only_azure_is_sent_its_own_header(url: str, headers: list[str]) -> None:
    assert EndpointAddress.read(url).key_headers == headers


def test_a_query_is_a_valid_setting_and_a_fragment_is_none() -> None:
    url = "https://me.openai.azure.com/openai/deployments/molly/?api-version=2024-10-21"
    settings = load_settings({"AI_BASE_URL": url}, needs_token=False)
    assert settings.ai_base_url == "https://me.openai.azure.com/openai/deployments/molly?api-version=2024-10-21"
    with pytest.raises(SettingsError, match="AI_BASE_URL"):
        load_settings({"AI_BASE_URL": "https://example.org/v1#x"}, needs_token=False)


async def test_an_address_with_letters_of_any_language_is_encoded() -> None:
    async with LanguageModel(lambda _: REPLY) as server:
        with pytest.raises(ModelError) as caught:
            async with ChatClient(base_url=f"{server.base_url}/über", api_key=None, model="m") as chat:
                await whole(chat)
    assert isinstance(caught.value, ModelFailed)
    assert caught.value.status == 404
