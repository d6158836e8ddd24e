"""A streamed reply to the pieces that are said of it."""

from collections.abc import Iterable

from assistant.prose import Prose
from assistant.sentences import SentenceCutter
from assistant.speakable import speakable


class SpokenText:
    """Takes a reply in Markdown as it arrives; gives what is said, piece by piece.

    A piece is words alone, never empty; how it is cut SentenceCutter tells.
    """

    def __init__(self, limit: int = 100) -> None:
        """`limit` is the longest piece, in characters."""
        self._prose = Prose()
        self._cutter = SentenceCutter(limit)

    def feed(self, delta: str) -> list[str]:
        """Take more of the reply; the pieces that can be said now."""
        return _said(self._cutter.feed(self._prose.feed(delta)))

    def finish(self) -> list[str]:
        """The reply is over: the pieces that are left. It may then be used for another reply."""
        rest = self._cutter.feed(self._prose.finish())
        return _said([*rest, *self._cutter.finish()])


def _said(pieces: Iterable[str]) -> list[str]:
    return [said for piece in pieces if (said := speakable(piece))]
