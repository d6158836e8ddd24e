"""Answers as real servers send them, in their bytes: what is a reply, what is none, and what is said of it."""

import json
from contextlib import aclosing

import pytest

from assistant.domain.errors import (
    ModelAnswerFiltered,
    ModelAnswerInvalid,
    ModelAnswerTooLong,
    ModelError,
    ModelFailed,
    ModelNoCredit,
    ModelRateLimited,
    ModelRefused,
    ModelSaidNothing,
)
from assistant.llm.chat_client import ChatClient
from sandbox.standins.faults import Body
from sandbox.standins.language_model.model_server import LanguageModel
from tests.support.model_client import HELLO, REPLY, STREAM_HEAD, Script, a_chat, chunk, stream_of, until_error, whole

DONE = b"data: [DONE]\n\n"
STREAM = stream_of(chunk("ye"), chunk("s", "stop"), ending=DONE).body
MESSAGE = {"role": "assistant", "content": "yes"}
ANSWER = {"object": "chat.completion", "choices": [{"index": 0, "message": MESSAGE, "finish_reason": "stop"}]}


def answer_of(**message: object) -> Body:
    reason = message.pop("finish_reason", "stop")
    document = {"choices": [{"message": {"role": "assistant", **message}, "finish_reason": reason}]}
    return Body("application/json", json.dumps(document).encode())


def delta(finish_reason: str | None = None, **fields: object) -> dict[str, object]:
    return {"choices": [{"index": 0, "delta": fields, "finish_reason": finish_reason}]}


def refused(status: int, document: object, **headers: str) -> Body:
    named = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return Body("application/json", json.dumps(document).encode(), status, named)


async def the_failure(server: LanguageModel, chat: ChatClient, body: Body) -> ModelError:
    server.order(body)
    got, error = await until_error(chat)
    assert got == ""
    assert len(server.requests) == 1, "asked again in vain"
    return error


@pytest.mark.parametrize(
    "between",
    [
        b"data:\n\n",
        b"data: \n\n",
        b"data: : PROCESSING\n\n",
        b"data: : OPENROUTER PROCESSING\n\n",
        b": OPENROUTER PROCESSING\n\n",
        b'event: ping\ndata: {"type": "ping"}\n\n',
        b"event: ping\n\n",
        b"event: keepalive\r\ndata: x\r\n\r\n",
        b"data: ping\n\n",
        b"data: [PING]\n\n",
        b"data: keep-alive\n\n",
        b"data: null\n\n",
        b"data: still loading the model\n\n",
        b"id: 7\nretry: 3000\n\n",
        b'data: {"type": "heartbeat"}\n\n',
        b"\r\n\r\n\r\n",
        b"event: message\n",
        b'data: {"choices": [], "prompt_filter_results": []}\n\n',
        b'data: {"choices": [{"index": 0, "delta": null}]}\n\n',
    ],
)
async def test_what_only_keeps_the_connection_alive_is_passed_over(
    server: LanguageModel, chat: ChatClient, between: bytes
) -> None:
    first, second, *_ = STREAM.split(b"\n\n")
    parts = [between, first + b"\n\n", between, second + b"\n\n", between, DONE]
    server.order(Body("text/event-stream", b"".join(parts)))
    assert await whole(chat) == "yes"


@pytest.mark.parametrize("line_end", [b"\n", b"\r\n", b"\r"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize(
    "content_type",
    ["text/plain", "application/octet-stream", "application/json", "text/html", "", "x", "text/event-stream"],
)
async def test_a_stream_is_read_as_one_whatever_type_it_is_given(
    server: LanguageModel, chat: ChatClient, content_type: str, mark: bytes, line_end: bytes
) -> None:
    server.order(Body(content_type, mark + STREAM.replace(b"\n", line_end)))
    assert await whole(chat) == "yes"
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    "content_type", ["text/event-stream", "text/plain", "application/octet-stream", "", "application/x-ndjson"]
)
@pytest.mark.parametrize(
    "body",
    [
        json.dumps(ANSWER).encode(),
        b"\n\n  " + json.dumps(ANSWER, indent=2).encode() + b"\n",
        b"\xef\xbb\xbf" + json.dumps(ANSWER).encode(),
        json.dumps(chunk("ye")).encode() + b"\n" + json.dumps(chunk("s", "stop")).encode() + b"\n",
        json.dumps([chunk("ye"), chunk("s", "stop")]).encode(),
    ],
    ids=["plain", "indented", "with a mark", "a chunk a line", "a list of chunks"],
)
async def test_json_is_read_as_json_whatever_type_it_is_given(
    server: LanguageModel, chat: ChatClient, content_type: str, body: bytes
) -> None:
    server.order(Body(content_type, body))
    assert await whole(chat) == "yes"
    assert len(server.requests) == 1


async def test_an_answer_without_a_type_is_read_byte_by_byte() -> None:
    head = STREAM_HEAD.replace(b"Content-Type: text/event-stream\r\n", b"")
    parts = [b"1\r\n%c\r\n" % byte for byte in STREAM]
    async with (
        Script(head, *parts, b"0\r\n\r\n") as server,
        ChatClient(base_url=server.base_url, api_key=None, model="m") as chat,
    ):
        assert await whole(chat) == "yes"


@pytest.mark.parametrize(
    "body",
    [
        stream_of({"choices": [{"delta": {"role": "assistant"}}]}, chunk("yes", "stop")),
        stream_of(delta(role="assistant", content="", reasoning_content="Hm."), chunk("yes", "stop")),
        stream_of(delta(reasoning="Hm.", content=None), chunk("yes", "stop")),
        stream_of(delta(thinking="Hm."), chunk("yes", "stop")),
        stream_of(
            delta(reasoning_details=[{"type": "reasoning.text", "text": "Hm."}], content=""), chunk("yes", "stop")
        ),
        stream_of(
            delta(content=[{"type": "thinking", "thinking": [{"type": "text", "text": "Hm."}]}]), chunk("yes", "stop")
        ),
        stream_of(delta(content=["ye", {"type": "text", "text": "s"}]), delta("stop")),
        stream_of(delta(content=[{"type": "output_text", "text": "yes"}]), delta("stop")),
        stream_of({"choices": [{"message": MESSAGE, "finish_reason": "stop"}]}),
        stream_of({"choices": [{"delta": {"content": "yes"}, "message": MESSAGE, "finish_reason": "stop"}]}),
        stream_of({"choices": [{"text": "yes", "finish_reason": "stop"}]}),
        stream_of(delta(refusal="yes"), delta("stop")),
        stream_of(delta(content=None, refusal="yes"), delta("stop")),
        stream_of(chunk("yes", "STOP")),
        stream_of(chunk("yes", "eos_token")),
        stream_of(chunk("yes"), ending=b"data: [done]\n\n"),
        stream_of(chunk("yes"), ending=b'data: "[DONE]"\n\n'),
        stream_of(chunk("yes"), ending=b"event: done\ndata: [DONE]\n\n"),
        answer_of(content=None, refusal="yes"),
        answer_of(content="yes", refusal=None, tool_calls=[]),
        answer_of(content="yes", reasoning_content="Hm."),
        answer_of(content=[{"type": "thinking", "thinking": []}, {"type": "text", "text": "yes"}]),
    ],
)
async def test_what_servers_put_beside_the_reply_is_no_part_of_it(
    server: LanguageModel, chat: ChatClient, body: Body
) -> None:
    server.order(body)
    assert await whole(chat) == "yes"
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    "reason", ["length", "max_tokens", "MAX_TOKENS", "model_length", "model_context_window_exceeded"]
)
async def test_a_reply_that_a_limit_cut_stays_and_is_told(server: LanguageModel, chat: ChatClient, reason: str) -> None:
    server.order(stream_of(chunk("Once upon a"), chunk("", reason), ending=DONE))
    got, error = await until_error(chat)
    assert (got, type(error)) == ("Once upon a", ModelAnswerTooLong)


@pytest.mark.parametrize(
    "reason",
    [
        "content_filter",
        "SAFETY",
        "content_filter: SAFETY",
        "RECITATION",
        "PROHIBITED_CONTENT",
        "refusal",
        "content-filter",
    ],
)
@pytest.mark.parametrize("text", ["Once upon a", ""])
async def test_a_reply_that_a_filter_cut_stays_and_is_told(
    server: LanguageModel, chat: ChatClient, reason: str, text: str
) -> None:
    server.order(stream_of(chunk(text), chunk("", reason), ending=DONE))
    got, error = await until_error(chat)
    assert (got, type(error)) == (text, ModelAnswerFiltered)
    assert len(server.requests) == 1


@pytest.mark.parametrize("reason", ["error", "insufficient_system_resource", "abort", "network_error"])
async def test_a_reply_that_the_server_broke_off_is_told(server: LanguageModel, chat: ChatClient, reason: str) -> None:
    server.order(stream_of(chunk("Once upon a"), chunk("", reason), ending=DONE))
    got, error = await until_error(chat)
    assert got == "Once upon a"
    assert isinstance(error, ModelAnswerInvalid)
    assert error.reason == "truncated"


@pytest.mark.parametrize(
    "body",
    [
        stream_of(delta(reasoning_content="Hm, let me"), delta("length"), ending=DONE),
        stream_of(delta(reasoning="Hm."), delta("stop"), ending=DONE),
        stream_of(delta(content=""), delta("length"), ending=DONE),
        stream_of(chunk("<think>Hm, let me"), chunk("", "length"), ending=DONE),
        stream_of(chunk("<think>Hm.</think>"), chunk("\n", "stop"), ending=DONE),
        stream_of(delta(content=[{"type": "thinking", "thinking": [{"type": "text", "text": "Hm."}]}]), delta("stop")),
        answer_of(content=None, reasoning_content="Hm.", finish_reason="length"),
        answer_of(content=None, finish_reason="length"),
    ],
)
async def test_a_reply_of_thoughts_alone_says_so(server: LanguageModel, chat: ChatClient, body: Body) -> None:
    error = await the_failure(server, chat, body)
    assert isinstance(error, ModelSaidNothing)
    assert error.cause == "thoughts"


CALL = {"index": 0, "id": "call_1", "type": "function", "function": {"name": "get_weather", "arguments": "{}"}}


@pytest.mark.parametrize(
    "body",
    [
        stream_of(delta(tool_calls=[CALL]), delta("tool_calls"), ending=DONE),
        stream_of(delta(content=None, function_call={"name": "get_weather", "arguments": ""}), delta("function_call")),
        stream_of(chunk('<tool_call>{"name": "get_weather"}</tool_call>'), chunk("", "stop")),
        stream_of(chunk('[TOOL_CALLS][{"name": "get_weather"}]'), chunk("", "stop")),
        answer_of(content=None, tool_calls=[CALL], finish_reason="tool_calls"),
        answer_of(content="", finish_reason="tool_calls"),
    ],
)
async def test_calls_of_tools_that_nobody_offered_are_no_answer(
    server: LanguageModel, chat: ChatClient, body: Body
) -> None:
    error = await the_failure(server, chat, body)
    assert isinstance(error, ModelSaidNothing)
    assert error.cause == "tool_calls"


async def test_tools_that_are_called_beside_a_reply_are_logged(
    server: LanguageModel, chat: ChatClient, caplog: pytest.LogCaptureFixture
) -> None:
    server.order(stream_of(chunk("yes"), delta("tool_calls", tool_calls=[CALL]), ending=DONE))
    assert await whole(chat) == "yes"
    assert "get_weather" in caplog.text


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
    server.order(*[Body("text/event-stream", (STREAM.split(b"\n\n")[0] + b"\n\n") * begun + event)] * 3)
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


async def test_the_next_reply_of_a_model_that_only_ends_its_thoughts_is_held_until_then(
    server: LanguageModel, chat: ChatClient
) -> None:
    thinking = [chunk("They greet me. "), chunk("I answer.\n</thi"), chunk("nk>\n\nHello!", "stop")]
    server.order(*[stream_of(*thinking, ending=DONE)] * 2)
    assert [str(piece) async for piece in chat.reply(HELLO)][-1] == "Hello!"
    assert [piece async for piece in chat.reply(HELLO)] == ["Hello!"]
    assert await whole(chat) == REPLY, "held, but given out in the end"


async def test_a_model_whose_first_reply_was_skipped_in_its_thoughts_is_known_all_the_same(
    server: LanguageModel, chat: ChatClient
) -> None:
    server.order(*[stream_of(chunk("Hm, they greet me.</think>"), chunk("Hello!"), chunk("", "stop"), ending=DONE)] * 2)
    async with aclosing(chat.reply(HELLO)) as pieces:
        async for piece in pieces:
            if not isinstance(piece, str):
                break
    assert [piece async for piece in chat.reply(HELLO)] == ["Hello!"]


async def test_an_answer_with_another_good_status_is_read(server: LanguageModel, chat: ChatClient) -> None:
    server.order(Body("text/event-stream", STREAM, 201))
    assert await whole(chat) == "yes"


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
