"""A model that is slow in the middle of a sentence: what is there is said meanwhile."""

import asyncio
from collections.abc import AsyncGenerator, Iterable, Sequence
from typing import Any, cast

import pytest

from assistant.llm.chat_message import ChatMessage
from assistant.llm.retractable_text import Retraction
from assistant.reply.reply_writer import ReplyWriter
from assistant.telemetry.turn_trace import TurnTrace
from assistant.text.pipeline import TextPipeline
from assistant.text.sentence import Sentence
from tests.support.virtual_time import run_in_virtual_time

Piece = str | Retraction | float


class Says:
    """A model that says these pieces, and waits for so many seconds where there is a number."""

    def __init__(self, *pieces: Piece) -> None:
        self._pieces = pieces

    async def reply(self, _: Sequence[ChatMessage]) -> AsyncGenerator[str | Retraction, None]:
        for piece in self._pieces:
            if isinstance(piece, float):
                await asyncio.sleep(piece)
            else:
                yield piece


class Producer:
    """Notes when it got what."""

    needs_no_more = False

    def __init__(self) -> None:
        self.got: list[tuple[float, str]] = []

    def add(self, sentences: Iterable[Sentence]) -> None:
        now = round(asyncio.get_running_loop().time(), 2)
        self.got += [(now, sentence.said) for sentence in sentences]

    def restart(self) -> None:
        self.got.clear()

    def finish(self) -> None:
        self.add(())


def got_of(*pieces: Piece) -> list[tuple[float, str]]:
    """What is spoken of a reply, and how many seconds after its beginning it can be."""
    producer = Producer()

    async def write() -> None:
        writer = ReplyWriter(
            cast(Any, Says(*pieces)),
            TextPipeline(lambda _: "en", 95),
            cast(Any, producer),
            snapshot=None,
            trace=TurnTrace(received=0.0),
        )
        await writer.write([])

    run_in_virtual_time(write())
    return producer.got


@pytest.mark.parametrize(
    ("pieces", "got"),
    [
        (
            ["The capital of Australia is", 2.0, " Canberra."],
            [(0.25, "The capital of Australia"), (2.0, "is Canberra.")],
        ),
        (
            ["It depends", 0.1, " on what", 0.1, " you", 0.1, " want."],
            [(0.25, "It depends"), (0.3, "on what you want.")],
        ),
        (
            ["The capital", 0.4, " of Australia", 0.4, " is", 0.4, " Canberra."],
            [(1.0, "The capital of Australia"), (1.2, "is Canberra.")],
        ),
        (
            ["Sure. ", 0.4, "It depends", 0.4, " on what you want."],
            [(0.0, "Sure."), (0.8, "It depends on what you want.")],
        ),
        (["It dep", 1.0, "ends on the day."], [(1.0, "It depends"), (1.0, "on the day.")]),
        (
            ["Hm, let me think", 0.1, Retraction(), 1.0, "It depends", 0.2, " on what", 0.2, " you want."],
            [(1.35, "It depends"), (1.5, "on what you want.")],
        ),
    ],
)
def test_what_has_waited_a_quarter_of_a_second_is_spoken_if_there_is_a_fair_place_to_pause(
    pieces: list[Piece], got: list[tuple[float, str]]
) -> None:
    assert got_of(*pieces) == got


def test_nobody_looks_at_a_reply_that_is_written() -> None:
    assert got_of("It depends") == [(0.0, "It depends")]
