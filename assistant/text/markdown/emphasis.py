"""Reads marks of emphasis, spoilers and bars; what is done between asterisks gets a pause."""

from typing import Final

from assistant.text.markdown.inline import LONGEST
from assistant.text.markdown.line_start import LONGEST_RUN
from assistant.text.markdown.placeholders import SPOILER

_ENDS: Final = frozenset('\n.!?。！？"”»')


class Emphasis:
    """Reads the marks of one reply, one run after the other."""

    def __init__(self) -> None:
        self._action = ""  # the mark behind which an action began, as in *tilts head* How are you?
        self._is_small = False  # its first letter, which that of a sentence is not

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
        if run == 1 and mark in "*_" and self._action != mark:
            self._action = mark if _may_begin_action(before, held[1:2]) else ""
            self._is_small = held[1:2].islower()
        elif run == 1 and mark in "*_":
            if len(held) < 3 and not is_last:
                return None
            self._action = ""
            if held[1:2] == " " and (self._is_small or _may_begin_sentence(held[2:3])):
                return "\n", run
        return _literally(mark * run, before, held[run : run + 1]), run


def _spoiler(held: str, run: int, *, is_last: bool) -> tuple[str, int] | None:
    end = held.find("||", run)
    if end >= 0 and held[run:end].strip():
        return SPOILER, end + 2
    return None if end < 0 and not is_last and len(held) < LONGEST else ("", run)


def _may_begin_action(before: str, after: str) -> bool:
    """Whether a sentence or a line begins with the mark."""
    before = before.rstrip(" ")
    begins = not before or (before[-1] in _ENDS and not before.endswith(".."))
    return begins and bool(after) and not after.isspace()


def _may_begin_sentence(character: str) -> bool:
    """Whether a sentence may begin with it; emphasis inside of a sentence is followed by the next word of it."""
    return bool(character) and not (character.islower() or character.isdigit() or character.isspace())


def _literally(marks: str, before: str, after: str) -> str:
    mark, last = marks[0], before[-1:]
    if mark == "_" and last.isalnum() and after.isalnum():
        return "" if last.isdigit() and after.isdigit() else " "
    if marks == "*":
        is_between_digits = last.isdigit() and after.isdigit()
        is_between_spaces = last == after == " " and before[-2:-1].isalnum()
        return "×" if is_between_digits or is_between_spaces else ""
    return {"|": ",", "~": "~"}.get(marks, "")
