"""What is said while another one speaks: "mhm", which only says "I listen", and "stop", which means it."""

import math
import re
from collections.abc import Collection
from typing import Final

from assistant.text.sounds_alike import runs_that_sound_like
from assistant.text.turn_words.table import TURN_WORDS, Phrase, TurnWords, length_of_first
from assistant.text.turn_words.tokens import is_spaceless, tokens_of

_NOTES: Final = re.compile(r"\[[^\]]*\]|\([^)]*\)|\*[^*]*\*|（[^）]*）|【[^】]*】")
"""What recognizers write for a sound: "[laughter]"."""
_LAUGHTER: Final = re.compile(
    r"(?:[bm]?w?[aeouаеоу])?([hjxх][aeiouаеиоä])\1+[hjxх]?|[hх][aeiouаеио]h?|j[aeio]|(?:rs)+|ww|kk|ㅋㅋ|ㅎㅎ|[哈呵嘿嘻はへふひハヘフヒ]"
)
"""A word of it, as `tokens_of` gives it."""
_NOT_ALONE: Final = frozenset("はへふひハヘフヒ") | {"ja", "je", "ji", "jo", "he", "hi", "ho", "hu", "хе", "хи", "rs"}
"""Laughter only if it comes again: they are words, too."""
_LETTERS_OF_A_WORD: Final = (("\u4e00", 2), ("\u3040", 3), ("\u0000", 4))
"""How many letters a word has, about, in scripts without spaces: Chinese, kana and those of South East Asia, by the
first letter of the script."""
_HUM: Final = re.compile(r"[aeiouy]*(?:[hm]+[aeiouy]*[nr]?[aeiouy]*){1,2}")
"""A word that sounds like a hum: one or two syllables of "h" or "m" and vowels."""
_LONGEST_HUM: Final = 6
"""Letters."""
_FOR_LAUGHTER: Final = "you"
"""What recognizers write for laughter, and nobody says alone."""
_NO_HUM: Final = frozenset(
    ["hair", "hear", "here", "home", "honey", "hour", "human", "many", "me", "memory", "mine", "money", "more", "my"]
)
"""Words of such sounds that somebody may mean who says nothing else."""
_STOP_BEHIND_A_NAME: Final = frozenset([("stopped",), ("stops",), ("stop", "to")])
"""What recognizers make of "Molly, stop": moonshine writes "Molly stopped." for it."""


def is_backchannel(text: str) -> bool:
    """Whether a text is nothing but signs of listening, and laughter: "mhm", "yeah, right", "ha ha ha"."""
    without_notes = _NOTES.sub(" ", text)
    tokens = tokens_of(without_notes)
    if not tokens:
        return without_notes != text
    return _is_laughter(tokens) or any(_is_made_of(tokens, _listening(words)) for words in TURN_WORDS.values())


def may_be_hum(text: str) -> bool:
    """Whether a text is what recognizers make of "mhm" when they take it for a word: "Her.", "Homer.", "Mum!".

    It is one short word of "h", "m" and vowels, maybe with an "n" or "r" behind these, and no question; or the "you"
    that they write for laughter. Such a word may be meant all the same: this is for what is said over an answer.
    """
    tokens = tokens_of(text)
    if len(tokens) != 1 or "?" in text or tokens[0] in _NO_HUM:
        return False
    is_hum = len(tokens[0]) <= _LONGEST_HUM and _HUM.fullmatch(tokens[0]) is not None
    return is_hum or tokens[0] == _FOR_LAUGHTER


def word_count(text: str) -> int:
    """How many words of a text count as saying something: neither the signs of listening before them, nor "um".

    In scripts without spaces it is an estimate from the letters.
    """
    if is_backchannel(text):
        return 0
    tokens = tokens_of(_NOTES.sub(" ", text))
    count = max(_leading_backchannels(tokens, words) for words in TURN_WORDS.values())
    fillers = frozenset().union(*(words.fillers for words in TURN_WORDS.values()))
    rest = [token for token in tokens[count:] if (token,) not in fillers and not _is_laugh(token)]
    spaceless = [token for token in rest if is_spaceless(token)]
    return len(rest) - len(spaceless) + math.ceil(sum(1 / _letters_of_a_word(token) for token in spaceless))


def is_stop(text: str, name: str = "") -> bool:
    """Whether a text asks for silence and nothing else: "stop", "Molly, please be quiet", "that's enough".

    `name` is the assistant's; it may be said in any place, as anybody would write it who only heard it.
    """
    tokens = tokens_of(text)
    named = runs_that_sound_like(name, tokens) if name else []
    without_name = [tokens[:start] + tokens[end:] for start, end in named]
    if any(rest in _STOP_BEHIND_A_NAME for rest in without_name):
        return True
    return any(_asks_for_silence(rest, words) for rest in (tokens, *without_name) for words in TURN_WORDS.values())


def _listening(words: TurnWords) -> frozenset[Phrase]:
    return words.backchannels | words.fillers


def _is_made_of(tokens: Phrase, phrases: Collection[Phrase]) -> bool:
    while tokens:
        length = length_of_first(tokens, phrases) or _is_laugh(tokens[0])
        if not length:
            return False
        tokens = tokens[length:]
    return True


def _leading_backchannels(tokens: Phrase, words: TurnWords) -> int:
    count = 0
    while length := length_of_first(tokens[count:], _listening(words)):
        count += length
    return count


def _is_laughter(tokens: Phrase) -> bool:
    return (len(tokens) > 1 or tokens[0] not in _NOT_ALONE) and all(map(_LAUGHTER.fullmatch, tokens))


def _is_laugh(token: str) -> bool:
    return token not in _NOT_ALONE and _LAUGHTER.fullmatch(token) is not None


def _letters_of_a_word(token: str) -> int:
    return next(letters for first, letters in _LETTERS_OF_A_WORD if token >= first)


def _asks_for_silence(tokens: Phrase, words: TurnWords) -> bool:
    is_asked = False
    while tokens:
        length = length_of_first(tokens, words.stop)
        beside = length_of_first(tokens, words.beside_stop)
        if not max(length, beside):
            return False
        is_asked = is_asked or length >= beside
        tokens = tokens[max(length, beside) :]
    return is_asked
