"""Answers as real servers send them, in their bytes: what is a reply, what is none, and what is said of it."""

import json
from contextlib import aclosing

import pytest

from assistant.domain.errors import (
    ModelAnswerFiltered,
    ModelAnswerInvalid,
    ModelAnswerTooLong,
    ModelSaidNothing,
)
from assistant.llm.chat_client import ChatClient
from sandbox.standins.faults import Body
from sandbox.standins.language_model.model_server import LanguageModel
from tests.support.model_client import (
    HELLO,
    REPLY,
    STREAM_HEAD,
    Script,
    chunk,
    delta,
    stream_of,
    the_failure,
    until_error,
    whole,
)

DONE = b"data: [DONE]\n\n"
STREAM = stream_of(chunk("ye"), chunk("s", "stop"), ending=DONE).body
MESSAGE = {"role": "assistant", "content": "yes"}
ANSWER = {"object": "chat.completion", "choices": [{"index": 0, "message": MESSAGE, "finish_reason": "stop"}]}


def answer_of(**message: object) -> Body:
    reason = message.pop("finish_reason", "stop")
    document = {"choices": [{"message": {"role": "assistant", **message}, "finish_reason": reason}]}
    return Body("application/json", json.dumps(document).encode())


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
