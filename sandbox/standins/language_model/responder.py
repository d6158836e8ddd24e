"""The sandbox's own answers: a few dozen true, plain sentences, good to speak and easy to recognise by ear."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sandbox.standins.language_model.number_words import LARGEST, NUMBER_PATTERN, number_to_words, words_to_number

Messages = Sequence[Mapping[str, str]]
"""A conversation in the form of the chat completions API: `role` and `content` each."""

FALLBACK: Final = (
    "I am a small built-in responder, so I have no good answer for that. "
    "Connect a real language model, and I can talk about anything."
)


@dataclass(frozen=True, slots=True)
class Question:
    """What the responder was asked."""

    text: str
    """The last message of a person, in lower case, with plain apostrophes and single spaces."""
    author: str | None
    """Who wrote it, if the conversation says so."""
    assistant: str
    """The name the assistant was given in its instructions."""


Answer = str | Callable[[Question, re.Match[str]], str | None]


def respond(messages: Messages) -> str:
    """Answer the conversation's last message; the same conversation always gets the same answer."""
    question = read_question(messages)
    for pattern, answer in _RULES:
        match = pattern.search(question.text)
        if match is None:
            continue
        said = answer if isinstance(answer, str) else answer(question, match)
        if said is not None:
            return said
    return FALLBACK


def read_question(messages: Messages) -> Question:
    """Find the last message of a person in the conversation, and who the two speakers are."""
    system = " ".join(message["content"] for message in messages if message["role"] == "system")
    named = re.search(r"\b[Yy]ou are ([A-Z]\w*)", system)
    said = next((message["content"] for message in reversed(messages) if message["role"] == "user"), "")
    author, text = _unwrap(said)
    text = " ".join(text.lower().replace("’", "'").split())
    return Question(text, author, named[1] if named else "Molly")


def _unwrap(content: str) -> tuple[str | None, str]:
    """Split `{"author": …, "message": …}`, the form in which the assistant says who wrote a message."""
    try:
        document = json.loads(content)
    except ValueError:
        return None, content
    match document:
        case {"author": str(author), "message": str(message)}:
            return author, message
        case _:
            return None, content


def _greet(question: Question, _: re.Match[str]) -> str:
    if question.author is None:
        return "Hello! It is nice to hear from you."
    return f"Hello {question.author}! It is nice to hear from you."


def _introduce(question: Question, _: re.Match[str]) -> str:
    return (
        f"My name is {question.assistant}. I am a voice assistant, "
        "and a small built-in responder is thinking for me today."
    )


def _name_the_author(question: Question, _: re.Match[str]) -> str | None:
    return f"Your name is {question.author}." if question.author else None


_OPERATIONS: Final[Mapping[str, tuple[str, Callable[[int, int], int]]]] = {
    "plus": ("plus", lambda left, right: left + right),
    "+": ("plus", lambda left, right: left + right),
    "and": ("plus", lambda left, right: left + right),
    "minus": ("minus", lambda left, right: left - right),
    "-": ("minus", lambda left, right: left - right),
    "times": ("times", lambda left, right: left * right),
    "multiplied by": ("times", lambda left, right: left * right),
    "*": ("times", lambda left, right: left * right),
    "x": ("times", lambda left, right: left * right),
}


def _calculate(_: Question, match: re.Match[str]) -> str | None:
    left, right = words_to_number(match["left"]), words_to_number(match["right"])
    if left is None or right is None or max(left, right) > LARGEST:
        return None
    name, operation = _OPERATIONS[match["operation"]]
    result = operation(left, right)
    if abs(result) > LARGEST:
        return "That number is too large for me to say."
    spoken = f"{number_to_words(left)} {name} {number_to_words(right)} is {number_to_words(result)}."
    return spoken.capitalize()


def _count(_: Question, match: re.Match[str]) -> str | None:
    last = words_to_number(match["last"])
    if last is None or not 1 <= last <= 100:
        return None
    return ", ".join(number_to_words(number) for number in range(1, last + 1)).capitalize() + "."


_STORY: Final = (
    "Once upon a time, a small boat lived in a quiet harbor. "
    "Every morning, the boat watched the big ships sail away. "
    "One day, a storm came, and a young bird fell on the deck. "
    "The boat carried the bird across the dark water until the wind was calm. "
    "When the sun came back, the bird sang a happy song. "
    "From that day on, the bird came home every evening, and the boat was never lonely again."
)

_RULES: Final[Sequence[tuple[re.Pattern[str], Answer]]] = [
    (re.compile(pattern), answer)
    for pattern, answer in (
        # Sums come first: "how many days are seven plus seven" would otherwise look like a question for a fact.
        (
            rf"\b(?P<left>{NUMBER_PATTERN}) ?(?P<operation>plus|\+|minus|-|times|multiplied by|\*|x) ?"
            rf"(?P<right>{NUMBER_PATTERN})\b",
            _calculate,
        ),
        (rf"\badd (?P<left>{NUMBER_PATTERN}) (?P<operation>and) (?P<right>{NUMBER_PATTERN})\b", _calculate),
        (rf"\bcount (?:up )?to (?P<last>{NUMBER_PATTERN})\b", _count),
        (r"\bwhat(?:'s| is) my name\b|\bwho am i\b", _name_the_author),
        (r"\bwho are you\b|\bwhat are you\b|\byour name\b|\bintroduce yourself\b", _introduce),
        (
            r"\bwhat can you do\b|\bhow can you help\b|^help\b",
            "I read the chat beside this call and speak my answers. "
            "I know a few simple facts, I can add small numbers, and I can tell you a short story.",
        ),
        (r"\bhow are you\b", "I am doing well, thank you. How is your day going?"),
        (r"\bthank(?:s| you)\b", "You are welcome. I am happy to help."),
        (r"\b(?:good ?bye|bye|good ?night|see you)\b", "Goodbye! It was a pleasure talking with you."),
        (r"\bgood morning\b", "Good morning! I hope you have a wonderful day."),
        (r"\bgood evening\b", "Good evening! I hope your day was pleasant."),
        (r"\bgood afternoon\b", "Good afternoon! I hope your day is going well."),
        (r"\bstory\b", _STORY),
        (r"\bjoke\b", "Why did the bicycle fall over? Because it was very tired."),
        (r"\bsing\b|\bsong\b", "I am not able to sing, but I can tell you a story."),
        (r"\bwhat time\b|\btime is it\b|\bdate\b|\bwhat day\b", "I have no clock, so please look at yours."),
        (r"\bweather\b|\btemperature\b", "I have no window, so I do not know the weather."),
        (
            r"\b(?:how many|which|what are the|name the)\b.*\bseasons\b",
            "A year has four seasons. They are spring, summer, autumn, and winter.",
        ),
        (r"\bafter winter\b", "After winter comes spring."),
        (r"\bafter spring\b", "After spring comes summer."),
        (r"\bafter summer\b", "After summer comes autumn."),
        (r"\bafter (?:autumn|fall)\b", "After autumn comes winter."),
        (r"\bspring\b", "In the north, spring begins in March and ends in June."),
        (r"\bsummer\b", "In the north, summer begins in June and ends in September."),
        (r"\bautumn\b", "In the north, autumn begins in September and ends in December."),
        (r"\bwinter\b", "In the north, winter begins in December and ends in March."),
        (r"\bdays\b.*\bweek\b", "There are seven days in a week."),
        (r"\bmonths\b.*\byear\b", "There are twelve months in a year."),
        (r"\bhours\b.*\bday\b", "There are twenty four hours in a day."),
        (r"\bminutes\b.*\bhour\b", "There are sixty minutes in an hour."),
        (r"\bcolou?rs?\b.*\bsky\b|\bsky\b.*\bblue\b", "The sky looks blue because air scatters blue light."),
        (r"\bcolou?rs?\b.*\brainbow\b", "A rainbow goes from red to orange, yellow, green, blue, and violet."),
        (r"\bcapital of france\b", "The capital of France is Paris."),
        (r"\bcapital of germany\b", "The capital of Germany is Berlin."),
        (r"\bcapital of japan\b", "The capital of Japan is Tokyo."),
        (r"\bcapital of italy\b", "The capital of Italy is Rome."),
        (r"\bcapital of spain\b", "The capital of Spain is Madrid."),
        (r"\bcapital of (?:england|the uk|britain)\b", "The capital of England is London."),
        (r"\bplanets?\b", "Eight planets travel around our sun. The largest of them is Jupiter."),
        (r"\bmoon\b", "The moon travels around the earth in about a month."),
        (r"\bsun\b", "The sun is a star, and it gives us light and heat."),
        (r"\bocean\b", "The largest ocean in the world is the Pacific."),
        (r"\bmountain\b", "The highest mountain above the sea is Mount Everest."),
        (r"\briver\b", "The Amazon carries more water than any other river."),
        (r"\b(?:largest|biggest) animal\b|\bwhale\b", "The blue whale is the largest animal in the world."),
        (r"\bfastest animal\b|\bcheetah\b", "The fastest animal on land is the cheetah."),
        (r"\blegs\b.*\bspider\b|\bspider\b.*\blegs\b", "A spider has eight legs."),
        (r"\bbees?\b|\bhoney\b", "Bees make honey from the sweet juice of flowers."),
        (r"\bwater\b.*\b(?:freeze|ice)\b", "Water turns into ice when it is very cold."),
        (r"\bwater\b.*\bboil\b", "Water boils when it is very hot, and then it becomes steam."),
        (r"\bdiscord\b", "Discord is a place where people write and talk with each other."),
        (r"\b(?:are you|you're) (?:a )?(?:real|human|robot|person)\b", "I am a computer program, not a person."),
        (r"\bcan you hear\b", "I can read what you write, but I do not listen to your voice."),
        (r"^(?:hi|hello|hey|greetings|good day)\b", _greet),
    )
]
