"""A reply that proves to be the model's thoughts: it is neither said on nor posted, and what follows is the reply."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from pathlib import Path
from typing import Any, cast

import pytest

from assistant.audio.track import Track
from assistant.domain.errors import ModelError, ModelNoCredit
from assistant.llm.chat_message import ChatMessage
from assistant.llm.retractable_text import Retraction
from assistant.reply.reply_writer import ReplyWriter
from assistant.reply.speech_producer import SpeechProducer
from assistant.telemetry.turn_trace import TurnTrace
from assistant.text.pipeline import TextPipeline
from assistant.text.sentence import Sentence
from assistant.tts.monitored_engine import Sink


class Says:
    """A model that says this."""

    def __init__(self, *pieces: str | Retraction | ModelError) -> None:
        self._pieces = pieces

    async def reply(self, _: Sequence[ChatMessage]) -> AsyncGenerator[str | Retraction, None]:
        for piece in self._pieces:
            if isinstance(piece, ModelError):
                raise piece
            yield piece
            await asyncio.sleep(0.01)


class Synthesizer:
    """Says each sentence in one frame, which holds its words."""

    def __init__(self) -> None:
        self.said: list[str] = []

    async def speak(self, sentence: Sentence, _folder: Path, sink: Sink, _voice: object) -> None:
        self.said.append(sentence.said)
        sink.append(sentence.said.encode())


async def written(model: Says, *, hear_at_once: bool = False) -> tuple[ReplyWriter, str, Synthesizer]:
    """The reply, what is heard of it, and who spoke."""
    track, synthesizer = Track(), Synthesizer()
    producer = SpeechProducer(cast(Any, synthesizer), track)
    pipeline = TextPipeline(lambda _: "en", 95)
    writer = ReplyWriter(cast(Any, model), pipeline, producer, snapshot=None, trace=TurnTrace(received=0.0))
    heard: list[str] = []

    async def listen() -> None:
        while not track.is_over:
            while (frame := track.frame_at(track.cursor)) is not None:
                heard.append(frame.decode())
                track.advance()
            await asyncio.sleep(0.001)

    async with asyncio.timeout(10), asyncio.TaskGroup() as tasks:
        making = tasks.create_task(producer.run(Path()))
        if hear_at_once:
            tasks.create_task(listen())
        await writer.write([])
        await making
        if not hear_at_once:
            tasks.create_task(listen())
    return writer, " ".join(heard), synthesizer


async def test_thoughts_that_were_not_heard_yet_are_not_said() -> None:
    thoughts = [f"Thought number {number}, which is a long one. " for number in range(20)]
    writer, heard, _ = await written(Says(*thoughts, Retraction(), "\n\nHello there! ", "How are you?"))
    assert writer.text == "Hello there! How are you?"
    assert heard.endswith("Hello there! How are you?")
    assert heard.count("Thought number") <= 5, "the frames that may be on their way already, each a sentence here"


async def test_markdown_that_a_thought_leaves_open_does_not_reach_the_reply() -> None:
    writer, heard, _ = await written(Says("Hm.\n\n```python\nx = 1\n", Retraction(), "Hello *there*!"))
    assert writer.text == "Hello *there*!"
    assert heard.endswith("Hello there!")


async def test_only_the_reply_is_remembered_as_heard() -> None:
    writer, _, synthesizer = await written(Says("Hm, they greet me. ", Retraction(), "Hello there!"), hear_at_once=True)
    assert writer.text == "Hello there!"
    assert "Hello there!" in synthesizer.said


async def test_that_there_is_no_credit_is_for_the_owner_to_see(caplog: pytest.LogCaptureFixture) -> None:
    error = ModelNoCredit(endpoint="https://example.org", detail="Insufficient Balance", status=402)
    writer, heard, _ = await written(Says(error))
    assert "no credit" in writer.apology
    assert "no credit" in heard
    assert [record.levelname for record in caplog.records if "Insufficient Balance" in record.message] == ["ERROR"]
