"""Reads marks of emphasis, spoilers and bars; what is done between asterisks gets a pause."""

import re
from typing import Final

from assistant.text.markdown.inline import LONGEST
from assistant.text.markdown.line_start import LONGEST_RUN
from assistant.text.markdown.placeholders import SPOILER

_ENDS: Final = frozenset('\n.!?…。！？"”»')
_SENTENCE_ENDS: Final = ".!?。！？।؟"
_TRAILING: Final = ("..", "…")
_PICTURE: Final = re.compile("[\U0001f000-\U0001faff\u2600-\u27bf\ufe0f]")


class Emphasis:
    """Reads the marks of one reply, one run after the other."""

    def __init__(self) -> None:
        self._action = ""  # the mark behind which an action began, as in *tilts head* How are you?
        self._is_small = False  # its first letter, which that of a sentence is not
        self._is_sure = False  # whether its marks are one asterisk, at the beginning of a sentence

    def end_line(self) -> None:
        """Forget what was open: an action has one line."""
        self._action = ""

    def read(self, held: str, before: str, *, is_last: bool) -> tuple[str, int] | None:
        """The text to read for the run of marks at the start of `held`, and its length; None if more is needed.

        Nothing is read for most marks; but a product, a name in snake_case and a bar can be read. `before` is the
        characters before it.
        """
        mark = held[0]
        run = len(held) - len(held.lstrip(mark))
        if run == len(held) and not is_last and run < LONGEST_RUN:
            return None
        run = min(run, LONGEST_RUN)
        if mark == "|" and run > 1:
            return _spoiler(held[:LONGEST], run, is_last=is_last)
        marks, after = mark * run, held[run : run + 2]
        if len(after) < 2 and mark in "*_" and not is_last:
            return None
        if run <= 3 and mark in "*_" and self._action != marks:
            self._action = marks if _may_begin_action(before, after[:1]) else ""
            self._is_small = after[:1].islower()
            self._is_sure = run == 1 and not before.rstrip(" ").endswith(_TRAILING)
        elif run <= 3 and mark in "*_":
            self._action = ""
            if self._ends_action(after):
                return "\n", run
        return _literally(marks, before, after), run

    def _ends_action(self, after: str) -> bool:
        """Whether an action ends before `after`, and no emphasized word that belongs to a sentence."""
        if self._is_small and after[:1].isupper():
            return True  # *waves*Hello
        if after[:1] != " ":
            return False
        return (self._is_sure and (self._is_small or _may_begin_sentence(after[1:]))) or (
            self._is_small and _may_begin_sentence(after[1:])
        )


def _spoiler(held: str, run: int, *, is_last: bool) -> tuple[str, int] | None:
    end = held.find("||", run)
    hidden = held[run : max(run, end)].strip(" *_~|")
    if hidden:
        return SPOILER + (hidden[-1] if hidden[-1] in _SENTENCE_ENDS else ""), end + 2
    return None if end < 0 and not is_last and len(held) < LONGEST else ("", run)


def _may_begin_action(before: str, after: str) -> bool:
    """Whether a sentence or a line begins with the mark."""
    before = before.rstrip(" ")
    begins = not before or before[-1] in _ENDS or _PICTURE.match(before[-1]) is not None
    return begins and bool(after) and not after.isspace()


def _may_begin_sentence(character: str) -> bool:
    """Whether a sentence may begin with it; emphasis inside of a sentence is followed by the next word of it."""
    return bool(character) and not (character.islower() or character.isdigit() or character.isspace())


def _literally(marks: str, before: str, after: str) -> str:
    mark, last = marks[0], before[-1:]
    after, behind = after[:1], after[1:]
    if mark == "_" and last.isalnum() and after.isalnum():
        return "" if last.isdigit() and after.isdigit() else " "
    if marks == "*":
        is_between_digits = last.isdigit() and after.isdigit()
        is_between_spaces = last == after == " " and before[-2:-1].isalnum()
        is_product = before[-2:-1].isdigit() or not before[-3:-2].isalpha() or behind.isdigit()
        return "×" if is_between_digits or (is_between_spaces and is_product) else ""
    return {"|": ",", "~": "~"}.get(marks, "")
