"""Where a speaker may pause first, in a text of which nobody knows the language yet."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Final

from assistant.text.segmentation.pause_words import BETWEEN, HALVES, OTHER_WORDS, PAUSE_WORDS, PauseWords

SHORTEST: Final = 12
"""The least length of a first piece that ends without a punctuation mark, as `spoken_length` counts it."""
SHORTEST_WHEN_LATE: Final = 8
"""The same when the text has been waiting."""

_SMALL_WORD: Final = re.compile(r"\s(?P<word>[^\W\d_]+(?:['’]|(?=\s)))(?:\s(?P<next>\S+)(?P<end>\s)?)?")
"""A word behind a space, which is complete, and what is known of the one behind it."""
_EDGES: Final = "\"'“”‘’«»„([{*_)]},;:!?…"
_BRACKETS: Final = (("(", ")"), ("[", "]"), ("«", "»"))
_WIDE: Final = re.compile(r"[\u1100-\u11ff\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uff60]")
_HAN: Final = r"\u4e00-\u9fff"
_NO_HIRAGANA: Final = rf"{_HAN}\u30a0-\u30ff0-9"
WITHOUT_SPACES: Final = rf"""
    (?<=[{_NO_HIRAGANA}])(?:には|では|とは|から|まで|は|が|を|に|で)(?=[{_NO_HIRAGANA}「])  # behind Japanese particles
    | を(?=[{_NO_HIRAGANA}])
    | (?<=[{_HAN}])(?=因[为為]|所以|但是|而且|然[后後]|如果|或者|以及|[并並]且|不[过過])  # Chinese: before a joint
"""
"""Where a speaker of a language without spaces may pause, as a verbose regular expression."""


def spoken_length(text: str) -> int:
    """How long a text takes to say, in Latin letters: a Chinese or Japanese character takes as long as two."""
    return len(text) + len(_WIDE.findall(text))


def may_pause(text: str, space: int, *, is_late: bool = False) -> bool:
    """Whether a speaker may pause first at a space of a text; False as long as too little is known behind it.

    Args:
        text: a sentence, or its beginning.
        space: the index of the space.
        is_late: whether the text has been waiting, so that a weaker place will do.
    """
    found = _SMALL_WORD.match(text, space)
    if found is None or spoken_length(text[:space]) < (SHORTEST_WHEN_LATE if is_late else SHORTEST):
        return False
    before = text[:space].split()
    if before[-1].endswith(".") or _is_open(text[:space]):
        return False
    word, following = found["word"].replace("’", "'"), _Following(found["next"] or "", is_whole=bool(found["end"]))
    forms = [_forms(other) for other in before]
    ending = {form for form in forms[-1] if before[-1].lower().strip(_EDGES).endswith(form)}  # of dell'acqua, acqua
    languages = _languages([*forms, frozenset((word,))])
    return bool(languages) and all(
        words.all.isdisjoint(ending)
        and (
            _is_joint(words, before[-1], word, following)
            or (word in words.coordinators and _joins_clauses(forms, before[-1], following))
            or (word in words.verbs and words.verbs.isdisjoint(chain.from_iterable(forms)))
            or (is_late and word in words.approximators)
        )
        for words in languages
    )


@dataclass(frozen=True, slots=True)
class _Following:
    """What is known of the word behind a small word."""

    text: str
    """Its beginning; empty where nothing is known."""
    is_whole: bool
    """Whether that is all of it."""

    def may_be(self, words: Iterable[str]) -> bool:
        """Whether it is one of these, or may become one."""
        text = self.text.strip(f"{_EDGES}.").lower()
        return text in words if self.is_whole else any(word.startswith(text) for word in words)


def _languages(words: Sequence[frozenset[str]]) -> Sequence[PauseWords]:
    """The languages to which the most of these words belong; none where it is more likely to be another one."""
    known = {language: _count(words, table.all) for language, table in PAUSE_WORDS.items()}
    most = max(known.values())
    if any(_count(words, others) > most for others in OTHER_WORDS.values()):
        return ()
    return [PAUSE_WORDS[language] for language, count in known.items() if count == most]


def _count(words: Sequence[frozenset[str]], table: frozenset[str]) -> int:
    return sum(not table.isdisjoint(word) for word in words)


def _forms(word: str) -> frozenset[str]:
    """A word as it may stand in the tables: whole, and both parts of an elision (qu'il, it's)."""
    word = word.strip(_EDGES).replace("’", "'").lower()
    head, mark, tail = word.partition("'")
    return frozenset((word, head, head + mark, tail)) - {""}


def _is_joint(words: PauseWords, last: str, word: str, following: _Following) -> bool:
    """Whether a word is a joint before which a speaker may pause, as far as the words around it tell."""
    if word not in words.joints and word not in words.particles:
        return False
    ends = words.joints | words.particles | words.coordinators | words.verbs | words.light
    if word in words.particles and following.may_be(ends):
        return False
    if any(map(str.isdigit, last)):  # 5 to 10
        return following.text[:1].isalpha()
    return not (
        word in words.in_names
        and last.lstrip(_EDGES)[:1].isupper()
        and (not following.text or following.text[0].isupper())
    )


def _joins_clauses(before: Sequence[frozenset[str]], last: str, following: _Following) -> bool:
    """Whether a coordinator does not just join two names, numbers, or a number and its half, as far as is known."""
    return (
        last.strip(_EDGES)[-1:].islower()
        and following.text[:1].islower()
        and not following.may_be(HALVES)
        and BETWEEN.isdisjoint(chain.from_iterable(before))
    )


def _is_open(text: str) -> bool:
    """Whether a text ends inside of brackets or quotation marks."""
    pairs = (*_BRACKETS, ("„", "“") if "„" in text else ("“", "”"))
    return text.count('"') % 2 == 1 or any(text.count(opening) > text.count(closing) for opening, closing in pairs)
