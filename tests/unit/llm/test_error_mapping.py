"""ChatModel and an endpoint that fails: what is tried again, what is raised, what stays."""

import asyncio
import logging
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from assistant.domain.errors import (
    ModelAnswerInvalid,
    ModelError,
    ModelFailed,
    ModelRateLimited,
    ModelRefused,
    ModelTimeout,
    ModelUnreachable,
)
from assistant.llm.chat_client import ChatClient
from sandbox.standins.faults import (
    GARBAGE_STREAM,
    HTML_PAGE,
    Body,
    CutAfterTokens,
    Empty,
    EndAfterTokens,
    ErrorAfterTokens,
    Hang,
    HangAfterTokens,
    ModelFault,
    Reset,
    Status,
)
from sandbox.standins.language_model.model_server import LanguageModel
from tests.support.model_client import (
    KEY,
    REPLY,
    Pauses,
    Script,
    a_chat,
    chunk,
    stream_of,
    until_error,
    whole,
)

PASSING = [
    pytest.param(Reset(), ModelUnreachable, id="reset"),
    pytest.param(Status(408), ModelFailed, id="408"),
    pytest.param(Status(409), ModelFailed, id="409"),
    pytest.param(Status(425), ModelFailed, id="425"),
    pytest.param(Status(429), ModelRateLimited, id="429"),
    pytest.param(Status(500), ModelFailed, id="500"),
    pytest.param(Status(503), ModelFailed, id="503"),
    pytest.param(CutAfterTokens(0), ModelAnswerInvalid, id="cut"),
    pytest.param(EndAfterTokens(0), ModelAnswerInvalid, id="end"),
    pytest.param(ErrorAfterTokens(0), ModelFailed, id="error event"),
    pytest.param(ErrorAfterTokens(0, 429), ModelRateLimited, id="error event 429"),
]


@pytest.mark.parametrize(("fault", "_type"), PASSING)
async def test_a_passing_fault_is_retried(
    server: LanguageModel, chat: ChatClient, pauses: Pauses, fault: ModelFault, _type: type[ModelError]
) -> None:
    server.order(fault, fault)
    assert await whole(chat) == REPLY
    assert len(server.requests) == 3
    assert len(pauses.taken) == 2


@pytest.mark.parametrize(("fault", "expected"), PASSING)
async def test_a_fault_that_does_not_pass_is_raised_after_the_last_try(
    server: LanguageModel, chat: ChatClient, fault: ModelFault, expected: type[ModelError]
) -> None:
    server.order(*[fault] * 3)
    got, error = await until_error(chat)
    assert (got, type(error)) == ("", expected)
    assert len(server.requests) == 3


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        (Status(400), ModelFailed),
        (Status(401), ModelRefused),
        (Status(403), ModelRefused),
        (Status(404), ModelFailed),
        (Status(301), ModelFailed),
        (Empty(), ModelAnswerInvalid),
        (HTML_PAGE, ModelAnswerInvalid),
        (GARBAGE_STREAM, ModelAnswerInvalid),
        (Body("application/json", b"[1, 2"), ModelAnswerInvalid),
        (Body("application/json", b"{}"), ModelAnswerInvalid),
        (Body("application/json", b"[" * 100_000), ModelAnswerInvalid),
        (Body("text/event-stream", b"data: x" * 200_000), ModelAnswerInvalid),
        (ErrorAfterTokens(0, 401), ModelRefused),
    ],
)
async def test_a_lasting_fault_is_raised_at_once(
    server: LanguageModel, chat: ChatClient, fault: ModelFault, expected: type[ModelError]
) -> None:
    server.order(fault)
    got, error = await until_error(chat)
    assert (got, type(error)) == ("", expected)
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        (CutAfterTokens(3), ModelAnswerInvalid),
        (EndAfterTokens(3), ModelAnswerInvalid),
        (ErrorAfterTokens(3), ModelFailed),
        (ErrorAfterTokens(3, 429), ModelRateLimited),
    ],
)
async def test_after_the_first_piece_nothing_is_retried_and_what_came_stays(
    server: LanguageModel, chat: ChatClient, fault: ModelFault, expected: type[ModelError]
) -> None:
    server.order(fault)
    got, error = await until_error(chat)
    assert isinstance(error, expected)
    assert REPLY.startswith(got)
    assert got == "".join(token for _, token in server.requests[0].tokens)
    assert len(server.requests) == 1


async def test_an_error_says_why_the_answer_is_not_a_reply(server: LanguageModel, chat: ChatClient) -> None:
    cut_chunk = stream_of(chunk("ye"), ending=b'data: {"choices": [{"del')
    server.order(Empty(), HTML_PAGE, EndAfterTokens(1), cut_chunk)
    errors = [(await until_error(chat))[1] for _ in range(4)]
    reasons = [error.reason for error in errors if isinstance(error, ModelAnswerInvalid)]
    assert reasons == ["empty", "garbage", "truncated", "truncated"]


@pytest.mark.parametrize("fault", [Hang(), HangAfterTokens(0), HangAfterTokens(2)])
async def test_silence_is_an_error(server: LanguageModel, pauses: Pauses, fault: ModelFault) -> None:
    server.order(fault)
    async with asyncio.timeout(10), a_chat(server, read_timeout=0.2, sleep=pauses) as chat:
        got, error = await until_error(chat)
    assert isinstance(error, ModelTimeout)
    assert error.seconds == 0.2
    assert REPLY.startswith(got)
    assert len(server.requests) == 1


async def test_a_server_that_is_not_there_is_unreachable(
    server: LanguageModel, chat: ChatClient, pauses: Pauses
) -> None:
    async with server.down():
        got, error = await until_error(chat)
    assert (got, type(error)) == ("", ModelUnreachable)
    assert len(pauses.taken) == 2
    assert await whole(chat) == REPLY


async def test_the_pauses_grow_and_the_jitter_spreads_them(server: LanguageModel) -> None:
    spread = []
    for jitter in (0.0, 1.0):
        pauses = Pauses()
        server.order(*[Status(500)] * 4)
        async with a_chat(server, tries=5, sleep=pauses, jitter=lambda jitter=jitter: jitter) as chat:
            assert await whole(chat) == REPLY
        spread.append(pauses.taken)
    assert spread == [[0.125, 0.25, 0.5, 1.0], [0.25, 0.5, 1.0, 2.0]]


async def test_retry_after_is_obeyed_in_both_forms(server: LanguageModel, chat: ChatClient, pauses: Pauses) -> None:
    date = format_datetime(datetime.now(UTC) + timedelta(seconds=12), usegmt=True)
    server.order(Status(429, retry_after="7"), Status(503, retry_after=date))
    assert await whole(chat) == REPLY
    seconds, until_date = pauses.taken
    assert seconds == 7.0
    assert 5.0 < until_date <= 12.0


@pytest.mark.parametrize("status", [429, 503])
async def test_a_longer_retry_after_than_people_wait_is_raised_at_once(
    server: LanguageModel, chat: ChatClient, pauses: Pauses, status: int
) -> None:
    server.order(Status(status, retry_after="600"))
    _, error = await until_error(chat)
    assert isinstance(error, ModelRateLimited | ModelFailed)
    assert error.retry_after == 600.0
    assert pauses.taken == []


async def test_no_error_or_log_line_shows_the_key(
    server: LanguageModel, chat: ChatClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    said = f"bad key {KEY}"
    server.order(
        Status(401, message=said),
        Body("text/html", said.encode()),
        Body("text/event-stream", b"data: " + said.encode() + b"\n\n"),
        stream_of({"error": {"message": said, "code": 401}}),
        Status(500, message=said),
        Status(500, message=said),
        Status(500, message=said),
    )
    for _ in range(5):
        _, error = await until_error(chat)
        assert "bad key" in str(error)
        logging.getLogger("test").error("it failed", exc_info=error)
    assert "[key]" in caplog.text
    assert KEY not in caplog.text


async def test_a_redirect_is_not_followed() -> None:
    head = b"HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n"
    async with Script(head) as script, ChatClient(base_url=script.base_url, api_key=KEY, model="m") as chat:
        _, error = await until_error(chat)
    assert isinstance(error, ModelFailed)
    assert error.status == 302
    assert script.asked == [b"POST /v1/chat/completions HTTP/1.1"]


async def test_a_key_in_the_address_is_not_in_an_error() -> None:
    chat = ChatClient(base_url="http://ada:secret@127.0.0.1:9/v1?key=hidden", api_key=None, model="m", tries=1)
    async with chat:
        _, error = await until_error(chat)
    assert "127.0.0.1:9/v1" in str(error)
    assert "secret" not in str(error)
    assert "hidden" not in str(error)
