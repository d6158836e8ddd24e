"""Two hundred first answers, with the places where a speaker may pause: see README.md."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_FOLDER = Path(__file__).parent
_MARK = "|"


@dataclass(frozen=True, slots=True)
class FirstAnswer:
    """An answer in Markdown, and where a speaker may pause."""

    language: str
    """A gTTS code; zh stands for zh-CN."""
    number: int
    """Which of its language's it is, from 1."""
    text: str
    """The answer."""
    marked: str
    """The same with the marks."""

    def may_pause_after(self, spoken: str) -> bool:
        """Whether a speaker may pause behind these first words of it."""
        letters = _letters(spoken)
        parts = self.marked.split(_MARK)
        return letters in {_letters("".join(parts[:count])) for count in range(1, len(parts) + 1)}


def first_answers() -> Iterator[FirstAnswer]:
    """All of them, by language."""
    for path in sorted(_FOLDER.glob("*.txt")):
        for number, marked in enumerate(path.read_text("utf-8").strip().split("\n%\n"), 1):
            yield FirstAnswer(path.stem, number, marked.replace(_MARK, ""), marked)


def _letters(text: str) -> int:
    return sum(character.isalnum() for character in text)
