"""ChatClient and endpoints that don't know when to stop: no field, no size and no pace of an answer breaks anything."""

import asyncio
import json
import time
from contextlib import aclosing, suppress
from types import SimpleNamespace
from typing import Any, cast

import pytest

from assistant.config.settings import Settings
from assistant.domain.errors import (
    ModelAnswerInvalid,
    ModelAnswerTooLong,
    ModelError,
    ModelFailed,
    ModelTimeout,
)
from assistant.llm.answer_clock import AnswerClock
from assistant.llm.chat_client import ChatClient
from assistant.llm.error_mapping import ModelErrorMapper
from assistant.llm.factory import language_model
from assistant.llm.response_reader import ResponseReader
from sandbox.standins.faults import (
    EMPTY_DELTA,
    KEEP_ALIVE,
    Body,
    Endless,
    ModelFault,
    RefusedField,
    SlowHeaders,
    SlowTokens,
)
from sandbox.standins.language_model.model_server import LanguageModel
from tests.support.loop_hold import LoopHold
from tests.support.model_client import (
    HELLO,
    KEY,
    REPLY,
    STREAM_HEAD,
    Script,
    a_chat,
    chunk,
    chunked,
    stream_of,
    until_error,
    whole,
)

TEXT = b"data: " + json.dumps(chunk("and so on ")).encode() + b"\n\n"
THOUGHT = b"data: " + json.dumps({"choices": [{"delta": {"reasoning_content": "hm"}}]}).encode() + b"\n\n"


async def test_an_endless_answer_is_cut_and_its_request_ended(server: LanguageModel) -> None:
    server.order(Endless(TEXT))
    async with asyncio.timeout(10), a_chat(server, max_characters=5_005) as chat:
        got, error = await until_error(chat)
        await server.wait_until_idle()
    assert isinstance(error, ModelAnswerTooLong)
    assert len(got) == 5_005
    assert len(server.requests) == 1


async def test_what_proves_to_be_a_thought_takes_no_room(server: LanguageModel) -> None:
    server.order(stream_of(chunk("They greet me. "), chunk("So I answer.</think>"), chunk("Hello there!", "stop")))
    async with a_chat(server, max_characters=30) as chat:
        assert await whole(chat) == "Hello there!"


async def test_an_answer_as_long_as_the_limit_is_whole(server: LanguageModel) -> None:
    async with a_chat(server, max_characters=len(REPLY)) as chat:
        assert await whole(chat) == REPLY


async def test_an_answer_that_reached_the_limit_of_tokens_is_said_to_be_cut(
    server: LanguageModel, chat: ChatClient
) -> None:
    server.order(stream_of(chunk("One, two"), chunk("", "length"), b"data: [DONE]"))
    got, error = await until_error(chat)
    assert got == "One, two"
    assert isinstance(error, ModelAnswerTooLong)


@pytest.mark.parametrize(
    "fault",
    [
        Endless(KEEP_ALIVE, 0.05),
        Endless(KEEP_ALIVE),
        Endless(EMPTY_DELTA, 0.05),
        Endless(EMPTY_DELTA),
        Endless(b"\n"),
        Endless(b"event: ping\ndata: \n\n"[:13], 0.05),
        SlowHeaders(0.05),
    ],
    ids=str,
)
async def test_who_sends_anything_but_text_is_silent(server: LanguageModel, fault: ModelFault) -> None:
    server.order(fault)
    begun = time.monotonic()
    async with asyncio.timeout(8), a_chat(server, read_timeout=0.4) as chat:
        got, error = await until_error(chat)
    assert (got, type(error)) == ("", ModelTimeout)
    assert time.monotonic() - begun < 4


async def test_an_error_whose_words_never_end_is_told_in_time() -> None:
    head = b"HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n"
    drips = [chunked(b"x"), None] * 300
    async with (
        asyncio.timeout(8),
        Script(head, *drips) as script,
        ChatClient(base_url=script.base_url, api_key=None, model="m", read_timeout=0.3) as chat,
    ):
        _, error = await until_error(chat)
    assert isinstance(error, ModelFailed)


async def test_a_model_that_thinks_is_not_silent(server: LanguageModel) -> None:
    async with a_chat(server, read_timeout=0.4, total_timeout=1.5) as chat:
        server.order(Endless(THOUGHT, 0.1))
        begun = time.monotonic()
        _, error = await until_error(chat)
    assert isinstance(error, ModelTimeout)
    assert error.seconds == 1.5
    assert time.monotonic() - begun > 1.4


async def test_a_steady_answer_has_an_end_all_the_same(server: LanguageModel) -> None:
    server.order(SlowTokens(first_token_seconds=0.0, tokens_per_second=5.0))
    async with asyncio.timeout(8), a_chat(server, read_timeout=1.0, total_timeout=1.0) as chat:
        got, error = await until_error(chat)
    assert isinstance(error, ModelTimeout)
    assert got
    assert REPLY.startswith(got)


async def test_what_goes_on_after_the_end_is_not_read_for_ever() -> None:
    read = 0

    async def readany() -> bytes:
        nonlocal read
        read += 1
        assert read < 1000, "who never waits is never timed out"
        return KEEP_ALIVE * 100 if read > 1 else stream_of(chunk("yes"), b"data: [DONE]").body

    response = SimpleNamespace(content_type="text/event-stream", headers={}, content=SimpleNamespace(readany=readany))
    failures = ModelErrorMapper(base_url="http://127.0.0.1", api_key=None, read_timeout=1.0)
    reader = ResponseReader(cast(Any, response), failures, AnswerClock(silence=1.0, whole=1.0))
    assert [piece.text async for piece in reader.pieces()] == ["yes"]


async def test_comments_after_a_finish_reason_do_not_keep_a_reply_open(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.llm.response_reader.FINISH_GRACE_SECONDS", 0.2)
    beginning = chunked(stream_of(chunk("yes", "stop")).body)
    async with (
        asyncio.timeout(4),
        Script(STREAM_HEAD, beginning, *[chunked(KEEP_ALIVE), None] * 500) as script,
        ChatClient(base_url=script.base_url, api_key=None, model="m") as chat,
    ):
        assert await whole(chat) == "yes"


@pytest.mark.parametrize(
    "body",
    [
        Body("text/event-stream", b"\n" * 3_000_000),
        Body("text/event-stream", b"data:\n" * 600_000),
        Body("text/event-stream", b"data: " + b"[" * 900_000 + b"\n\n"),
        Body("text/event-stream", EMPTY_DELTA * 20_000),
        Body("application/json", b"[[]" + b",[]" * 600_000 + b"]"),
        Body("text/event-stream", b"data: [[]" + b",[]" * 300_000 + b"]\n\n"),
        stream_of(chunk("word " * 50_000), chunk("", "stop")),
    ],
    ids=["blank lines", "empty data", "brackets", "empty deltas", "lists", "lists in an event", "one delta"],
)
async def test_no_answer_holds_the_loop(server: LanguageModel, chat: ChatClient, body: Body) -> None:
    server.order(body)
    async with asyncio.timeout(30), LoopHold() as hold:
        with suppress(ModelError):
            await whole(chat)
    assert hold.longest < 0.25, "and on a quiet machine a fifth of that"


@pytest.mark.parametrize(
    ("fault", "sent"),
    [
        (RefusedField("max_tokens"), ["max_completion_tokens"]),
        (RefusedField("max_tokens", names_param=False), ["max_completion_tokens"]),
        (
            RefusedField(
                "max_tokens",
                names_param=False,
                message="This model's maximum context length is 4096 tokens. However, you requested 4200 tokens "
                "(104 in the messages, 4096 in the completion).",
            ),
            [],
        ),
        (RefusedField("stream_options"), ["max_tokens"]),
    ],
)
async def test_a_field_that_the_endpoint_refuses_is_not_sent_again(
    server: LanguageModel, fault: RefusedField, sent: list[str]
) -> None:
    server.order(fault)
    async with a_chat(server, max_tokens=100, asks_for_usage=True) as chat:
        assert await whole(chat) == REPLY
        assert await whole(chat) == REPLY
    assert len(server.requests) == 3
    for request in server.requests[1:]:
        assert fault.field not in request.body
        assert [name for name in request.body if name.startswith("max_")] == sent
        assert all(request.body[name] == 100 for name in sent)


async def test_who_takes_no_limit_at_all_is_asked_without_one(server: LanguageModel) -> None:
    too_large = "max_tokens is too large: 8192. This model supports at most 2048 completion tokens"
    server.order(
        RefusedField("max_tokens"), RefusedField("max_completion_tokens", names_param=False, message=too_large)
    )
    async with a_chat(server, max_tokens=8192) as chat:
        assert await whole(chat) == REPLY
        assert await whole(chat) == REPLY
    assert [len(request.body) for request in server.requests] == [4, 4, 3, 3]


async def test_two_calls_that_are_refused_at_once_learn_the_same(server: LanguageModel) -> None:
    server.order(*[RefusedField("max_tokens")] * 2)
    async with a_chat(server, max_tokens=100) as chat:
        assert list(await asyncio.gather(whole(chat), whole(chat))) == [REPLY, REPLY]
    assert sorted("max_completion_tokens" in request.body for request in server.requests) == [False, False, True, True]


async def test_a_refusal_for_another_reason_is_raised(server: LanguageModel) -> None:
    server.order(RefusedField("messages", message="messages: too many, and max_tokens is fine"))
    async with a_chat(server, max_tokens=100) as chat:
        _, error = await until_error(chat)
    assert isinstance(error, ModelFailed)


async def test_the_limits_of_the_settings_are_sent(server: LanguageModel) -> None:
    settings = Settings(discord_token="x", ai_base_url=server.base_url, ai_model="sandbox-model", ai_api_key=KEY)
    async with language_model(settings) as chat:
        await whole(chat)
    assert server.requests[0].body["max_tokens"] == settings.ai_max_tokens


async def test_compressed_answers_are_neither_asked_for_nor_unpacked(server: LanguageModel) -> None:
    head = STREAM_HEAD.replace(b"\r\n\r\n", b"\r\nContent-Encoding: gzip\r\n\r\n")
    async with (
        Script(head, chunked(b"\x1f\x8b\x08")) as script,
        ChatClient(base_url=script.base_url, api_key=None, model="m") as chat,
    ):
        _, error = await until_error(chat)
    assert isinstance(error, ModelAnswerInvalid)
    async with a_chat(server) as chat:
        await whole(chat)
    assert server.requests[0].headers["accept-encoding"] == "identity"


async def test_a_connection_is_opened_ahead_of_time_without_a_body_and_only_where_none_is_open() -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 600000000\r\n\r\n"
    async with Script(head, b"x" * 100_000) as script:
        async with ChatClient(base_url=script.base_url, api_key=None, model="m") as chat:
            await asyncio.gather(chat.warm(), chat.warm())
            await chat.warm()
        assert script.asked == [b"HEAD /v1/models HTTP/1.1"]


@pytest.mark.parametrize("content", ["a\ud83d", "a\ude00b", [{"type": "text", "text": "a\ud83d"}], "a\x00\x07\x7fb\n"])
async def test_no_character_reaches_the_caller_that_nobody_can_write_down(
    server: LanguageModel, chat: ChatClient, content: object
) -> None:
    server.order(stream_of(chunk(content, "stop")))
    text = await whole(chat)
    assert text.encode() == text.replace("\x00", "").encode()


async def test_an_absurd_number_of_tokens_is_none(server: LanguageModel, chat: ChatClient) -> None:
    usage = {"prompt_tokens": 10**400, "completion_tokens": -(10**400)}
    server.order(stream_of(chunk("yes", "stop") | {"usage": usage}))
    assert await whole(chat) == "yes"


async def test_leaving_an_endless_answer_ends_it(server: LanguageModel, chat: ChatClient) -> None:
    server.order(Endless(EMPTY_DELTA))
    async with aclosing(chat.reply(HELLO)) as pieces:
        asking = asyncio.ensure_future(anext(pieces))
        await server.wait_for_requests(1)
        await asyncio.sleep(0.1)
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking
    async with asyncio.timeout(5):
        await server.wait_until_idle()
