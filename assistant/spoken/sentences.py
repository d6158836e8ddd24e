"""Streamed text to sentences fit to be read aloud."""

import re
from collections.abc import Iterator, Sequence

from assistant.breaks import character_boundary
from assistant.spoken import abbreviations

SHORTEST_CLAUSES = (12, 30)
"""How many characters the first piece of a reply needs, and the second, to be spoken before its sentence is
complete. The first is to be heard soon; while it is said, there is time for the next one, which may be longer. From
the third on, speech is so far ahead that sentences can be spoken whole."""

SHORTEST_BEFORE_A_JOINT = (24, 45)
"""The same where no mark, but only a conjunction tells that a clause ends: there it sounds less natural."""

SHORTEST_LIMIT = 20
"""The least limit that leaves room to cut between words."""

_BITE = 256
_CLOSERS = r"""(?:["'”’»›)\]*_」』）】》〉｣]|(?<=[.!?…,])[“‘]|[ ]»(?=\s|\Z))*"""
"""Closing quotation marks, brackets and marks; German closes with what English opens with, French behind a blank."""
_STOPS_ALONE = "。！？｡।։።፧។៕။།"
"""Full stops that need no blank behind them: Chinese, Hindi, Armenian, Ethiopic, Khmer, Burmese and Tibetan ones."""
_STOPS = f".!?…؟॥۔⁇⁈⁉‽\u037e{_STOPS_ALONE}"

_SUBORDINATORS = (
    r"but|because|which|who|when|while|if|where|after|before|until|although|though|since|than|that|so|"
    r"aber|weil|dass|wenn|obwohl|während|denn|sondern|mais|parce|quand|pero|porque|cuando"
)
_COORDINATORS = r"and|or|und|oder|et|ou|y|o"

_ENDS = re.compile(
    rf"""
    (?P<line>\n)
    | (?P<stop>(?:[{_STOPS}]|(?<=[α-ωά-ώ]);)+) (?P<closers>{_CLOSERS})
    | (?P<mark>[,;:،؛])
    | (?P<clause>
        —                           # often without spaces around it
        | (?<=\s)[-–](?=\s)
        | [，；：၊፣፤፥]
        | (?<=[\u3040-\u30ff])、      # a comma in Japanese; in Chinese it is between the things of a list
        | (?<=[\u0e00-\u0eff])[ ](?=[\u0e00-\u0eff])  # Thai and Lao have no full stops, but spaces
      )
    | (?P<joint>
        \s (?= (?:{_SUBORDINATORS}) \s )
        | (?<=[a-zà-ÿ]) \s (?= (?:{_COORDINATORS}) \s [a-zà-ÿ] )   # no name such as Romeo and Juliet
      )
    """,
    re.VERBOSE,
)
_DAY = re.compile(r"(?:0?[1-9]|[12]\d|3[01])\.(?:0?[1-9]|1[0-2])")
_CLOSING = re.compile(_CLOSERS)
_OPENERS = frozenset('"“‘«([*_')
_ENDS_SENTENCES = frozenset(f"\n;{_STOPS}")
_ENDS_ALONE = frozenset(_STOPS_ALONE)

_BREATHS = (
    re.compile(rf"[,;:،؛!?…]{_CLOSERS}(?=\s)|—|(?<=\s)[-–](?=\s)|[，；：、၊፣፤፥]"),
    re.compile(
        r"\s(?=(?:and|or|but|because|so|which|who|that|when|while|if|where|after|before|until|than|und|oder|aber|"
        r"weil|dass|et|ou|mais|y|o|pero|que)\s)",
        re.IGNORECASE,
    ),
)
"""Where a speaker would breathe inside a long sentence, best first."""


class SentenceCutter:
    """Cuts one reply, fed piece by piece as it arrives, into pieces to be spoken.

    A piece is a sentence, one of the first clauses of the reply, or part of a sentence that is longer than `limit`
    characters. Pieces come in order, have no blanks around them and single spaces inside; put together they are
    the text. An end is decided once what follows is seen, so the pieces do not depend on how the text was cut
    up on its way here.
    """

    def __init__(self, limit: int = 100) -> None:
        """`limit` is in characters, at least SHORTEST_LIMIT; gTTS cuts badly whatever is longer than 100."""
        if limit < SHORTEST_LIMIT:
            raise ValueError(f"a limit of {limit} characters leaves no room for words")
        self._limit = limit
        self._waiting = ""
        self._looked = 0  # up to where no end is left to be found in it
        self._is_undecided = False  # whether a stop is one shows in what follows
        self._given = 0

    def feed(self, delta: str) -> list[str]:
        """Take more text; the pieces that are now complete."""
        pieces: list[str] = []
        # In bites, so that one enormous delta costs no more than many small ones.
        for start in range(0, len(delta), _BITE):
            text = delta[start : start + _BITE]
            self._add(text)
            if self._may_end_in(text):
                pieces += self._complete_pieces(is_last=False)
        return pieces

    def finish(self) -> list[str]:
        """The text is over: the pieces that are left. The cutter may then be used for another reply."""
        self._waiting = self._waiting.rstrip()
        pieces = list(self._complete_pieces(is_last=True))
        self._waiting = ""
        self._looked = 0
        self._is_undecided = False
        self._given = 0
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
        """Whether a piece may be complete now that `text` was added: hardly ever, behind the first two."""
        return (
            self._given < len(SHORTEST_CLAUSES)
            or self._is_undecided
            or len(self._waiting) > self._limit
            or not _ENDS_SENTENCES.isdisjoint(text)
            or not text.isprintable()
        )

    def _end_of_clause(self, found: re.Match[str]) -> int | None:
        """Where a piece ends that need not be a whole sentence, at or behind `found`; None when it is none."""
        if self._given >= len(SHORTEST_CLAUSES):
            return None
        end = found.end() if not found["mark"] else _end_of_mark(self._waiting, found)
        shortest = SHORTEST_BEFORE_A_JOINT if found["joint"] else SHORTEST_CLAUSES
        return end if end is not None and shortest[self._given] <= end <= self._limit else None

    def _complete_pieces(self, *, is_last: bool) -> Iterator[str]:
        while (end := self._end_of_piece(is_last=is_last)) is not None:
            piece = self._waiting[:end].rstrip()
            self._waiting = self._waiting[end:].lstrip()
            self._looked = 0
            if piece:
                self._given += 1
                yield piece

    def _end_of_piece(self, *, is_last: bool) -> int | None:
        """How much of the waiting text makes the next piece, or None when more must be seen first."""
        text = self._waiting
        self._is_undecided = False
        for found in _ENDS.finditer(text, self._looked):
            if found.start("line") > self._limit or (not found["line"] and found.end() > self._limit):
                break
            if found["line"]:
                return found.end()
            if not found["stop"]:
                end = self._end_of_clause(found)
                if end is not None:
                    return end
                continue
            ends = _ends_sentence(text, found)
            if ends:
                return found.end()
            if ends is None and not is_last:
                self._is_undecided = True
                return None
        # Two characters past the limit decide whether a sentence ends exactly there.
        if len(text) > (self._limit if is_last else self._limit + 1):
            return _breath(text[: self._limit + 2], self._limit)
        # Whether a clause ends at a blank shows in the word behind it and the character behind that.
        self._looked = max(0, text.rfind(" ", 0, max(0, text.rfind(" "))))
        return len(text) if is_last and text else None


def _fold(text: str) -> str:
    """One space for any run of blanks, one line break for a run with a line break in it."""
    return re.sub(r"\s+", lambda blanks: "\n" if re.search(r"[\n\r\v\f\x85\u2028\u2029]", blanks[0]) else " ", text)


def _ends_sentence(text: str, found: re.Match[str]) -> bool | None:
    """Whether a sentence ends with the stop `found`; None when that shows only in what comes next."""
    end = found.end()
    if end == len(text):
        return None
    if text[end] == "\n" or not _ENDS_ALONE.isdisjoint(found["stop"]):
        return not (found["closers"] and text[end] in "とっ")  # 「…。」と言う quotes
    if not text[end].isspace():
        return False  # a decimal, an address, a file name, a version
    word = _word_before(text, found.start()) if found["stop"] == "." else ""
    following = text[end + 1 : end + 2]
    is_french = text[found.start() - 1 : found.start()] == " " and following in ("", "»")  # « Non ! » dit-elle.
    words = text[: found.start()].split()
    if not found["closers"] and not _may_be_abbreviated(word, words) and not is_french:
        return True
    if not following:
        return None
    is_quoted = found["closers"] and following.islower()  # "Stop!" he said.
    return not (is_quoted or _goes_on_after(word, words, following))


def _end_of_mark(text: str, found: re.Match[str]) -> int | None:
    """Where a clause ends that has a comma or the like behind it; None when none does, or that shows only later."""
    if found["mark"] in ",;" and _is_plain(text[: found.start()]):
        return found.end()
    closers = _CLOSING.match(text, found.end())
    end = closers.end() if closers else found.end()
    if text[found.start() - 1].isdigit() and not text[end + 1 : end + 2].isalpha():
        return None  # perhaps November 25, 2026
    return end if text[end : end + 1].isspace() else None  # not in 1,000 or 10:30


def _is_plain(text: str) -> bool:
    """Whether a comma here ends a clause whatever comes next: behind a word, and nothing that has to be closed."""
    word = _word_before(text, len(text)).replace("'", "").replace("’", "").replace("-", "")
    return word.isalpha() and _OPENERS.isdisjoint(text)


def _word_before(text: str, end: int) -> str:
    """The word that stands before a full stop, without opening quotes and brackets."""
    start = max(text.rfind(" ", 0, end), text.rfind("\n", 0, end)) + 1
    return text[start:end].lstrip("\"'“‘«([*_")


def _may_be_abbreviated(word: str, words: Sequence[str]) -> bool:
    """Whether only what follows can tell if the full stop after `word`, the last of `words`, ends a sentence."""
    lowered = word.lower()
    return (
        word.isdigit()
        or _DAY.fullmatch(word) is not None
        or _are_initials(word)
        or _is_dotted(word)
        or lowered in abbreviations.FIRST_OF_TWO
        or _is_second_of_two(words)
        or lowered in abbreviations.ALWAYS
        or lowered in abbreviations.BEFORE_A_NUMBER
        or lowered in abbreviations.UNLESS_A_CAPITAL_FOLLOWS
    )


def _are_initials(word: str) -> bool:
    """J, J.R, J.-C or U.S; not the word I."""
    return word != "I" and word.isupper() and all(len(part.strip("-")) == 1 for part in word.split("."))


def _is_dotted(word: str) -> bool:
    """Whether a word looks like an abbreviation of several in a language whose list lacks it: t.ex or м.б."""
    parts = word.split(".")
    return len(parts) > 1 and all(part.isalpha() and len(part) <= 3 for part in parts)


def _is_second_of_two(words: Sequence[str]) -> bool:
    return " ".join(words[-2:]).lower() in abbreviations.TWO_WORDS


def _goes_on_after(word: str, words: Sequence[str], following: str) -> bool:
    """Whether the sentence goes on after `word`, the last of its `words`, with the character `following`."""
    lowered = word.lower()
    if _DAY.fullmatch(word):  # am 24.12. so
        return following.islower() or following.isdigit()
    if word.isdigit():
        is_ordinal = len(words) == 1 or (len(word) <= 2 and words[-2].lower() in abbreviations.BEFORE_AN_ORDINAL)
        return is_ordinal or following.islower() or following.isdigit()
    if following in abbreviations.FIRST_OF_TWO.get(lowered, ()) or _is_second_of_two(words):
        return True
    if lowered in abbreviations.BEFORE_A_NUMBER:
        return following.isdigit() or _are_initials(word)
    is_initial = len(word) == 1 and word.isupper()
    is_weak = lowered in abbreviations.UNLESS_A_CAPITAL_FOLLOWS and not is_initial
    if not is_weak and (lowered in abbreviations.ALWAYS or _are_initials(word)):
        return True
    return (is_weak or _is_dotted(word)) and not following.isupper()


def parts_of(text: str, limit: int) -> Iterator[str]:
    """`text` in parts of at most `limit` characters, cut where a speaker would breathe; none is blank."""
    text = text.strip()
    while len(text) > limit:
        end = _breath(text[: limit + 2], limit)
        if part := text[:end].rstrip():
            yield part
        text = text[end:].lstrip()
    if text:
        yield text


def _breath(text: str, limit: int) -> int:
    """Where to cut a text that is longer than `limit`: as near to it as a speaker would."""
    for breath in _BREATHS:
        ends = [found.end() for found in breath.finditer(text) if limit // 3 <= found.end() <= limit]
        if ends:
            return ends[-1]
    space = text.rfind(" ", 1, limit + 1)
    return space if space > 0 else character_boundary(text, limit)
