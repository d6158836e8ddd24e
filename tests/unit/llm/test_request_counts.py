"""What ChatClient counts of its requests, over real sockets."""

import asyncio
from contextlib import aclosing, suppress

import pytest
from prometheus_client import CollectorRegistry

from assistant.domain.token_usage import TokenUsage
from assistant.telemetry.metrics import Metrics
from sandbox.standins.faults import Body, CutAfterTokens, HangAfterTokens, Status, WholeAnswer
from sandbox.standins.language_model.model_server import LanguageModel
from tests.support.model_client import HELLO, Pauses, a_chat, chunk, stream_of, until_error, whole
from tests.support.telemetry import metric_value

USAGE = {"prompt_tokens": 20, "completion_tokens": 5, "total_tokens": 25}


@pytest.fixture
def metrics() -> Metrics:
    return Metrics(CollectorRegistry())


async def test_tokens_are_asked_for_where_that_is_wanted_and_counted(server: LanguageModel, metrics: Metrics) -> None:
    async with a_chat(server, asks_for_usage=True, metrics=metrics) as chat:
        await whole(chat)
    assert server.requests[0].body["stream_options"] == {"include_usage": True}
    written = len(server.requests[0].tokens)
    assert metric_value(metrics, "model_tokens_total", kind="completion") == written
    assert (metric_value(metrics, "model_tokens_total", kind="prompt") or 0) > 3
    assert metric_value(metrics, "model_pieces_total") == written
    assert metric_value(metrics, "model_first_token_seconds_count") == 1


async def test_tokens_are_not_asked_for_elsewhere_since_the_question_might_be_refused(
    server: LanguageModel, metrics: Metrics
) -> None:
    async with a_chat(server, metrics=metrics) as chat:
        await whole(chat)
    assert "stream_options" not in server.requests[0].body
    assert metric_value(metrics, "model_tokens_total", kind="completion") == 0
    assert metric_value(metrics, "model_pieces_total") == len(server.requests[0].tokens)


@pytest.mark.parametrize(
    "answer",
    [
        stream_of(chunk("Hello"), chunk("", "stop") | {"usage": USAGE}, ending=b"data: [DONE]\n\n"),
        stream_of(chunk("Hello"), chunk("", "stop"), {"choices": [], "usage": USAGE}, ending=b"data: [DONE]\n\n"),
        stream_of(
            chunk("Hel") | {"usage": {**USAGE, "completion_tokens": 1}},
            chunk("lo", "stop") | {"usage": USAGE},
            ending=b"data: [DONE]\n\n",
        ),
    ],
    ids=["with the last piece", "behind it", "with each piece"],
)
async def test_tokens_that_are_told_without_being_asked_for_are_counted_once(
    server: LanguageModel, metrics: Metrics, answer: Body
) -> None:
    server.order(answer)
    async with a_chat(server, metrics=metrics) as chat:
        assert await whole(chat) == "Hello"
    assert metric_value(metrics, "model_tokens_total", kind="prompt") == 20
    assert metric_value(metrics, "model_tokens_total", kind="completion") == 5


async def test_the_tokens_of_an_answer_in_one_piece_are_counted(server: LanguageModel, metrics: Metrics) -> None:
    server.order(WholeAnswer())
    async with a_chat(server, metrics=metrics) as chat:
        await whole(chat)
    assert (metric_value(metrics, "model_tokens_total", kind="completion") or 0) > 5
    assert metric_value(metrics, "model_pieces_total") == 1


@pytest.mark.parametrize("usage", [None, "many", {"prompt_tokens": 1}, {"prompt_tokens": "1", "completion_tokens": 2}])
async def test_usage_in_another_form_is_passed_over(server: LanguageModel, metrics: Metrics, usage: object) -> None:
    server.order(stream_of(chunk("Hello", "stop") | {"usage": usage}, ending=b"data: [DONE]\n\n"))
    async with a_chat(server, metrics=metrics) as chat:
        assert await whole(chat) == "Hello"
    assert metric_value(metrics, "model_tokens_total", kind="prompt") == 0


async def test_each_request_and_each_failure_counts(server: LanguageModel, metrics: Metrics) -> None:
    server.order(Status(503), Status(429), CutAfterTokens(2))
    async with a_chat(server, metrics=metrics, sleep=Pauses()) as chat:
        await until_error(chat)
    assert metric_value(metrics, "model_requests_total") == 3
    assert metric_value(metrics, "model_errors_total", kind="failed") == 1
    assert metric_value(metrics, "model_errors_total", kind="rate_limited") == 1
    assert metric_value(metrics, "model_errors_total", kind="answer_invalid") == 1
    assert metric_value(metrics, "model_pieces_total") == 2
    assert metric_value(metrics, "model_first_token_seconds_count") == 1


async def test_what_came_of_a_reply_that_nobody_wants_any_more_counts(server: LanguageModel, metrics: Metrics) -> None:
    server.order(HangAfterTokens(1))
    async with a_chat(server, metrics=metrics) as chat, aclosing(chat.reply(HELLO)) as deltas:
        await anext(deltas)
    assert metric_value(metrics, "model_pieces_total") == 1
    assert metric_value(metrics, "model_errors_total", kind="timeout") == 0


async def test_who_pays_is_told_what_the_endpoint_counts(server: LanguageModel) -> None:
    server.order(stream_of(chunk("Hello", "stop") | {"usage": USAGE}, ending=b"data: [DONE]\n\n"))
    assert await usages(server) == [TokenUsage(20, 5)]


async def test_who_pays_is_told_about_as_much_where_the_endpoint_does_not_count(server: LanguageModel) -> None:
    server.order(stream_of(chunk("Hello" * 20, "stop"), ending=b"data: [DONE]\n\n"))
    (usage,) = await usages(server)
    assert usage.completion_tokens == 25
    assert usage.prompt_tokens >= 2


async def test_who_pays_is_told_of_a_reply_that_nobody_waited_for(server: LanguageModel) -> None:
    server.order(HangAfterTokens(0))
    told: list[TokenUsage] = []
    async with a_chat(server) as chat:
        async with aclosing(chat.reply(HELLO, count=told.append)) as pieces:
            with suppress(TimeoutError):
                async with asyncio.timeout(0.5):
                    await anext(pieces)
        assert len(told) == 1
    assert told[0].prompt_tokens >= 2


async def test_who_pays_is_not_told_of_what_was_refused(server: LanguageModel) -> None:
    server.order(Status(500))
    assert len(await usages(server)) == 1, "the second try was not refused"


async def usages(server: LanguageModel) -> list[TokenUsage]:
    """What a question costs, request by request."""
    told: list[TokenUsage] = []
    async with a_chat(server, sleep=Pauses()) as chat, aclosing(chat.reply(HELLO, count=told.append)) as pieces:
        async for _ in pieces:
            pass
    return told
