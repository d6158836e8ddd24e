"""Whether two words sound alike, as somebody who only heard them would spell them: Mollie or Marley for Molly.

A recognizer writes a name as it knows it. The rules are of English spelling and serve for names in other languages that
are written in Latin letters; in other scripts a name has to be written as it is.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Final

_MOST_APART: Final = 0.6
"""How far apart two words may be to sound alike: less than one consonant."""
_MOST_APART_IF_LONG: Final = 0.7
_LONG: Final = 6
"""Sounds."""
_LONGEST: Final = 40
_SPELLINGS: Final = (
    (r"^(kn|gn|pn)", "n"),
    (r"^wr", "r"),
    (r"^x", "s"),
    (r"tch|ch|sch|sh|cz|cs|tsch", "S"),
    (r"ph", "f"),
    (r"gh(?=t|$)", ""),
    (r"ck|cc|qu|q|c(?![eiy])", "k"),
    (r"c", "s"),
    (r"x", "ks"),
    (r"dg(?=[eiy])|j|g(?=[eiy])", "J"),
    (r"th", "t"),
    (r"w", "v"),
    (r"z", "s"),
    (r"(?<!^)h", ""),
    (r"[aouw]*a[iy]|ea|ae", "Y"),
    (r"(?<!^)[aoueiy]*[eiy]$", "I"),
    (r"[aoueiy]*[aou]$", "A"),
    (r"[eiy]+[aou]*", "E"),
    (r"[aou]+[eiy]*", "A"),
)
"""How letters sound. A is a dark vowel, E a bright one, I a bright one at the end, Y between both."""
_VOWELS: Final = frozenset("AEIY")
_NEAR_COST: Final[Mapping[frozenset[str], float]] = {
    **{frozenset(pair): 0.3 for pair in ("bp", "dt", "gk", "fv", "sS", "SJ", "gJ", "AY", "EY", "EI", "IY")},
    frozenset("rl"): 0.5,
    frozenset("Sk"): 0.5,
    frozenset("mn"): 0.7,
    frozenset("AE"): 0.65,
    frozenset("AI"): 0.65,
}
_BEFORE_R: Final = 0.25
"""Vowels before an r that ends a syllable: Jarvis and Jervis."""
_IN_FRONT: Final = 1.5
"""How much more a changed consonant counts where a word begins."""
_LEAST_SPLIT: Final = 4
"""A name of fewer sounds is not looked for in two words: "I'm a" is not Emma."""


def sound_of(word: str) -> str:
    """A word as it sounds, a letter for each sound; the word itself where it has no Latin letter."""
    plain = unicodedata.normalize("NFKD", word.casefold())
    letters = "".join(letter for letter in plain if letter.isalpha())[:_LONGEST]
    if not re.search("[a-z]", letters):
        return letters
    letters = re.sub(r"(?<=[a-z])e$", "", letters) if re.search(r"[^aeiouy]e$", letters) else letters
    for pattern, sound in _SPELLINGS:
        letters = re.sub(pattern, sound, letters)
    return re.sub(r"(.)\1+", r"\1", letters)


def sound_alike(one: str, other: str) -> bool:
    """Whether two words could be the same one, heard."""
    return _are_alike(sound_of(one), sound_of(other))


def _are_alike(one: str, other: str) -> bool:
    most = _MOST_APART if len(one) < _LONG else _MOST_APART_IF_LONG
    return abs(len(one) - len(other)) < _LONG and distance(one, other) <= most


def distance(one: str, other: str) -> float:
    """How far two sounds are apart: 1.0 for a consonant more or another one, less for what is easily confused."""
    before = [0.0]
    for place in range(len(other)):
        before.append(before[-1] + _missing_cost(other, place))
    for place in range(len(one)):
        row = [before[0] + _missing_cost(one, place)]
        for index in range(len(other)):
            row.append(
                min(
                    before[index] + _changed_cost(one, place, other, index),
                    before[index + 1] + _missing_cost(one, place),
                    row[index] + _missing_cost(other, index),
                )
            )
        before = row
    return before[-1]


def _missing_cost(sounds: str, place: int) -> float:
    """What it costs that a sound is only in one of two words."""
    sound = sounds[place]
    if sound == "r":
        return 0.4 if place else 1.0  # many speakers leave it out, but not in front
    if sound in _VOWELS:
        return 0.4 if 0 < place < len(sounds) - 1 else 0.75
    return 1.0


def _changed_cost(one: str, place: int, other: str, index: int) -> float:
    """What it costs that another sound was heard."""
    said, heard = one[place], other[index]
    if said == heard:
        return 0.0
    pair = frozenset((said, heard))
    if pair <= _VOWELS and _ends_in_r(one, place) and _ends_in_r(other, index):
        return _BEFORE_R
    cost = _NEAR_COST.get(pair, 1.0)
    return cost if (place and index) or pair <= _VOWELS else cost * _IN_FRONT


def _ends_in_r(sounds: str, place: int) -> bool:
    """Whether a vowel is followed by an r and then by no vowel."""
    return sounds[place + 1 : place + 2] == "r" and sounds[place + 2 : place + 3] not in _VOWELS


def runs_that_sound_like(name: str, words: Sequence[str]) -> list[tuple[int, int]]:
    """Where a name, of one word or several, is heard in a text: the places of its first word and after its last."""
    wanted = sound_of(name)
    parts = len(name.split())
    lengths = {parts, *((parts + 1,) if len(wanted) >= _LEAST_SPLIT else ()), max(parts - 1, 1)}
    found = []
    for start in range(len(words)):
        for length in sorted(lengths):
            run = words[start : start + length]
            if len(run) != length:
                continue
            heard = sound_of("".join(run))
            if _are_alike(wanted, heard) if length == parts else distance(wanted, heard) <= _MOST_APART:
                found.append((start, start + length))
    return found
