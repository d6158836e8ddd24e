"""The text of a reply that was given out, and may prove to be a thought."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby


@dataclass(frozen=True, slots=True)
class Retraction:
    """Stands in a reply for: all text before this was no part of it."""


class RetractableText:
    """What one reply is to show, in its order."""

    def __init__(self) -> None:
        self.is_shown = False
        """Whether there is text that is not blank, behind all thoughts."""
        self.lacks_opening = False
        """Whether text proved to be a thought that nothing had opened."""
        self._is_doubtful = False  # what was given out is taken back as soon as an answer follows
        self._is_unopened = False  # nothing opened the thought that would be taken back then
        self._out: list[str | Retraction] = []

    def add(self, text: str) -> None:
        """More of the reply."""
        if text and not text.isspace():
            self.confirm()
        if text:
            self._out.append(text)
            self.is_shown = self.is_shown or not text.isspace()

    def doubt(self, *, is_unopened: bool) -> None:
        """A thought was closed: what was shown is taken back if an answer follows.

        Args:
            is_unopened: whether there was no tag before that could have opened it.
        """
        self._is_doubtful = self.is_shown
        self._is_unopened = self.is_shown and is_unopened
        self.is_shown = False

    def confirm(self) -> None:
        """What was doubtful was a thought, as an answer follows."""
        if self._is_doubtful:
            self._out.append(Retraction())
        self.lacks_opening = self.lacks_opening or self._is_unopened
        self._is_doubtful = self._is_unopened = False

    def retract(self) -> None:
        """All that was given out so far was a thought."""
        if self.is_shown:
            self._out.append(Retraction())
        self.is_shown = False

    def take(self) -> list[str | Retraction]:
        """What is new since the last time.

        Text comes in one piece: each piece is a step of its own for whoever cuts it into sentences.
        """
        out, self._out = self._out, []
        runs = [(kind, list(run)) for kind, run in groupby(out, type)]
        return [piece for kind, run in runs for piece in (["".join(map(str, run))] if kind is str else run)]
