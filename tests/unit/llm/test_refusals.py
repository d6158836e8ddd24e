"""Refusals as real servers send them: what is told of them, and in which other way it is asked then."""

import pytest

from assistant.domain.errors import (
    ModelAnswerFiltered,
    ModelError,
    ModelFailed,
    ModelNoCredit,
    ModelRateLimited,
    ModelRefused,
)
from assistant.llm.chat_client import ChatClient
from sandbox.standins.faults import Body
from sandbox.standins.language_model.model_server import LanguageModel
from tests.support.model_client import REPLY, a_chat, chunk, refused, stream_of, the_failure, until_error, whole

WORDS = "the cat is on the keyboard"


@pytest.mark.parametrize(
    "body",
    [
        {"error": {"message": WORDS, "type": "x", "param": None, "code": None}},
        {"error": {"message": WORDS, "code": 400}},
        {"error": {"message": WORDS, "code": "400"}},
        {"error": WORDS},
        {"error": {"error": {"message": WORDS}}},
        {"error": [WORDS]},
        {"object": "error", "message": WORDS, "type": "BadRequestError", "param": None, "code": 400},
        {"object": "error", "message": {"detail": [{"type": "x", "loc": ["body"], "msg": WORDS}]}},
        {"type": "error", "error": {"type": "invalid_request_error", "message": WORDS}},
        [{"error": {"code": 400, "message": WORDS, "status": "INVALID_ARGUMENT"}}],
        {"errors": [{"message": WORDS, "code": 5007}]},
        {"detail": WORDS},
        {"detail": [{"type": "missing", "loc": ["body", "x"], "msg": WORDS, "input": None}]},
        {"detail": {"error": WORDS}},
        {"message": WORDS},
        {"code": 1214, "msg": WORDS},
        {"error_code": 336003, "error_msg": WORDS},
        {"title": "Bad Request", "status": 400, "detail": WORDS},
        {"error": {"message": "Provider returned error", "code": 400, "metadata": {"raw": WORDS}}},
        WORDS,
    ],
)
async def test_the_words_of_an_error_reach_the_log_whatever_its_form(
    server: LanguageModel, chat: ChatClient, body: object
) -> None:
    server.order(refused(400, body))
    _, error = await until_error(chat)
    assert isinstance(error, ModelFailed)
    assert WORDS in error.detail


@pytest.mark.parametrize(
    "event",
    [
        b'data: {"object":"error","message":"the cat is on the keyboard","type":"x","code":400}\n\n',
        b'data: {"error":{"message":"the cat is on the keyboard","code":400}}\n\n',
        b'data: {"error":"the cat is on the keyboard"}\n\n',
        b'event: error\ndata: {"type":"error","error":{"message":"the cat is on the keyboard"}}\n\n',
        b'event: error\ndata: {"message":"the cat is on the keyboard"}\n\n',
        b"event: error\ndata: the cat is on the keyboard\n\n",
        b'error: {"code":400,"message":"the cat is on the keyboard","type":"x"}\n\n',
        b"error: the cat is on the keyboard\n\n",
        b"data: Error: the cat is on the keyboard\n\n",
        b"data: [ERROR] the cat is on the keyboard\n\n",
        b'data: {"choices":[{"delta":{},"finish_reason":"error",'
        b'"error":{"code":400,"message":"the cat is on the keyboard"}}]}\n\n',
        b'data: [{"error":{"code":400,"message":"the cat is on the keyboard"}}]\n\n',
        b'data: {"detail":"the cat is on the keyboard"}\n\n',
    ],
)
@pytest.mark.parametrize("begun", [True, False])
async def test_the_words_of_an_error_in_a_stream_reach_the_log(
    server: LanguageModel, chat: ChatClient, event: bytes, begun: bool
) -> None:
    server.order(*[Body("text/event-stream", stream_of(chunk("ye")).body * begun + event)] * 3)
    got, error = await until_error(chat)
    assert got == ("ye" if begun else "")
    assert WORDS in error.detail


@pytest.mark.parametrize(
    ("event", "kind"),
    [
        ({"type": "error", "error": {"type": "overloaded_error", "message": "x"}}, ModelFailed),
        ({"error": {"message": "x", "type": "rate_limit_error", "code": None}}, ModelRateLimited),
        ({"error": {"message": "x", "code": "429"}}, ModelRateLimited),
        ({"error": {"message": "x", "code": 401}}, ModelRefused),
        ({"error": {"message": "x", "code": 402}}, ModelNoCredit),
        ({"error": {"message": "x", "type": "insufficient_quota"}}, ModelNoCredit),
    ],
)
async def test_an_error_in_a_stream_is_of_the_kind_that_its_code_says(
    server: LanguageModel, chat: ChatClient, event: object, kind: type[ModelError]
) -> None:
    server.order(*[stream_of(event)] * 3)
    assert isinstance((await until_error(chat))[1], kind)


async def test_of_a_page_of_html_the_words_reach_the_log(server: LanguageModel, chat: ChatClient) -> None:
    page = b"<!DOCTYPE html>\n<html><head><style>p {color: red}</style><title>502 Bad Gateway</title></head></html>"
    server.order(*[Body("text/html", page, 502)] * 3)
    _, error = await until_error(chat)
    assert isinstance(error, ModelFailed)
    assert error.detail == "502 Bad Gateway"


QUOTA = "You exceeded your current quota, please check your plan and billing details."


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (429, {"error": {"message": QUOTA, "type": "insufficient_quota", "param": None, "code": "insufficient_quota"}}),
        (401, {"error": {"message": QUOTA, "type": "insufficient_quota", "code": 401}}),
        (429, {"error": {"message": QUOTA}}),
        (402, {"error": {"message": "Insufficient Balance", "type": "unknown_error", "code": "invalid_request_error"}}),
        (402, {"error": {"message": "This request requires more credits, or fewer max_tokens.", "code": 402}}),
        (402, "Payment Required"),
        (
            400,
            {"type": "error", "error": {"type": "invalid_request_error", "message": "Your credit balance is too low"}},
        ),
        (403, {"code": "x", "error": "Your team has either used all available credits or reached its spending limit."}),
        (429, {"error": {"code": "1113", "message": "您的账户余额不足"}}),
        (429, {"error": {"type": "exceeded_current_quota_error", "message": "suspended, please check your plan"}}),
        (429, {"error": {"message": "Billing hard limit has been reached", "code": "billing_hard_limit_reached"}}),
        (400, {"error": {"message": "Your account is not active", "code": "billing_not_active"}}),
    ],
)
async def test_an_account_without_credit_is_asked_once_and_told_as_that(
    server: LanguageModel, chat: ChatClient, status: int, body: object
) -> None:
    error = await the_failure(server, chat, refused(status, body))
    assert isinstance(error, ModelNoCredit)


@pytest.mark.parametrize(
    ("body", "headers", "seconds"),
    [
        ({"error": {"message": "slow down"}}, {"Retry_After": "2"}, 2.0),
        ({"error": {"message": "slow down"}}, {"Retry_After_Ms": "1500", "Retry_After": "2"}, 1.5),
        ({"error": {"message": "Rate limit reached. Please try again in 1.25s. Visit x"}}, {}, 1.25),
        ({"error": {"message": "Please try again in 250ms."}}, {}, 0.25),
        ({"error": {"message": "Limit reached, please try again in 1m2.5s"}}, {}, 62.5),
        ({"error": {"message": "Try again in 2 minutes."}}, {}, 120.0),
        ({"error": {"message": "Please wait for 1 hour, 5 min and 3 seconds"}}, {}, 3903.0),
        ({"error": {"message": "Please retry after 7 seconds, 3 requests are waiting"}}, {}, 7.0),
        ({"error": {"message": "Try again in 1h2m3s"}}, {}, 3723.0),
        ({"error": {"message": "Try again in 5"}}, {}, 5.0),
        ({"error": {"message": "Please retry your request after 2 s"}}, {}, 2.0),
        ({"error": {"message": "Retry after: 30 seconds"}}, {}, 30.0),
        ({"error": {"message": "Wait 1.5 minutes"}}, {}, 90.0),
        ({"error": {"message": "Please try again in a moment"}}, {}, None),
        ({"error": {"message": "Please try again after 2026-12-01"}}, {}, None),
        (
            [{"error": {"code": 429, "message": f"{QUOTA} Please retry in 3.5s.", "status": "RESOURCE_EXHAUSTED"}}],
            {},
            3.5,
        ),
        ({"error": {"message": "slow down"}}, {"Retry_After_Ms": "soon"}, None),
    ],
)
async def test_how_long_to_wait_is_read_wherever_it_stands(
    server: LanguageModel, chat: ChatClient, body: object, headers: dict[str, str], seconds: float | None
) -> None:
    server.order(*[refused(429, body, **headers)] * 3)
    _, error = await until_error(chat)
    assert isinstance(error, ModelRateLimited)
    assert error.retry_after == (None if seconds is None else pytest.approx(seconds))


@pytest.mark.parametrize(
    "body",
    [
        {"error": {"code": "content_filter", "message": "The response was filtered due to the prompt", "status": 400}},
        {"error": {"code": "content_policy_violation", "message": "x"}},
        {"error": {"code": "data_inspection_failed", "message": "Input data may contain inappropriate content."}},
    ],
)
async def test_a_question_that_a_filter_refuses_is_told_as_that(
    server: LanguageModel, chat: ChatClient, body: object
) -> None:
    assert isinstance(await the_failure(server, chat, refused(400, body)), ModelAnswerFiltered)


SYSTEM_REFUSALS = [
    (400, {"object": "error", "message": "System role not supported", "type": "BadRequestError", "code": 400}),
    (500, {"error": {"code": 500, "message": "System role not supported at row 1, column 1", "type": "server_error"}}),
    (422, {"error": "Template error: template error: System role not supported (in <string>:1)"}),
    (400, [{"error": {"code": 400, "message": "Developer instruction is not enabled for models/gemma-3-27b-it"}}]),
    (
        400,
        {
            "error": {
                "message": "Unsupported value: 'messages[0].role' does not support 'system' with this model.",
                "param": "messages[0].role",
                "code": "unsupported_value",
            }
        },
    ),
    (400, {"message": "This model doesn't support system messages. Try again without a system message"}),
    (
        400,
        {
            "object": "error",
            "message": "Conversation roles must alternate user/assistant/user/assistant/...",
            "code": 400,
        },
    ),
    (400, {"error": {"message": "Only user and assistant roles are supported!"}}),
    (
        400,
        {"type": "error", "error": {"type": "invalid_request_error", "message": 'messages: Unexpected role "system".'}},
    ),
    (422, {"detail": [{"loc": ["body", "messages", 0, "role"], "msg": "Input should be 'user' or 'assistant'"}]}),
    (400, {"error": {"message": "'system' is not one of ['user', 'assistant'] - 'messages.0.role'"}}),
]


@pytest.mark.parametrize(("status", "body"), SYSTEM_REFUSALS)
async def test_who_takes_no_system_message_is_given_the_instructions_with_the_question(
    server: LanguageModel, chat: ChatClient, status: int, body: object
) -> None:
    server.order(refused(status, body))
    assert await whole(chat) == REPLY
    assert await whole(chat) == REPLY
    first, *others = [request.body["messages"] for request in server.requests]
    assert first[0]["role"] == "system"
    folded = {"role": "user", "content": 'You are Molly.\n\n{"author": "Ada", "message": "hello"}'}
    assert others == [[folded], [folded]]


async def test_who_refuses_that_too_is_not_asked_for_ever(server: LanguageModel, chat: ChatClient) -> None:
    server.order(*[refused(400, {"error": "System role not supported"})] * 5)
    await until_error(chat)
    assert len(server.requests) == 2


@pytest.mark.parametrize("field", ["stream", "stream_options"])
async def test_who_does_not_stream_is_asked_for_the_whole(server: LanguageModel, field: str) -> None:
    body = {"error": {"message": "Your organization must be verified", "param": field, "code": "unsupported_value"}}
    server.order(refused(400, body))
    async with a_chat(server, asks_for_usage=True) as chat:
        assert await whole(chat) == REPLY
    assert field not in server.requests[1].body


@pytest.mark.parametrize(
    "body",
    [
        {
            "error": {
                "message": "Unsupported value: 'reasoning_effort' does not support 'none'",
                "param": "reasoning_effort",
            }
        },
        {
            "detail": [
                {
                    "type": "extra_forbidden",
                    "loc": ["body", "reasoning_effort"],
                    "msg": "Extra inputs are not permitted",
                }
            ]
        },
        {"error": 'unknown field "reasoning_effort"'},
    ],
)
async def test_how_much_to_think_is_not_said_to_who_does_not_take_it(server: LanguageModel, body: object) -> None:
    server.order(refused(400, body))
    async with a_chat(server, reasoning_effort="none") as chat:
        assert await whole(chat) == REPLY
        assert await whole(chat) == REPLY
    assert [request.body.get("reasoning_effort") for request in server.requests] == ["none", None, None]


async def test_where_an_endpoint_has_moved_to_is_told_and_not_followed(server: LanguageModel, chat: ChatClient) -> None:
    server.order(Body("text/html", b"<html>moved</html>", 308, (("Location", "https://example.org/v1"),)))
    _, error = await until_error(chat)
    assert "https://example.org/v1" in error.detail
    assert len(server.requests) == 1


async def test_a_refusal_that_repeats_the_request_is_about_what_it_says_and_no_other_field(
    server: LanguageModel,
) -> None:
    sent = {"model": "m", "messages": [], "stream": True, "max_tokens": 100, "reasoning_effort": "none"}
    detail = {"type": "missing", "loc": ["body", "prompt"], "msg": "Field required", "input": sent}
    server.order(refused(422, {"detail": [detail]}))
    async with a_chat(server, max_tokens=100, reasoning_effort="none") as chat:
        _, error = await until_error(chat)
        assert isinstance(error, ModelFailed)
        assert error.detail == "body.prompt: Field required"
        assert await whole(chat) == REPLY
    assert [sorted(request.body) for request in server.requests] == [sorted(sent)] * 2
