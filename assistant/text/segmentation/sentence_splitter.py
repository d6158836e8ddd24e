"""Splits streamed text into sentences to be read aloud."""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from assistant.text.segmentation.abbreviations import STARTERS
from assistant.text.segmentation.clause_splitter import CLOSERS, breath
from assistant.text.segmentation.first_pause import WITHOUT_SPACES, may_pause, spoken_length
from assistant.text.segmentation.sentence_ends import goes_on_after, may_be_abbreviated, next_word, word_before

SHORTEST_CLAUSES: Final = (12, 30)
"""The minimum lengths, in characters, of the first and second piece of a reply that may be less than a sentence; those
of the first are counted by `spoken_length`. The first should be heard soon. While it is spoken, there is time for a
longer second one. From the third on, synthesis is so far ahead that whole sentences can be spoken."""

SHORTEST_SECOND_BEFORE_A_JOINT: Final = 45
"""That of the second piece where only a conjunction, not punctuation, ends the clause: a cut sounds less natural there.
For the first one, `may_pause` decides."""

SHORTEST_LIMIT: Final = 20
"""The smallest limit that leaves room to cut between words."""

_BITE: Final = 256
_STOPS_ALONE: Final = "。！？｡।։።፧។៕။།"
"""Full stops that need no space after them: Chinese, Hindi, Armenian, Ethiopic, Khmer, Burmese and Tibetan ones."""
_STOPS: Final = f".!?…؟॥۔⁇⁈⁉‽\u037e{_STOPS_ALONE}"

_SUBORDINATORS: Final = (
    r"but|because|which|who|when|while|if|where|after|before|until|although|though|since|than|that|so|"
    r"aber|weil|dass|wenn|obwohl|während|denn|sondern|mais|parce|quand|pero|porque|cuando"
)
_COORDINATORS: Final = r"and|or|und|oder|et|ou|y|o"

_MARKS: Final = rf"""
    (?P<line>\n)
    | (?P<stop>(?:[{_STOPS}]|(?<=[α-ωά-ώ]);)+) (?P<closers>{CLOSERS})
    | (?P<mark>[,;:،؛])
    | (?P<clause>
        (?<!\d)—                    # often without spaces around it
        | (?<=\s)(?<![\d%€$£°mM.]\s)[-–](?=\s)  # no range, such as 9:00 - 17:00
        | [，；：၊፣፤፥]
        | (?<=[\u3040-\u30ff])、      # a comma in Japanese; in Chinese it is between the things of a list
        | (?<=[\u0e00-\u0eff])[ ](?=[\u0e00-\u0eff])  # Thai and Lao have no full stops, but spaces
      )
"""
_FIRST_ENDS: Final = re.compile(rf"{_MARKS} | (?P<joint>{WITHOUT_SPACES}) | (?P<space>[ ])", re.VERBOSE)
"""Where the first piece may end."""
_ENDS: Final = re.compile(
    rf"""
    {_MARKS}
    | (?P<joint>
        \s (?= (?:{_SUBORDINATORS}) \s )
        | (?<=[a-zà-ÿ]) \s (?= (?:{_COORDINATORS}) \s [a-zà-ÿ] )   # no name such as Romeo and Juliet
      )
    | (?P<space>(?!))
    """,
    re.VERBOSE,
)
"""Where others may."""
_CLOSING: Final = re.compile(CLOSERS)
_OPENERS: Final = frozenset('"“‘«([*_')
_ENDS_SENTENCES: Final = frozenset(f"\n;{_STOPS}")
_ENDS_ALONE: Final = frozenset(_STOPS_ALONE)


class Piece(NamedTuple):
    """A piece of a reply."""

    text: str
    """What is to be spoken."""
    goes_on: bool
    """Whether it was cut inside of a sentence."""


class SentenceSplitter:
    """Splits one reply, fed as it arrives, into pieces to be spoken.

    A piece is a sentence, one of the first clauses of the reply, or part of a sentence that is longer than `limit`
    characters. The pieces come in order, trimmed and with single spaces; together they are the text. An end is decided
    only when enough of what follows is known, so the pieces do not depend on how the text was chunked.
    """

    def __init__(self, limit: int = 100) -> None:
        """`limit` is in characters, at least SHORTEST_LIMIT. gTTS splits texts of more than 100 badly."""
        if limit < SHORTEST_LIMIT:
            raise ValueError(f"a limit of {limit} characters leaves no room for words")
        self._limit = limit
        self._waiting = ""
        self._looked = 0  # no end is left to find before this index
        self._is_undecided = False  # what follows decides whether the stop ends a sentence
        self._given = 0
        self._is_late = False

    def feed(self, delta: str) -> list[Piece]:
        """Take more text; return the pieces that are now complete."""
        pieces: list[Piece] = []
        # In small pieces, so that one huge delta costs no more than many small ones.
        for start in range(0, len(delta), _BITE):
            text = delta[start : start + _BITE]
            self._add(text)
            if self._may_end_in(text):
                pieces += self._complete_pieces(is_last=False)
        return pieces

    def hurry(self) -> list[Piece]:
        """The first piece has been waited for: be content with a weaker place for it; return it if it is there.

        The last word so far is taken as whole. To be called again when no more text has come.
        """
        if self._given or not self._waiting:
            return []
        self._is_late = True
        self._looked = 0
        self._waiting += " "
        pieces = list(self._complete_pieces(is_last=False))
        self._waiting = self._waiting.removesuffix(" ")  # what comes next may go on with the word
        self._looked = 0
        return pieces

    def finish(self) -> list[Piece]:
        """End the text; return the pieces that are left. The splitter can then be used for another reply."""
        self._waiting = self._waiting.rstrip()
        pieces = list(self._complete_pieces(is_last=True))
        self._waiting = ""
        self._looked = 0
        self._is_undecided = False
        self._given = 0
        self._is_late = False
        return pieces

    def _add(self, text: str) -> None:
        last = self._waiting[-1:]
        if text.isprintable() and "  " not in text and not (text[:1] == " " and last in "\n "):
            self._waiting += text  # nothing to fold, as nearly always
        elif last.isspace():
            self._waiting = self._waiting[:-1] + _fold(last + text)
        else:
            self._waiting += _fold(text) if last else _fold(text).lstrip()

    def _may_end_in(self, text: str) -> bool:
        """Whether a piece may be complete now that `text` was added; after the first two pieces, hardly ever."""
        return (
            self._given < len(SHORTEST_CLAUSES)
            or self._is_undecided
            or len(self._waiting) > self._limit
            or not _ENDS_SENTENCES.isdisjoint(text)
            or not text.isprintable()
        )

    def _end_of_clause(self, found: re.Match[str]) -> int | None:
        """Where a piece that need not be a whole sentence ends, at or after `found`; None if it does not end there."""
        if self._given >= len(SHORTEST_CLAUSES):
            return None
        if found["space"]:
            return found.start() if may_pause(self._waiting, found.start(), is_late=self._is_late) else None
        end = found.end() if not found["mark"] else _end_of_mark(self._waiting, found)
        if end is None or end > self._limit:
            return None
        if self._given:
            shortest = SHORTEST_SECOND_BEFORE_A_JOINT if found["joint"] else SHORTEST_CLAUSES[1]
            return end if end >= shortest else None
        return end if spoken_length(self._waiting[:end]) >= SHORTEST_CLAUSES[0] else None

    def _complete_pieces(self, *, is_last: bool) -> Iterator[Piece]:
        while (found := self._end_of_piece(is_last=is_last)) is not None:
            end, goes_on = found
            piece = self._waiting[:end].rstrip()
            self._waiting = self._waiting[end:].lstrip()
            self._looked = 0
            if piece:
                self._given += 1
                yield Piece(piece, goes_on)

    def _end_of_piece(self, *, is_last: bool) -> tuple[int, bool] | None:
        """The length of the next piece in the waiting text, and whether its sentence goes on; None: more is needed."""
        text = self._waiting
        self._is_undecided = False
        for found in (_ENDS if self._given else _FIRST_ENDS).finditer(text, self._looked):
            if found.start("line") > self._limit or (not found["line"] and found.end() > self._limit):
                break
            if found["line"]:
                return found.end(), False
            if not found["stop"]:
                end = self._end_of_clause(found)
                if end is not None:
                    return end, True
                continue
            ends = _ends_sentence(text, found, is_last=is_last)
            if ends:
                return found.end(), False
            if ends is None and not is_last:
                self._is_undecided = True
                return None
        # Two more characters decide whether a sentence ends exactly at the limit.
        if len(text) > (self._limit if is_last else self._limit + 1):
            return breath(text[: self._limit + 2], self._limit), True
        # Whether a clause ends at a space depends on the next word and the character after it.
        self._looked = max(0, text.rfind(" ", 0, max(0, text.rfind(" "))))
        return (len(text), False) if is_last and text else None


def _fold(text: str) -> str:
    """Replace each run of whitespace by one space, or by one line break if it contains one."""
    return re.sub(r"\s+", lambda blanks: "\n" if re.search(r"[\n\r\v\f\x85\u2028\u2029]", blanks[0]) else " ", text)


def _ends_sentence(text: str, found: re.Match[str], *, is_last: bool) -> bool | None:
    """Whether a sentence ends with the stop `found`; None if that depends on what comes next."""
    end = found.end()
    if end == len(text):
        return None
    if text[end] == "\n" or not _ENDS_ALONE.isdisjoint(found["stop"]):
        return not (found["closers"] and text[end] in "とっ")  # 「…。」と言う quotes
    if not text[end].isspace():
        return False  # a decimal, an address, a file name, a version
    word = word_before(text, found.start()) if found["stop"] == "." else ""
    following = text[end + 1 : end + 2]
    is_french = text[found.start() - 1 : found.start()] == " " and following in ("", "»")  # « Non ! » dit-elle.
    words = text[: found.start()].split()
    if not found["closers"] and not may_be_abbreviated(word, words) and not is_french:
        return True
    is_quoted = found["closers"] and following.islower()  # "Stop!" he said.
    goes_on = is_quoted or (goes_on_after(word, words, following) if following else None)
    if goes_on is None:
        begun = next_word(f"{text}\n" if is_last else text, end + 1) if following else None
        return None if begun is None else begun in STARTERS
    return not goes_on


def _end_of_mark(text: str, found: re.Match[str]) -> int | None:
    """Where a clause with a comma or the like ends; None if none does, or if that only shows later."""
    if found["mark"] in ",;" and _is_plain(text[: found.start()]):
        return found.end()
    closers = _CLOSING.match(text, found.end())
    end = closers.end() if closers else found.end()
    if text[found.start() - 1].isdigit() and not text[end + 1 : end + 2].isalpha():
        return None  # perhaps November 25, 2026
    return end if text[end : end + 1].isspace() else None  # not in 1,000 or 10:30


def _is_plain(text: str) -> bool:
    """Whether a comma here ends a clause whatever comes next: after a word, outside of quotes and brackets."""
    word = word_before(text, len(text)).replace("'", "").replace("’", "").replace("-", "")
    return word.isalpha() and _OPENERS.isdisjoint(text)
