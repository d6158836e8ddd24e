"""Three people who talk among themselves and to the assistant: whether it answers what is for it, and nothing else."""

import asyncio
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bench.conversation.group_script import Line, group_script, questions_of
from bench.conversation.marked_answers import MarkedAnswers, marked_voice, numbers_heard, numbers_in
from bench.conversation.spoken_call import SpokenCall, open_spoken_call
from bench.conversation.synthetic_speakers import PITCHES, frames_by
from bench.hearing.figure import Figure
from tests.support.listener import word_error_rate

_ANSWER_SECONDS: Final = 4.0
"""Time behind a question for its answer to begin, and behind the last one for everything to end."""
_ALIKE: Final = 0.5
"""Words that may be misheard in a question, from 0 to 1."""


@dataclass(frozen=True, slots=True)
class GroupVerdict:
    """What became of one script. Questions are numbered as they were asked; None is what is no question."""

    asked: int
    """Questions to the assistant."""
    taken: Sequence[int | None]
    """What stands in the chat as a question, in order."""
    written: Sequence[int | None]
    """What the answers in the chat answer, in order."""
    heard: Sequence[int | None]
    """What the answers that were heard answer, in order."""

    @property
    def is_right(self) -> bool:
        """Whether each question was answered once, aloud and in the chat, in order, and nothing else."""
        expected = list(range(self.asked))
        return list(self.taken) == list(self.written) == list(self.heard) == expected

    def __str__(self) -> str:
        """What was not right."""
        return f"{self.asked} asked, taken {self.taken}, written {self.written}, heard {self.heard}"


async def group_figures(seeds: Sequence[int], seconds: float) -> list[Figure]:
    """Play that many scripts of so many seconds, each in a call of its own."""
    verdicts = [await _play(seed, seconds) for seed in seeds]
    wrong = [f"{seed}: {verdict}" for seed, verdict in zip(seeds, verdicts, strict=True) if not verdict.is_right]
    asked = sum(verdict.asked for verdict in verdicts)
    right = len(verdicts) - len(wrong)
    return [
        Figure(
            f"scripts of {seconds:g} s of three people, {asked} questions: all right",
            f"{right} of {len(seeds)}",
            "all",
            not wrong,
        ),
        *(Figure("script", each) for each in wrong),
    ]


async def _play(seed: int, seconds: float) -> GroupVerdict:
    answers, lines = MarkedAnswers(), []
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        async with open_spoken_call(
            Path(folder), answers.answer, marked_voice, names=tuple(PITCHES), settings={"ADDRESSING": "auto"}
        ) as call:
            begun = time.monotonic()
            for line in group_script(seed):
                lines.append(line)
                await _say(call, line)
                if line.is_question and time.monotonic() > begun + seconds:
                    break
            await asyncio.sleep(_ANSWER_SECONDS)
            await call.until_quiet(_ANSWER_SECONDS)
            frames, chat = call.heard_since(begun), call.chat()
    heard = await asyncio.to_thread(numbers_heard, frames)
    return judge(lines, chat, [answers.text_of(number) for number in heard], answers)


async def _say(call: SpokenCall, line: Line) -> None:
    if line.waits:
        await call.until_quiet()
    await asyncio.sleep(line.gap)
    await call.say(line.name, await asyncio.to_thread(frames_by, line.name, line.text))
    if line.is_question:
        known = len(call.call.speech())
        with suppress(TimeoutError):  # it is not answered: the verdict tells
            await call.call.wait_for_frames(known + 1, _ANSWER_SECONDS)


def judge(lines: Sequence[Line], chat: Sequence[str], heard: Sequence[str], answers: MarkedAnswers) -> GroupVerdict:
    """Compare what was said with what came of it.

    Args:
        lines: what was said.
        chat: what stands in the chat.
        heard: the texts that were answered aloud.
        answers: what was answered to which text.
    """
    questions = questions_of(lines)
    captions = [content.splitlines()[0] for content in chat if content.startswith("🗣️")]
    written = [answers.text_of(number) for content in chat for number in numbers_in(content)]
    return GroupVerdict(
        len(questions),
        [_question_in(caption, questions, lines) for caption in captions],
        [_question_in(text, questions, lines) for text in written],
        [_question_in(text, questions, lines) for text in heard],
    )


def _question_in(text: str, questions: Sequence[Line], lines: Sequence[Line]) -> int | None:
    """The number of the question that a text is, maybe with its speaker's name before it; None if it is none."""
    nearest = min(lines, key=lambda line: _distance(text, line))
    is_question = nearest.is_question and _distance(text, nearest) <= _ALIKE
    return questions.index(nearest) if is_question else None


def _distance(text: str, line: Line) -> float:
    """The part of a line's words that differ; the name may stand before them, or not."""
    return min(word_error_rate(line.text, text), word_error_rate(f"{line.name}: {line.text}", text))
