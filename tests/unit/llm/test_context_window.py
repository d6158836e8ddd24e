"""More tokens than the model reads: told by many servers in their own words, learned, and kept to."""

import json
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.errors import ModelContextExceeded, ModelError, ModelFailed, ModelRateLimited
from assistant.domain.token_count import estimated_tokens
from assistant.llm.chat_client import ChatClient
from assistant.llm.chat_message import ChatMessage
from assistant.llm.context_window import ContextWindow
from sandbox.standins.faults import Body, Status
from sandbox.standins.language_model.model_server import LanguageModel
from tests.support.model_client import REPLY, a_chat, until_error, whole

DATA = Path(__file__).parents[2] / "data"
QUESTION = ChatMessage("user", "And what now?", "Ada")


def conversation(turns: int, words: int = 50) -> list[ChatMessage]:
    """The instructions, so many turns, and the question."""
    messages = [ChatMessage("system", "You are Molly.")]
    for turn in range(turns):
        messages += [ChatMessage("user", f"question {turn}", "Ada"), ChatMessage("assistant", "word " * words)]
    return [*messages, QUESTION]


@dataclass(frozen=True)
class Wording:
    """How a server refuses a request that is too long."""

    server: str
    status: int
    body: object
    limit: int | None
    prompt_tokens: int | None

    @property
    def refusal(self) -> Body:
        return refusal(self.status, self.body)


def refusal(status: int, body: object) -> Body:
    text = body if isinstance(body, str) else json.dumps(body)
    return Body("application/json", text.encode(), status)


WORDINGS = [Wording(**row) for row in json.loads((DATA / "context_refusals.json").read_text(encoding="utf-8"))]
of_each_server = pytest.mark.parametrize("wording", WORDINGS, ids=lambda wording: wording.server)


def wording_of(server: str) -> Body:
    return next(wording.refusal for wording in WORDINGS if wording.server == server)


@of_each_server
async def test_the_oldest_turns_are_left_out_and_it_is_asked_again_once(
    server: LanguageModel, chat: ChatClient, wording: Wording
) -> None:
    server.order(wording.refusal)
    assert await whole(chat, conversation(40)) == REPLY
    first, second = [request.body["messages"] for request in server.requests]
    assert len(first) == 82
    assert 2 < len(second) < 82, "some turns are still there, but not all"
    assert second == [first[0], *first[len(first) - len(second) + 1 :]], "the oldest went"
    assert second[1]["role"] == "user"


@of_each_server
async def test_what_the_server_says_of_its_limit_is_understood(
    server: LanguageModel, chat: ChatClient, wording: Wording
) -> None:
    server.order(wording.refusal)
    _, failure = await until_error(chat, conversation(0))
    assert isinstance(failure, ModelContextExceeded)
    assert (failure.limit, failure.prompt_tokens) == (wording.limit, wording.prompt_tokens)
    assert len(server.requests) == 1, "there is nothing to leave out"


async def test_what_was_learned_is_kept_to_in_the_next_messages(server: LanguageModel, chat: ChatClient) -> None:
    server.order(wording_of("OpenAI"))
    for _ in range(3):
        assert await whole(chat, conversation(40)) == REPLY
    sizes = [len(request.body["messages"]) for request in server.requests]
    assert sizes[0] == 82
    assert len(set(sizes[1:])) == 1
    assert len(sizes) == 4


async def test_who_refuses_again_is_not_asked_a_third_time_and_less_is_sent_for_the_next_message(
    server: LanguageModel, chat: ChatClient
) -> None:
    server.order(*[wording_of("Groq")] * 2)
    assert isinstance((await until_error(chat, conversation(40)))[1], ModelContextExceeded)
    assert len(server.requests) == 2
    assert await whole(chat, conversation(40)) == REPLY
    sizes = [len(request.body["messages"]) for request in server.requests]
    assert sizes[0] > sizes[1] > sizes[2]


async def test_a_question_that_is_too_long_by_itself_costs_the_next_ones_nothing(
    server: LanguageModel, chat: ChatClient
) -> None:
    server.order(wording_of("Groq"))
    await until_error(chat, [*conversation(0)[:1], ChatMessage("user", "word " * 300, "Ada")])
    assert await whole(chat, conversation(40)) == REPLY
    assert len(server.requests[-1].body["messages"]) == 82


async def test_a_question_that_is_longer_than_a_limit_that_is_told_costs_the_next_ones_nothing(
    server: LanguageModel, chat: ChatClient
) -> None:
    server.order(Status(400, message="This model's maximum context length is 100 tokens, not 9000."))
    await until_error(chat, [*conversation(0)[:1], ChatMessage("user", "word " * 300, "Ada")])
    assert await whole(chat, conversation(40)) == REPLY
    assert len(server.requests[-1].body["messages"]) == 82


async def test_an_answer_that_has_no_room_beside_the_messages_is_asked_for_without_a_limit(
    server: LanguageModel,
) -> None:
    words = (
        "This model's maximum context length is 16384 tokens. However, you requested 9192 tokens "
        "(1000 in the messages, 16000 in the completion). Please reduce the length of the messages or completion."
    )
    server.order(refusal(400, {"object": "error", "message": words, "code": 400}))
    async with a_chat(server, max_tokens=16000) as chat:
        assert await whole(chat, conversation(40)) == REPLY
        assert await whole(chat, conversation(40)) == REPLY
    assert [len(request.body["messages"]) for request in server.requests] == [82] * 3
    assert [request.body.get("max_tokens") for request in server.requests] == [16000, None, None]
    assert "max_completion_tokens" not in server.requests[-1].body


@pytest.mark.parametrize(
    "words",
    [
        "`max_tokens` must be less than or equal to `8192`, the maximum value for `max_tokens` is less than the "
        "`context_window` for this model",
        "max_tokens is too large: 8192. This model supports at most 4096 completion tokens, whereas you provided 8192.",
        "Invalid max_tokens value, the valid range of max_tokens is [1, 8192]",
    ],
)
async def test_a_limit_that_is_too_large_by_itself_costs_no_turn(server: LanguageModel, words: str) -> None:
    server.order(refusal(400, {"error": {"message": words}}))
    async with a_chat(server, max_tokens=8192) as chat:
        assert await whole(chat, conversation(40)) == REPLY
    assert [len(request.body["messages"]) for request in server.requests] == [82, 82]


@pytest.mark.parametrize(
    ("status", "words", "kind"),
    [
        (
            429,
            "Rate limit reached on tokens per minute (TPM): Limit 6000, Used 5000, Requested 1500.",
            ModelRateLimited,
        ),
        (400, "The model `x` does not exist", ModelFailed),
        (400, "Invalid value for 'temperature'", ModelFailed),
        (404, "maximum context length", ModelFailed),
    ],
)
async def test_other_refusals_cost_no_turn(
    server: LanguageModel, chat: ChatClient, status: int, words: str, kind: type[ModelError]
) -> None:
    server.order(*[refusal(status, {"error": {"message": words}})] * 3)
    assert isinstance((await until_error(chat, conversation(40)))[1], kind)
    assert {len(request.body["messages"]) for request in server.requests} == {82}


@pytest.mark.parametrize(
    ("text", "least", "most"),
    [
        ("The quick brown fox jumps over the lazy dog. " * 10, 90, 130),
        ("天気がいいから、散歩しましょう。" * 10, 100, 200),
        ("今天天气很好，我们去散步吧。" * 10, 90, 180),
        ("오늘은 날씨가 좋네요. " * 10, 70, 140),
        ("Сегодня хорошая погода, пойдём гулять. " * 10, 100, 220),
        ("สวัสดีครับ วันนี้อากาศดี " * 10, 100, 280),
        ("नमस्ते, आज मौसम अच्छा है। " * 10, 100, 280),
        ("مرحبا، الطقس جميل اليوم. " * 10, 70, 160),
        ("🎉👍🏽" * 10, 30, 120),
        ("", 0, 0),
    ],
)
def test_tokens_are_estimated_by_script(text: str, least: int, most: int) -> None:
    assert least <= estimated_tokens(text) <= most


@given(st.text(max_size=50), st.text(max_size=50))
def test_more_text_never_takes_fewer_tokens(first: str, second: str) -> None:
    assert estimated_tokens(first) <= estimated_tokens(first + second)
    assert estimated_tokens(first + second) <= estimated_tokens(first) + estimated_tokens(second) + 1


@given(st.integers(0, 30), st.integers(0, 60), st.integers(0, 100_000), st.integers(0, 100_000))
def test_the_instructions_and_the_question_are_always_sent(turns: int, words: int, limit: int, prompt: int) -> None:
    window = ContextWindow()
    messages = conversation(turns, words)
    refused = ModelContextExceeded(
        endpoint="", detail="", status=400, limit=limit or None, prompt_tokens=prompt or None
    )
    is_news = window.learn(messages, refused)
    left = window.fit(messages)
    assert is_news == (len(left) < len(messages))
    assert left[0] == messages[0]
    assert left[-1] == QUESTION
    assert left == [messages[0], *messages[len(messages) - len(left) + 1 :]]
    assert left[1].role == "user"
    if turns > 4 and words > 10:
        assert is_news
