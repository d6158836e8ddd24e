"""What speakers say of replies: a table by language, for the tests and for the benchmark that counts it."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from assistant.text.pipeline import TextPipeline

_FOLDER = Path(__file__).parent
_BEFORE = "1\n2\n"
"""Two pieces in front of each case, for the first two of a reply may be clauses and no whole sentences."""
_ALONE = "emoji alone"


@dataclass(frozen=True, slots=True)
class Case:
    """A reply in Markdown and what is to be said of it."""

    language: str
    """A gTTS code."""
    kind: str
    """What it is about. One that begins with "guard" was said so before its kind was mended, and has to stay so."""
    source: str
    said: tuple[str, ...]
    known_failure: str = ""
    """Why the code is known not to say it; "" when it has to."""


def cases() -> Iterator[Case]:
    """All cases, by language."""
    for path in sorted(_FOLDER.glob("*.toml")):
        for kind, source, said, *failure in tomllib.loads(path.read_text("utf-8"))["cases"]:
            yield Case(path.stem, kind, source, tuple(said), *failure)


def said_of(case: Case) -> tuple[str, ...]:
    """What the code says of a case."""
    spoken = TextPipeline(lambda _: case.language)
    before = "" if case.kind == _ALONE else _BEFORE
    pieces = tuple(sentence.said for sentence in (*spoken.feed(before + case.source), *spoken.finish()))
    return pieces if case.kind == _ALONE else pieces[2:]


def passed_cases() -> Iterator[tuple[Case, bool]]:
    """Each case, and whether the code says what is to be said."""
    for case in cases():
        yield case, said_of(case) == case.said
