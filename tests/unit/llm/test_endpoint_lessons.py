"""What is learned of an endpoint from its refusals, and that no odd refusal teaches it for good."""

import json
from typing import Any

import pytest

from assistant.config.settings import Settings
from assistant.domain.errors import ModelContextExceeded, ModelFailed, ModelSystemRoleRefused
from assistant.llm.chat_client import ChatClient
from assistant.llm.chat_message import ChatMessage
from assistant.llm.endpoint_lessons import EndpointLessons
from assistant.llm.error_mapping import ModelErrorMapper
from assistant.llm.factory import language_model
from assistant.llm.request_options import RequestOptions
from sandbox.standins.faults import Body
from sandbox.standins.language_model.model_server import LanguageModel
from tests.support.model_client import HELLO, KEY, REPLY, Pauses, a_chat, until_error, whole

LONG = [HELLO[0], *(ChatMessage("user", "word " * 40, "Ada") for _ in range(20)), HELLO[1]]
ROLES = (
    "Only user, assistant and tool roles are supported, got system.",
    "Invalid value: 'system'. Supported values are: 'user' and 'assistant'.",
    "value is not a valid enumeration member; permitted: 'user', 'assistant'",
    "Role 'system' is not supported",
    "role must be one of user, assistant",
    "Unknown role: system",
    "unsupported message role system",
    "role `system` is not valid",
    "Expected role user but got system",
    "no system role for this chat template",
    "Only 'user' and 'model' roles are allowed.",
    "Please use a valid role: user, model.",
    "The `system` role is disabled",
    "Cannot use system messages with this model",
    "System message must be at the beginning.",
    'messages: first message must use the "user" role',
    "A conversation must start with a user message",
    "Please ensure that multiturn requests alternate between user and model.",
    'messages: roles must alternate between "user" and "assistant", but found multiple "user" roles in a row',
    "messages should alternate user and assistant",
    "对话角色必须交替",
)
LENGTHS = (
    "Prompt length 5000 is greater than max_seq_len 4096",
    "Prompt has 5000 tokens, exceeds max_seq_len of 4096",
    "Request prompt has 5000 tokens in total, larger than the model input length limit 4096.",
    "Input length (5000 tokens) exceeds the maximum allowed length (4096 tokens). Use a shorter input.",
    "the number of input tokens 5000 cannot exceed the total tokens limit 4096 for this model",
    "Token limit exceeded: 5000 > 4096",
    "Input exceeds maximum number of tokens (4096)",
    "The total number of tokens in the messages (5000) exceeds the model's limit (4096)",
    "messages token length must be in (0, 4096], but got 5000",
    "The message you submitted was too long, please submit something shorter.",
    "sequence length is longer than the specified maximum sequence length for this model (5000 > 4096)",
)
OTHER_LENGTHS = (
    "max_tokens is too large: 50000. This model supports at most 4096 completion tokens",
    "Your message is too short",
    "The image exceeds the maximum number of tokens",
    "Requests exceed 100000 tokens per minute",
    "Your access token has expired, or its length is more than that of an API key",
    "CUDA out of memory",
)
FIELDS: tuple[tuple[str, str, dict[str, object]], ...] = (
    ("stream", "Streaming is not supported for this model", {}),
    ("stream", "This model does not support streaming", {}),
    ("stream", "stream=true is not supported", {}),
    ("stream_options", "Unknown parameter", {"param": "stream_options.include_usage"}),
    ("stream_options", "include_usage is not allowed", {}),
    ("reasoning_effort", "reasoning effort is not supported with this model", {}),
    ("reasoning_effort", "Unknown parameter: 'reasoning'.", {"param": "reasoning.effort"}),
    ("reasoning_effort", '"llama3" does not support thinking', {}),
    ("max_tokens", "Extra inputs are not permitted: max_tokens", {}),
)
ODD = (
    "upstream error: stream closed unexpectedly",
    "error reading stream from backend",
    'Failed to parse the request: {"model": "m", "max_tokens": 500, "stream": true}',
    "invalid value for max_tokens",
    "System role not supported",
    "Conversation roles must alternate",
    "context length exceeded",
    "This model's maximum context length is 10 tokens",
)


def refused(words: str, status: int = 400, **fields: object) -> Body:
    return Body("application/json", json.dumps({"error": {"message": words, **fields}}).encode(), status)


def failure_of(words: str, status: int | None = 400) -> object:
    errors = ModelErrorMapper(base_url="http://127.0.0.1/v1", api_key=None, read_timeout=1)
    return errors.status(status or 200, {}, json.dumps({"error": {"message": words}}))


def in_full(server: LanguageModel) -> ChatClient:
    return a_chat(server, max_tokens=500, asks_for_usage=True, reasoning_effort="none", sleep=Pauses())


@pytest.mark.parametrize("words", ROLES)
@pytest.mark.parametrize("status", [400, 500])
def test_a_refusal_of_roles_is_known_in_many_words(words: str, status: int) -> None:
    assert isinstance(failure_of(words, status), ModelSystemRoleRefused)


@pytest.mark.parametrize("words", LENGTHS)
def test_a_refusal_of_the_length_is_known_in_many_words(words: str) -> None:
    assert isinstance(failure_of(words), ModelContextExceeded)


@pytest.mark.parametrize("words", OTHER_LENGTHS)
def test_a_refusal_of_another_length_is_none_of_the_messages(words: str) -> None:
    assert not isinstance(failure_of(words), ModelContextExceeded)


@pytest.mark.parametrize(("field", "words", "named"), FIELDS)
@pytest.mark.parametrize("status", [400, 422, 500, 200])
async def test_a_field_that_is_refused_is_left_out_from_then_on(
    server: LanguageModel, field: str, words: str, named: dict[str, object], status: int
) -> None:
    server.order(refused(words, status, **named))
    async with in_full(server) as chat:
        assert await whole(chat) == REPLY
        assert await whole(chat) == REPLY
    assert [field in request.body for request in server.requests] == [True, False, False]


async def test_who_wants_the_roles_to_alternate_is_given_one_message_also_without_instructions(
    server: LanguageModel, chat: ChatClient
) -> None:
    server.order(refused("Conversation roles must alternate user/assistant/user/assistant/..."))
    assert await whole(chat, [ChatMessage("user", "one", "Ada"), ChatMessage("user", "two", "Bob")]) == REPLY
    assert [len(request.body["messages"]) for request in server.requests] == [2, 1]


def without_messages(body: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in body.items() if name != "messages"}


@pytest.mark.parametrize("words", ODD)
async def test_a_refusal_that_no_change_mends_teaches_nothing(server: LanguageModel, words: str) -> None:
    server.order(*[refused(words)] * 12)
    async with in_full(server) as chat:
        while len(server.requests) < 12:
            before = len(server.requests)
            await until_error(chat, LONG)
            assert len(server.requests) - before <= 6, "a storm of requests"
        if len(server.requests) == 12:
            assert await whole(chat, LONG) == REPLY
        assert await whole(chat, LONG) == REPLY
    first, last = server.requests[0].body, server.requests[-1].body
    assert without_messages(last) == without_messages(first)
    assert last["messages"] == first["messages"]


async def test_what_is_learned_is_tried_anew_after_a_while() -> None:
    now = 0.0
    lessons = EndpointLessons(RequestOptions(max_tokens=500, asks_for_usage=False, is_openai=False), now=lambda: now)
    body: dict[str, object] = {"messages": [], **lessons.options.fields}
    failed = ModelFailed(endpoint="", detail="", status=400, retry_after=None, refused_field="stream")
    assert lessons.begin().learn(failed, body, HELLO)
    now = 1700.0
    lessons.begin()
    assert "stream" not in lessons.options.fields
    now = 1900.0
    lessons.begin()
    assert "stream" in lessons.options.fields


async def test_defaults_for_openai_are_not_sent_to_others() -> None:
    async with LanguageModel(model=Settings.ai_model) as server:
        async with language_model(Settings(discord_token="x", ai_base_url=server.base_url, ai_api_key=KEY)) as chat:
            assert await whole(chat)
        assert set(server.requests[0].body) == {"model", "messages", "stream", "max_tokens"}
