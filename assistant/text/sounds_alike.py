"""Whether two words sound alike, as somebody who only heard them would spell them: Mollie or Marley for Molly.

A recognizer writes a name as it knows it, and in the letters of the language that it hears: Молли, or モリー. The rules
are of English spelling and serve for names in other languages, too. Of Chinese letters only the same ones are alike.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from assistant.text.scripts import in_latin_letters
from assistant.text.turn_words.tokens import is_spaceless

_MOST_APART: Final = (0.0, 0.0, 0.2, 0.5, 0.6, 0.6, 0.7)
"""How far apart two words may be to sound alike, by the sounds that the name has: less than one consonant."""
_MOST_APART_IF_CUT: Final = 0.25
"""And if it is one word and the other two: "no way" is not Nova."""
_LONGEST: Final = 40
_EAST_ASIAN: Final = re.compile("[\u3040-\u30ff\uac00-\ud7a3]")
_EAST_ASIAN_SPELLINGS: Final = ((r"[rl]+", "L"), (r"(?<=[bcdfghkmnpstzL])u|(?<=[td])o", "U"))
"""What kana and Hangul can't tell: r from l, and a vowel that is only there since a consonant can't stand alone."""
_SILENT_E: Final = ((r"(?<=[a-z][^aeiouy])e$", ""),)
_SPELLINGS: Final = (
    (r"(.)\1+", r"\1"),
    (r"^(kn|gn|pn)", "n"),
    (r"^wr", "r"),
    (r"^x", "s"),
    (r"(?<=[iy])j(?=[aeou])", ""),
    (r"dzh|dj|gi(?=[aou])|j|dg(?=[eiy])", "J"),
    (r"y(?=[aouU])|^y(?=e)", "j"),
    (r"tch|sch|ch|sh|cz|zh|(?<=.)s(?=[iyjJ][aou])", "S"),
    (r"(?<=[JS])[iyjJ](?=[aou])", ""),
    (r"ph", "f"),
    (r"gh(?=t|$)", ""),
    (r"ck|qu|q|c(?![eiy])", "k"),
    (r"c", "s"),
    (r"x", "ks"),
    (r"g(?=[eiy])", "J"),
    (r"th", "t"),
    (r"ew(?![aeiouy])", "u"),
    (r"(?<=[ao])w(?![aeiouy])", "u"),
    (r"w", "v"),
    (r"z", "s"),
    (r"(?<!^)h", ""),
    (r"(?<=[^aeiouy])[iy]j?[ao]$", "jA"),
    (r"(?<!^)[ae]r$", "Ar"),
    (r"r(?=[^aeiouyjl])", "R"),
    (r"[aou]*a[iy]|ea|ae", "Y"),
    (r"(?<!^)[aoueiy]*[eiy]$", "I"),
    (r"[aoueiy]*[aou]$", "A"),
    (r"[eiy]+[aou]*", "E"),
    (r"[aou]+[eiy]*", "A"),
)
"""How letters sound. A is a dark vowel, E a bright one, I a bright one at the end, Y between both; S is as in "she", J
as in "joy", j as in "you", and R is an r before a consonant."""
_VOWELS: Final = frozenset("AEIYU")
_NEAR_COST: Final[Mapping[frozenset[str], float]] = {
    **{frozenset(pair): 0.3 for pair in ("bp", "dt", "gk", "fv", "bv", "sS", "SJ", "gJ", "AY", "EY", "EI", "IY")},
    **{frozenset(pair): 0.1 for pair in ("Lr", "Ll", "UA", "Rr", "LR")},
    frozenset("Jj"): 0.35,
    frozenset("hj"): 0.35,
    frozenset("rl"): 0.5,
    frozenset("Sk"): 0.5,
    frozenset("mn"): 0.7,
    frozenset("AE"): 0.65,
    frozenset("AI"): 0.65,
}
_LOST_IN_KANA: Final = 0.15
"""How much farther apart a name may be in letters which can't write all sounds, nor an r that ends a syllable."""
_BEFORE_R: Final = 0.25
"""Vowels before an r that ends a syllable: Jarvis and Jervis."""
_IN_FRONT: Final = 1.5
"""How much more a changed consonant counts where a word begins."""
_LEAST_SPLIT: Final = 4
"""A name of fewer sounds is not looked for in two words: "I'm a" is not Emma."""
_MOST_LETTERS: Final = 10
"""How many letters of a script without spaces a name may have."""


def sound_of(word: str) -> str:
    """A word as it sounds, a letter for each sound; the word itself where it can't be written in Latin letters."""
    letters = in_latin_letters(word)[:_LONGEST]
    if not re.search("[a-z]", letters):
        return letters
    is_east_asian = _EAST_ASIAN.search(word) is not None
    for pattern, sound in (*(_EAST_ASIAN_SPELLINGS if is_east_asian else _SILENT_E), *_SPELLINGS):
        letters = re.sub(pattern, sound, letters)
    return re.sub(r"(.)\1+", r"\1", letters)


def sound_alike(name: str, heard: str) -> bool:
    """Whether a word could be a name, heard."""
    wanted = sound_of(name)
    return _is_alike(wanted, heard, _most_apart(wanted))


def _most_apart(wanted: str) -> float:
    return _MOST_APART[min(len(wanted), len(_MOST_APART) - 1)]


def _is_alike(wanted: str, heard: str, most_apart: float) -> bool:
    """Whether a word may be what is wanted, which is given by its sound."""
    if _EAST_ASIAN.search(heard):
        wanted, most_apart = re.sub("R|r$", "", wanted), most_apart + _LOST_IN_KANA
    sound = sound_of(heard)
    return abs(len(wanted) - len(sound)) < len(_MOST_APART) and distance(wanted, sound) <= most_apart


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
    if sound in "Rj":
        return 0.65
    if sound == "U":
        return 0.1
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
    return sounds[place + 1 : place + 2] in ("r", "R") and sounds[place + 2 : place + 3] not in _VOWELS


def runs_that_sound_like(name: str, words: Sequence[str]) -> list[tuple[int, int]]:
    """Where a name, of one word or several, is heard in a text: the places of its first word and after its last.

    `words` are as `tokens_of` gives them.
    """
    wanted = sound_of(name)
    parts = len(re.findall(r"\w+", name))
    found = []
    for start in range(len(words)):
        for length in _lengths(parts, words[start:], may_be_split=len(wanted) >= _LEAST_SPLIT):
            run = words[start : start + length]
            is_whole = length == parts or is_spaceless(run[0])
            if _is_alike(wanted, "".join(run), _most_apart(wanted) if is_whole else _MOST_APART_IF_CUT):
                found.append((start, start + length))
    return found


def _lengths(parts: int, words: Sequence[str], *, may_be_split: bool) -> Sequence[int]:
    """In how many of the words with which a text begins a name may stand."""
    if is_spaceless(words[0]):
        other = next((place for place, word in enumerate(words) if not is_spaceless(word)), len(words))
        return range(1, min(other, _MOST_LETTERS) + 1)
    lengths = {parts, *((parts + 1,) if may_be_split else ()), max(parts - 1, 1)}
    return [length for length in sorted(lengths) if length <= len(words)]
