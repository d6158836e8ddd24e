"""Whatever an endpoint answers, byte by byte: there is a text, Discord takes it, and nothing breaks or hangs."""

import asyncio
import json
from contextlib import suppress
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.audio.track import Track
from assistant.llm.chat_client import ChatClient
from assistant.llm.chat_message import ChatMessage
from assistant.reply.reply_poster import ReplyPoster
from assistant.reply.reply_writer import ReplyWriter
from assistant.reply.speech_producer import SpeechProducer
from assistant.telemetry.turn_trace import TurnTrace
from assistant.text.language_detection import LanguageDetector, SpokenLanguage
from assistant.text.pipeline import TextPipeline
from tests.support.asked_questions import typed_question
from tests.support.fake_text import FakeText
from tests.support.loop_hold import LoopHold
from tests.support.markdown_texts import HOSTILE_UNITS
from tests.support.model_client import Script

DETECTOR = LanguageDetector()

ODD_TEXTS = st.sampled_from(
    [
        "\ud83d",
        "\ude00",
        "a\x00b",
        "\ufeff",
        "\u2028",
        "```",
        "|a|\n|-|\n",
        "\r",
        "👍",
        "\x1b[31m",
        "",
        " ",
        "# ",
        "\ue000",
    ]
)
TEXTS = st.text(max_size=40) | ODD_TEXTS | st.sampled_from(HOSTILE_UNITS).map(lambda unit: unit * 200)
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.sampled_from([10**400, -(10**400), 10**4200, 1e308, float("nan"), float("inf")])
    | TEXTS
)
ANYTHING = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3), max_leaves=6
)
PARTS = st.lists(st.fixed_dictionaries({"type": st.just("text") | ANYTHING, "text": TEXTS | ANYTHING}), max_size=3)
DELTAS = ANYTHING | st.fixed_dictionaries(
    {}, optional={"content": TEXTS | PARTS | ANYTHING, "reasoning_content": ANYTHING, "role": ANYTHING}
)
CHOICES = ANYTHING | st.fixed_dictionaries(
    {}, optional={"delta": DELTAS, "message": DELTAS, "finish_reason": st.just("stop") | TEXTS | ANYTHING}
)
USAGES = ANYTHING | st.fixed_dictionaries({"prompt_tokens": LEAVES, "completion_tokens": LEAVES})
ERRORS = ANYTHING | st.fixed_dictionaries({}, optional={"message": ANYTHING, "code": LEAVES, "param": ANYTHING})
DOCUMENTS = ANYTHING | st.fixed_dictionaries(
    {"choices": st.lists(CHOICES, max_size=2) | ANYTHING}, optional={"usage": USAGES, "error": ERRORS}
)
EVENTS = st.one_of(
    DOCUMENTS.map(lambda document: b"data: " + json.dumps(document).encode() + b"\n\n"),
    st.binary(max_size=60).map(lambda noise: b"data: " + noise + b"\n\n"),
    st.sampled_from([b": hello\n\n", b"data: [DONE]\n\n", b"event: error\n", b"\r", b"data:\n\n", b"\xef\xbb\xbf"]),
)
TOKENS = st.sampled_from(
    [
        "text/event-stream",
        "application/json",
        "text/html",
        "application/json; charset=no",
        "",
        "text/event-stream;;",
        "x",
    ]
)
HEADERS = st.dictionaries(
    st.sampled_from(["Retry-After", "Content-Encoding", "Set-Cookie", "Location", "Content-Language", "X-Any"]),
    st.sampled_from(
        ["9" * 300, "gzip", "identity", "Wed, 01 Jan 99999999999 00:00:00 GMT", "\x80\xff", "a=b; c", "-1", ""]
    )
    | st.text("abc0159 :;,=+-\"'", max_size=30),
    max_size=3,
)
STATUSES = st.sampled_from([200] * 8 + [204, 302, 400, 401, 422, 429, 500, 503, 599, 999])


@st.composite
def answers(draw: st.DrawFn) -> bytes:
    """An answer to POST /chat/completions; mostly in good form outside, so that what is inside is looked at."""
    body = b"".join(draw(st.lists(EVENTS, max_size=6)))
    kind = draw(TOKENS)
    if "json" in kind:
        body = json.dumps(draw(DOCUMENTS)).encode()
    headers = "".join(f"{name}: {value}\r\n" for name, value in draw(HEADERS).items())
    length = draw(st.sampled_from([len(body)] * 5 + [len(body) + 7, max(0, len(body) - 3)]))
    head = f"HTTP/1.1 {draw(STATUSES)} Any\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\n{headers}\r\n"
    whole = head.encode("latin-1") + body
    return whole[: draw(st.integers(0, len(whole)))] if draw(st.integers(0, 9)) == 0 else whole


@st.composite
def fluent_answers(draw: st.DrawFn) -> bytes:
    """A reply in good form, all of whose fields are foreign: they reach the posts."""
    chunks = [
        {
            "choices": [{"delta": {"content": draw(TEXTS | PARTS)}, "finish_reason": None}],
            "usage": draw(USAGES),
        }
        for _ in range(draw(st.integers(1, 4)))
    ]
    chunks.append({"choices": [{"delta": {}, "finish_reason": draw(st.just("stop") | TEXTS)}]})
    body = b"".join(b"data: " + json.dumps(each).encode() + b"\n\n" for each in chunks) + b"data: [DONE]\n\n"
    return f"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body


async def answered(*parts: bytes | None) -> tuple[list[str], float]:
    """What is posted when an endpoint answers so, and for how long the loop was held."""

    async def no_pause(_: float) -> None:
        await asyncio.sleep(0)

    place = FakeText()
    producer = SpeechProducer(cast(Any, None), Track())
    async with (
        Script(*parts) as script,
        ChatClient(
            base_url=script.base_url,
            api_key="sk-k",
            model="m",
            read_timeout=0.3,
            total_timeout=2.0,
            max_tokens=100,
            asks_for_usage=True,
            sleep=no_pause,
        ) as model,
    ):
        pipeline = TextPipeline(SpokenLanguage(DETECTOR, "en"), 95)
        writer = ReplyWriter(model, pipeline, producer, snapshot=None, trace=TurnTrace(received=0.0))
        async with asyncio.timeout(20), LoopHold() as hold:
            await writer.write([ChatMessage("user", "hello", "Ada")])
            assert await ReplyPoster(typed_question(place)).post(writer.text, writer.apology)
    return [content for _, _, content, _ in place.written], hold.longest


@pytest.mark.timeout(300)
@settings(max_examples=80)  # most wait: for bytes that do not come
@given(answers() | fluent_answers())
def test_no_answer_breaks_a_turn(answer: bytes) -> None:
    posts, _ = asyncio.run(answered(answer))
    assert posts, "neither an answer nor an apology"
    for post in posts:
        assert post.strip()
        assert len(post.encode("utf-16-le")) <= 4000, "Discord would refuse it"
        assert "\x00" not in post, "PostgreSQL would refuse it"
        assert "Traceback" not in post


@settings(max_examples=60)
@given(st.lists(st.binary(max_size=300), max_size=5))
def test_no_bytes_break_a_turn(parts: list[bytes]) -> None:
    with suppress(ConnectionError):  # of the stand-in
        posts, _ = asyncio.run(answered(*parts, b"\r\n\r\n"))
        assert len(posts) == 1
        assert posts[0].startswith("Sorry,")


@pytest.mark.parametrize("unit", [*HOSTILE_UNITS, "|a", "👍", "! »", "[", "word ", "5 km "])
async def test_no_text_in_one_enormous_piece_holds_the_loop(unit: str) -> None:
    text = (unit * 250_000)[:250_000]
    event = b"data: " + json.dumps({"choices": [{"delta": {"content": text}}]}, ensure_ascii=False).encode()
    event += b"\n\n"
    head = f"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: {len(event)}\r\n\r\n"
    DETECTOR.load()
    posts, hold = await answered(head.encode() + event)
    assert posts[-1].startswith("Sorry, my language model went on for too long")
    assert hold < 0.25, "and on a quiet machine a fifth of that"
