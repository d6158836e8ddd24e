"""Streams as servers write them who never read the standard: events, their ends, and what stands in them."""

import json

import pytest

from assistant.domain.errors import (
    ModelAnswerFiltered,
    ModelAnswerInvalid,
    ModelAnswerTooLong,
    ModelError,
    ModelSaidNothing,
)
from assistant.llm.chat_client import ChatClient
from assistant.llm.finish_reason import Ending, ending_of
from assistant.llm.response_reader import MAX_ERROR_BYTES
from sandbox.standins.faults import Body
from sandbox.standins.language_model.model_server import LanguageModel
from tests.support.model_client import KEY, STREAM_HEAD, Script, chunk, chunked, stream_of, until_error, whole

DONE = b"data: [DONE]\n\n"
STREAM = stream_of(chunk("ye"), chunk("s", "stop"), ending=DONE).body
UNENDED = stream_of(chunk("ye"), chunk("s")).body
CHUNKS = [json.dumps(chunk("ye")), json.dumps(chunk("s", "stop"))]


def sse(body: bytes) -> Body:
    return Body("text/event-stream", body)


@pytest.mark.parametrize(
    "body",
    [
        STREAM.replace(b"\n\n", b"\n"),
        STREAM.replace(b"\n\n", b"\r\n"),
        STREAM.replace(b"\n\n", b"\n").removesuffix(b"data: [DONE]\n"),
        STREAM.replace(b"data: ", b"Data: "),
        STREAM.replace(b"data: ", b"data: data: "),
        STREAM.replace(b"data: ", b"event: chunk\ndata:"),
        b"\n".join(b"data: " + line.encode() for line in json.dumps(chunk("yes", "stop"), indent=1).split("\n")),
    ],
)
@pytest.mark.parametrize("size", [1, 7, 1000])
async def test_events_are_read_however_they_are_set_apart(body: bytes, size: int) -> None:
    parts = [chunked(body[start : start + size]) for start in range(0, len(body), size)]
    async with (
        Script(STREAM_HEAD, *parts, b"0\r\n\r\n") as server,
        ChatClient(base_url=server.base_url, api_key=None, model="m") as client,
    ):
        assert await whole(client) == "yes"


async def test_an_event_without_its_blank_line_is_not_waited_for() -> None:
    first, second = (f"data: {text}\n".encode() for text in CHUNKS)
    async with (
        Script(STREAM_HEAD, chunked(first + second)) as server,  # and then it says nothing
        ChatClient(base_url=server.base_url, api_key=None, model="m", read_timeout=0.5) as client,
    ):
        assert (await until_error(client))[0] == "ye"


@pytest.mark.parametrize(
    "end",
    [
        *(b"data: <DONE>\n\n", b"data: [END]\n\n", b"data: [EOS]\n\n", b"data: 'DONE'\n\n", b"data: <|DONE|>\n\n"),
        *(b"data: data: [DONE]\n\n", b"[DONE]\n\n", b"event: done\ndata: {}\n\n", b"event: end\ndata:\n\n"),
        *(b"data: [DONE]data: [DONE]\n\n", b"data: [DONE].\n\n", b"data: (done)\n\n", b"event: close\ndata: bye\n\n"),
    ],
)
async def test_a_stream_ends_where_its_server_says_so(server: LanguageModel, chat: ChatClient, end: bytes) -> None:
    server.order(sse(UNENDED + end))
    assert await whole(chat) == "yes"


@pytest.mark.parametrize(
    ("separator", "end"), [("", ""), ("\n", ""), ("\r\n", "\r\n"), ("\n\n", "\n"), ("\n", "\n[DONE]\n")]
)
async def test_chunks_of_json_in_a_row_are_read(
    server: LanguageModel, chat: ChatClient, separator: str, end: str
) -> None:
    server.order(Body("application/json", (separator.join(CHUNKS) + end).encode()))
    assert await whole(chat) == "yes"


@pytest.mark.parametrize("coding", ["none", "utf-8", "", "chunked", "identity, identity", "binary"])
async def test_what_is_not_compressed_is_read_whatever_it_says(
    server: LanguageModel, chat: ChatClient, coding: str
) -> None:
    server.order(Body("text/event-stream", STREAM, 200, (("Content-Encoding", coding),)))
    assert await whole(chat) == "yes"


def with_index(index: object, text: str, reason: object = None) -> dict[str, object]:
    return {"choices": [{"index": index, "delta": {"content": text}, "finish_reason": reason}]}


def parts(*content: object) -> list[object]:
    return [chunk(list(content)), chunk(None, "stop")]


@pytest.mark.parametrize(
    "events",
    [
        [with_index(0, "ye"), with_index(1, "NO"), with_index(0, "s", "stop"), with_index(1, "", "length")],
        [{"choices": [*with_index(1, "NO")["choices"], *with_index(0, "yes", "stop")["choices"]]}],  # type: ignore[misc]
        [with_index(1, "ye"), with_index(1, "s", "stop")],
        [{"choices": {"index": 0, "delta": {"content": "yes"}, "finish_reason": "stop"}}],
        [{"choices": [None]}, {"choices": ["x"]}, {"choices": None}, chunk("yes", "stop")],
        [{"choices": [{"delta": "ye"}]}, {"choices": [{"delta": "s", "finish_reason": "stop"}]}],
        [{"choices": [{"delta": []}]}, chunk("yes", "stop")],
        [chunk("ye"), chunk("s"), {"choices": [{"message": {"content": "yes"}, "finish_reason": "stop"}]}],
        parts({"text": "ye"}, {"type": "text_delta", "text": "s"}),
        parts({"type": "text", "text": {"value": "yes"}}),
        parts({"type": "TEXT", "text": "yes"}),
        parts({"type": "text", "text": "Hm.", "thought": True}, {"type": "text", "text": "yes"}),
        [chunk({"text": "yes"}), chunk(None, "stop")],
        [chunk({"parts": [{"text": "yes"}]}), chunk(None, "stop")],
        [chunk("yes"), chunk("", "null"), chunk("", "stop")],
    ],
)
async def test_the_reply_is_found_wherever_it_stands(
    server: LanguageModel, chat: ChatClient, events: list[object]
) -> None:
    server.order(stream_of(*events, ending=DONE))
    assert await whole(chat) == "yes"


@pytest.mark.parametrize("field", ["thoughts", "reasoning_summary", "analysis", "thinking_blocks"])
@pytest.mark.parametrize("thought", ["Hm.", {"content": "Hm."}, [{"text": "Hm."}]])
async def test_thoughts_beside_the_reply_are_known_in_any_field(
    server: LanguageModel, chat: ChatClient, field: str, thought: object
) -> None:
    server.order(stream_of({"choices": [{"delta": {field: thought}}]}, chunk("", "stop"), ending=DONE))
    assert isinstance((await until_error(chat))[1], ModelSaidNothing)


@pytest.mark.parametrize(
    ("word", "ending"),
    [
        *((word, Ending.CUT) for word in ("FinishReason.MAX_TOKENS", "FINISH_REASON_MAX_TOKENS", "maxTokens")),
        *((word, Ending.CUT) for word in ("MaxTokens", "max_tokens_reached", "truncated", "incomplete")),
        *((word, Ending.CUT) for word in ("length_exceeded", "lengthLimit", "token_limit_reached", "OUT_OF_TOKENS")),
        *((word, Ending.FILTERED) for word in ("FinishReason.SAFETY", "contentFilter", "blocked", "safety_filter")),
        *((word, Ending.FILTERED) for word in ("censored", "filtered", "FINISH_REASON_RECITATION")),
        *((word, Ending.FAILED) for word in ("failed", "interrupted", "internal_error")),
        *((word, Ending.WHOLE) for word in ("FinishReason.STOP", "FINISH_REASON_STOP", "COMPLETE", "end_turn", "x")),
    ],
)
def test_why_a_reply_ended_is_read_in_any_spelling(word: str, ending: Ending) -> None:
    assert ending_of(word) is ending


@pytest.mark.parametrize(
    ("last", "error"),
    [
        ([chunk("", {"type": "length"})], ModelAnswerTooLong),
        ([{"choices": [{"delta": {}, "finish_details": {"type": "max_tokens"}}]}], ModelAnswerTooLong),
        ([chunk("", "length"), chunk("", "stop")], ModelAnswerTooLong),
        ([chunk("", "content_filter"), chunk("", "stop")], ModelAnswerFiltered),
    ],
)
async def test_a_reply_that_was_cut_is_told_wherever_that_stands(
    server: LanguageModel, chat: ChatClient, last: list[object], error: type[ModelError]
) -> None:
    server.order(stream_of(chunk("yes"), *last, ending=DONE))
    got, failure = await until_error(chat)
    assert got == "yes"
    assert isinstance(failure, error)


@pytest.mark.parametrize(
    "body",
    [
        b"cat on keyboard",
        b"upstream connect error or disconnect/reset before headers: cat on keyboard\n",
        b"<!DOCTYPE html><html><body>cat on keyboard</body></html>",
        b'data: {"message": "cat on keyboard"}\n\n' + DONE,
        b'data: {"success": false, "message": "cat on keyboard"}\n\n' + DONE,
        b'data: {"status": "error", "message": "cat on keyboard"}\n\n',
        b'data: {"error": true, "message": "cat on keyboard"}\n\n',
        b'data: {"error": "rate_limited", "message": "cat on keyboard"}\n\n',
        b'data: {"fault": {"faultstring": "cat on keyboard"}}\n\n',
    ],
)
async def test_words_in_the_place_of_a_stream_reach_the_log(
    server: LanguageModel, chat: ChatClient, body: bytes
) -> None:
    server.order(*[sse(body)] * 3)
    assert "cat on keyboard" in str((await until_error(chat))[1])


@pytest.mark.parametrize("where", range(120, 215, 5))
@pytest.mark.parametrize("lead", [b"{", b"data: {", b"data: "])
async def test_no_part_of_a_key_is_shown_where_words_are_cut(
    server: LanguageModel, chat: ChatClient, where: int, lead: bytes
) -> None:
    server.order(*[Body("text/event-stream", lead + b"x" * where + KEY.encode() + b"yyy\n\n")] * 3)
    failure = (await until_error(chat))[1]
    assert isinstance(failure, ModelAnswerInvalid)
    assert KEY[:8] not in str(failure)


@pytest.mark.parametrize("kept", range(6, len(KEY)))
async def test_no_part_of_a_key_is_shown_where_the_body_of_a_refusal_is_cut(
    server: LanguageModel, chat: ChatClient, kept: int
) -> None:
    words = b"wrong key: "
    server.order(Body("text/plain", b" " * (MAX_ERROR_BYTES - len(words) - kept) + words + KEY.encode(), 401))
    failure = (await until_error(chat))[1]
    assert "wrong key: [key]" in str(failure)
    assert KEY[:6] not in str(failure)
