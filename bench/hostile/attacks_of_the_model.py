"""What a language model's endpoint can send."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from bench.hostile.attack import Act, Attack
from bench.hostile.hostile_test_bed import HostileTestBed
from sandbox.standins.faults import EMPTY_DELTA, KEEP_ALIVE, Body, Endless, ModelFault, SlowHeaders, Status

_STREAM: Final = "text/event-stream"
_TEXT_DELTA: Final = b'data: {"choices": [{"index": 0, "delta": {"content": "and so on. "}}]}\n\n'
_IMPATIENT: Final[Mapping[str, str]] = {"AI_READ_TIMEOUT": "2"}
_BRIEF: Final[Mapping[str, str]] = {"SPOKEN_SECONDS": "5"}
_BEFORE_SKIP: Final = 2.0
_TRIES: Final = 3
_AFTER_SKIP: Final = 0.3
"""What was on its way when the click was taken is no fault, in seconds."""


def streamed(text: str, characters: int, **last: Any) -> Body:
    """A reply whose deltas have so many characters; `last` are more fields of its last chunk."""
    deltas = [text[start : start + characters] for start in range(0, len(text), characters)]
    chunks: list[dict[str, Any]] = [{"choices": [{"index": 0, "delta": {"content": delta}}]} for delta in deltas]
    chunks.append({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}], **last})
    events = [f"data: {json.dumps(chunk)}\n\n" for chunk in chunks]
    return Body(_STREAM, "".join([*events, "data: [DONE]\n\n"]).encode())


def _asks_after(*faults: ModelFault) -> Act:
    async def act(bed: HostileTestBed) -> None:
        bed.model.order(*faults)
        await bed.ask(bed.ada, "A story, please.")

    return act


def _skips_after(fault: ModelFault) -> Act:
    """Somebody skips the answer while it is said, or written."""

    async def act(bed: HostileTestBed) -> None:
        await _asks_after(fault)(bed)
        await asyncio.sleep(_BEFORE_SKIP)
        await bed.skip()

    return act


def posts_after_skip(bed: HostileTestBed) -> str:
    """A complaint where anything of the skipped answer was posted after the skip."""
    if not bed.skipped_at:
        return "nothing was skipped"
    late = [post for post in bed.asked[1].posts(bed.written) if post.time > bed.skipped_at[0] + _AFTER_SKIP]
    return f"{len(late)} posts after the skip" if late else ""


async def _long_list_of_models(bed: HostileTestBed) -> None:
    bed.model.megabytes_of_models = 600


async def _broken_fields(bed: HostileTestBed) -> None:
    """Answers that are well-formed, but for one field."""
    half = '{"choices": [{"index": 0, "delta": {"content": "half a pair: \\ud83d and on"}}]}'
    huge = f'{{"choices": [], "usage": {{"prompt_tokens": 1{"0" * 400}, "completion_tokens": -1}}}}'
    faults: Sequence[ModelFault] = (
        Body(_STREAM, f"data: {half}\n\ndata: [DONE]\n\n".encode()),
        Body(_STREAM, f"data: {half.replace('half', 'whole')}\n\ndata: {huge}\n\ndata: [DONE]\n\n".encode()),
        streamed("Choices are many. ", 5, usage={"prompt_tokens": "many", "completion_tokens": None}),
        Body(_STREAM, b'data: {"choices": {"delta": [[[]]]}}\n\ndata: [DONE]\n\n'),
        Body(_STREAM, b'data: {"choices": [{"delta": {"content": {"text": 1e999}}}]}\n\ndata: [DONE]\n\n'),
        Status(429, retry_after="1" + "0" * 400),
        Status(503, retry_after="Fri, 31 Dec 9999 23:59:59 GMT"),
    )
    for number, fault in enumerate(faults):
        bed.model.order(fault)
        await bed.ask(bed.ada, f"Broken {number}?")
        await bed.model.wait_for_requests(len(bed.asked))


MODEL_ATTACKS: Final[Sequence[Attack]] = (
    Attack(
        name="endless answer, skipped",
        sent="deltas of text without an end, as fast as they are read; a skip after 2 s",
        act=_skips_after(Endless(_TEXT_DELTA)),
        check=posts_after_skip,
        is_quick=True,
    ),
    Attack(
        name="endless answer at a pace, skipped",
        sent="a delta each millisecond without an end; a skip after 2 s",
        act=_skips_after(Endless(_TEXT_DELTA, 0.001)),
        check=posts_after_skip,
    ),
    Attack(
        name="endless answer",
        sent="deltas of text without an end, as fast as they are read; 5 s are spoken",
        act=_asks_after(Endless(_TEXT_DELTA)),
        settings=_BRIEF,
    ),
    Attack(
        name="57,000 characters, skipped",
        sent="in deltas of 20; a skip after 2 s",
        act=_skips_after(streamed("It went on and on. " * 3000, 20)),
        check=posts_after_skip,
    ),
    Attack(
        name="57,000 characters",
        sent="in deltas of 20; 5 s are spoken, all may be written",
        act=_asks_after(streamed("It went on and on. " * 3000, 20)),
        settings={**_BRIEF, "AI_MAX_CHARACTERS": "100000"},
    ),
    Attack(
        name="one delta of 250,000 characters",
        sent="in one event; 5 s are spoken, all may be written",
        act=_asks_after(streamed("It went on and on. " * 13_158, 250_000)),
        settings={**_BRIEF, "AI_MAX_CHARACTERS": "300000"},
        is_quick=True,
    ),
    Attack(
        name="one delta of 250,000 characters, skipped",
        sent="in one event; a skip after 2 s",
        act=_skips_after(streamed("It went on and on. " * 13_158, 250_000)),
        check=posts_after_skip,
    ),
    Attack(
        name="keep-alive comments",
        sent="each 0.1 s without an end, to three tries; AI_READ_TIMEOUT=2",
        act=_asks_after(*[Endless(KEEP_ALIVE, 0.1)] * _TRIES),
        settings=_IMPATIENT,
    ),
    Attack(
        name="empty deltas",
        sent="as fast as they are read, to three tries; AI_READ_TIMEOUT=2",
        act=_asks_after(*[Endless(EMPTY_DELTA)] * _TRIES),
        settings=_IMPATIENT,
    ),
    Attack(
        name="slow headers",
        sent="a byte each 0.1 s without an end, to three tries; AI_READ_TIMEOUT=2",
        act=_asks_after(*[SlowHeaders(0.1)] * _TRIES),
        settings=_IMPATIENT,
    ),
    Attack(
        name="a line without an end",
        sent="as fast as it is read, to three tries; AI_READ_TIMEOUT=2",
        act=_asks_after(*[Endless(b"x" * 1000)] * _TRIES),
        settings=_IMPATIENT,
    ),
    Attack(
        name="a page of 100 MB",
        sent="HTML in place of an answer, to three tries",
        act=_asks_after(*[Body("text/html", b"<p>" * 33_000_000)] * _TRIES),
    ),
    Attack(
        name="JSON of brackets",
        sent="a whole answer of 10 MB, all of it opening brackets, to three tries",
        act=_asks_after(*[Body("application/json", b"[" * 10_000_000)] * _TRIES),
    ),
    Attack(
        name="huge list of models",
        sent="600 MB in answer to what is asked at a call's beginning",
        act=_asks_after(),
        prepare=_long_list_of_models,
        counts_start=True,
    ),
    Attack(
        name="broken fields",
        sent="half a surrogate pair, 10**400 tokens, no counts, no lists, 1e999, two absurd Retry-After",
        act=_broken_fields,
        seconds_before_question=1.0,
        is_quick=True,
    ),
)
"""In the order of the table."""
