"""What three people say who talk among themselves, and to the assistant."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random
from typing import Final

from bench.conversation.synthetic_speakers import PITCHES
from bench.speech.english_sentences import ENGLISH

_NAMES: Final = tuple(PITCHES)
_PLACES: Final = ("Paris", "London", "Berlin", "Boston", "Chicago", "Dublin", "Madrid", "Denver", "Cairo", "Toronto")
_QUESTIONS: Final = (
    "Molly, how far is it to {}?",
    "Molly, what is the weather like in {}?",
    "Hey Molly, how many people live in {}?",
    "What can I see in {}, Molly?",
    "Okay Molly, tell me about {}.",
)
_TALK: Final = (1, 3)
"""Sentences that are said between two questions."""
_GAPS: Final = (0.3, 1.2)
"""Seconds between one sentence and the next."""
_DURING_ANSWER: Final = 0.5
"""How often the others talk while the assistant answers."""


@dataclass(frozen=True, slots=True)
class Line:
    """Somebody says something."""

    name: str
    """Who."""
    text: str
    """What."""
    is_question: bool
    """Whether it is for the assistant."""
    gap: float
    """Seconds from the end of the line before to its beginning."""
    waits: bool
    """Whether it waits until the assistant is silent."""


def group_script(seed: int) -> Iterator[Line]:
    """One line after the other, until there is no question left; the same for the same seed.

    Who was answered does not talk to the others until somebody else has asked: for ten seconds it would be taken.
    """
    dice = Random(seed)
    questions = [form.format(place) for form in _QUESTIONS for place in _PLACES]
    talk = list(ENGLISH)
    dice.shuffle(questions)
    dice.shuffle(talk)
    asker = ""
    while questions and talk:
        others = [name for name in _NAMES if name != asker]
        waits = bool(asker) and dice.random() > _DURING_ANSWER
        for number in range(min(len(talk), dice.randint(*_TALK))):
            yield Line(others[number % 2], talk.pop(), False, dice.uniform(*_GAPS), waits and not number)
        asker = dice.choice(_NAMES)
        yield Line(asker, questions.pop(), True, dice.uniform(*_GAPS), waits=True)


def questions_of(lines: Sequence[Line]) -> list[Line]:
    """Those that are for the assistant."""
    return [line for line in lines if line.is_question]
