"""What is taken for a question to the assistant where several people talk."""

import asyncio
import tempfile
from collections.abc import Iterator, Sequence
from itertools import cycle, islice
from pathlib import Path
from typing import Final

from assistant.text.calling import is_called
from bench.conversation.latency_trial import quick_voice
from bench.conversation.spoken_call import open_spoken_call
from bench.conversation.synthetic_speakers import PITCHES, frames_by
from bench.hearing.figure import Figure
from bench.speech.english_sentences import ENGLISH

_NAME: Final = "Molly"
_NAMES: Final = tuple(PITCHES)
_SETTLE_SECONDS: Final = 4.0
"""Time behind the last sentence for its answer to begin."""
_BETWEEN_SECONDS: Final = 0.5
_TAKEN: Final = 0.95
_WRONGLY_TAKEN: Final = 0.02
_WITH: Final = (
    "Molly, {}",
    "Hey Molly, {}",
    "{} Molly?",
    "Okay Molly, {}",
)
_QUESTIONS: Final = (
    "what time is it?",
    "how tall is the tower?",
    "tell me a story.",
    "who wrote this song?",
    "what is the weather like today?",
    "where does the river end?",
    "how do I cook rice?",
    "what is the capital of France?",
    "can you help me?",
    "why is the sky blue?",
)
_SOUNDS_ALIKE: Final = (
    "I mostly stay at home.",
    "That is a lot of money.",
    "My mother called me on Monday.",
    "The melody was very pretty.",
    "Nearly everybody left early.",
    "I met Polly at the market.",
)


def with_name(count: int) -> list[str]:
    """Sentences with the name at their beginning or end."""
    return [form.format(question) for form, question in islice(_pairs(), count)]


def without_name(count: int) -> list[str]:
    """Sentences without it; some have words that sound a little like it."""
    return list(islice(cycle((*_SOUNDS_ALIKE, *ENGLISH)), count))


def addressing_in_text(count: int) -> list[Figure]:
    """What the rule makes of the texts themselves."""
    taken = sum(is_called(_NAME, text) for text in with_name(count))
    wrongly = sum(is_called(_NAME, text) for text in without_name(count))
    return _figures("as text", count, taken, wrongly)


async def addressing_in_calls(count: int) -> list[Figure]:
    """Three people say these sentences in calls, one after the other."""
    wrongly = await _taken(without_name(count))
    return _figures("said in a call", count, await _taken(with_name(count)), wrongly)


async def _taken(texts: Sequence[str]) -> int:
    """How many of them stand in the chat afterwards, as questions."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        async with open_spoken_call(
            Path(folder), lambda _: "Yes.", quick_voice, names=_NAMES, settings={"ADDRESSING": "auto"}
        ) as call:
            for number, text in enumerate(texts):
                name = _NAMES[number % len(_NAMES)]
                await call.say(name, await asyncio.to_thread(frames_by, name, text))
                await call.until_quiet(_BETWEEN_SECONDS)
            await asyncio.sleep(_SETTLE_SECONDS)
            return len(call.questions)


def _pairs() -> Iterator[tuple[str, str]]:
    """Each form with each question."""
    return zip(cycle(_WITH), (question for question in cycle(_QUESTIONS) for _ in _WITH), strict=False)


def _figures(how: str, count: int, taken: int, wrongly: int) -> list[Figure]:
    least, most = _TAKEN * count, _WRONGLY_TAKEN * count
    return [
        Figure(f"with the name, {how}, of {count}: taken", str(taken), f"{least:g}", taken >= least),
        Figure(f"without it, {how}, of {count}: taken", str(wrongly), f"{most:g}", wrongly <= most),
    ]
