"""Keeps what recognizers make of silence and noise from being taken for words.

They give subtitles' phrases ("Thank you for watching!"), credits, marks for sounds ("[Music]", "♪") and endless
repetitions. A person may say most of that too. So marks are always dropped, for nobody speaks them, and words only if
the turn holds too little of a voice for anybody to have said them.
"""

import re
import unicodedata
from typing import Final

from assistant.stt.known_inventions import CREDITS, PHRASES, SOUNDS

_LEAST_VOICE: Final = 0.12
"""Seconds. The shortest words of our recordings of people take longer."""
_FASTEST: Final = 60.0
"""Letters a second that nobody says. Of our recordings of people, the one with the quickest speech, in noise, has 35
letters for each second that stands out."""
_FASTEST_OF_KNOWN: Final = 40.0
"""The same for a phrase that is known to be made up."""
_SLACK: Final = 0.1
"""Seconds by which the voice of a known phrase must be longer."""
_IDEOGRAPH: Final = 2.5
"""A letter of Chinese, Japanese or Korean takes as long to say as so many others."""

_MARKS: Final = re.compile(
    r"<\|[^|>]{1,40}\|>"  # Whisper's own tokens
    r"|[♪♫♬♩🎵🎶]+"
    rf"|[\[(*（【［〈「『«]+\s*(?:(?:\w+[\s,]+){{0,3}}(?:{SOUNDS})(?:[\s,]+\w+){{0,3}})\s*[\])*）】］〉」』»]+[.!?。]?",
    re.IGNORECASE,
)
_ONLY_BRACKETS: Final = re.compile(
    r"(?:\s*(?:\[[^\]]{0,60}\]|\([^)]{0,60}\)|\*[^*]{1,60}\*|（[^）]{0,60}）|【[^】]{0,60}】))+\s*[.…]*\s*"
)


def plausible_text(text: str, voiced_seconds: float) -> str:
    """The words of `text` that somebody may have said, on one line; "" if none.

    `voiced_seconds` is how much of the turn stands out from silence and steady noise.
    """
    line = " ".join("".join(each if each.isprintable() else " " for each in text).split())
    if _ONLY_BRACKETS.fullmatch(line):
        return ""
    said = " ".join(_MARKS.sub(" ", line).split())
    letters = sum(_weight(each) for each in said if each.isalnum())
    if not letters or voiced_seconds < _LEAST_VOICE:
        return ""
    if letters > _FASTEST * voiced_seconds:
        return ""
    if is_known_invention(said) and letters > _FASTEST_OF_KNOWN * (voiced_seconds - _SLACK):
        return ""
    return said


def is_known_invention(text: str) -> bool:
    """Whether recognizers are known to make up this text; people may say it too."""
    words = words_alone(text)
    return words in PHRASES or CREDITS.search(words) is not None or _is_repetition(words.split())


def words_alone(text: str) -> str:
    """A text without punctuation, marks and capitals, for comparison."""
    folded = unicodedata.normalize("NFC", text).casefold().replace("'", "").replace("’", "")
    kept = (each if each.isalnum() or unicodedata.category(each).startswith("M") else " " for each in folded)
    return " ".join("".join(kept).split())


def _is_repetition(words: list[str]) -> bool:
    """Whether the same few words come again and again, four times or more."""
    for length in range(1, len(words) // 4 + 1):
        if all(word == words[number % length] for number, word in enumerate(words)):
            return True
    return False


def _weight(letter: str) -> float:
    return _IDEOGRAPH if unicodedata.category(letter) == "Lo" and ord(letter) >= 0x1100 else 1.0
