"""A streamed reply to the sentences that are said of it."""

from collections.abc import Callable, Iterable

from assistant.spoken.prose import Prose
from assistant.spoken.sentence import Sentence
from assistant.spoken.sentences import SentenceCutter
from assistant.spoken.speakable import speakable


class SpokenText:
    """Takes a reply in Markdown as it arrives; gives what is said, piece by piece.

    How it is cut SentenceCutter tells.
    """

    def __init__(self, language_of: Callable[[str], str], limit: int = 100) -> None:
        """`language_of` tells the language of a sentence, as a gTTS code; `limit` is the longest, in characters."""
        self._language_of = language_of
        self._prose = Prose()
        self._cutter = SentenceCutter(limit)

    def feed(self, delta: str) -> list[Sentence]:
        """Take more of the reply; the sentences that can be said now."""
        return self._said(self._cutter.feed(self._prose.feed(delta)))

    def finish(self) -> list[Sentence]:
        """The reply is over: the sentences that are left. It may then be used for another reply."""
        rest = self._cutter.feed(self._prose.finish())
        return self._said([*rest, *self._cutter.finish()])

    def _said(self, pieces: Iterable[str]) -> list[Sentence]:
        return [
            Sentence(said=said, source=piece, language=self._language_of(said))
            for piece in pieces
            if (said := speakable(piece))
        ]
