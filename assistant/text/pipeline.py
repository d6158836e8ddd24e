"""Turns a streamed reply into sentences to be spoken."""

from collections.abc import Callable, Iterable, Iterator
from typing import Final

from assistant.text.letter_styles import plain_letters, recognizable_letters
from assistant.text.markdown.placeholders import NOTES, SHORT_FORMULA, SPOILER
from assistant.text.markdown.reader import MarkdownReader
from assistant.text.normalization.discord_markup import MARK, Names, nobody
from assistant.text.normalization.emoji import emoji_named
from assistant.text.normalization.normalizer import Normalizer, normalizer_for
from assistant.text.normalization.pictographs import are_words
from assistant.text.normalization.references import SHORTCODE
from assistant.text.segmentation.clause_splitter import split_clauses
from assistant.text.segmentation.sentence_splitter import Piece, SentenceSplitter
from assistant.text.sentence import Sentence

_ENGLISH: Final = "en"


class TextPipeline:
    """Takes one reply in Markdown as it arrives, and returns the sentences to speak.

    MarkdownReader turns it into plain text, in plain letters; SentenceSplitter cuts that into sentences, Normalizer
    makes them spoken words. Emoji are skipped, except in a reply of nothing else, where they are named.
    """

    def __init__(self, language_of: Callable[[str], str], limit: int = 100, names: Names = nobody) -> None:
        """Read one reply.

        Args:
            language_of: detects the language of a piece of plain text, as a gTTS code; called once for each piece. Of
                no text, it tells the likely one.
            limit: the longest piece, in characters.
            names: looks up the names of users, roles and channels.
        """
        self._language_of = language_of
        self._limit = limit
        self._names = names
        self.restart()

    def restart(self) -> None:
        """Forget what was fed: the reply begins anew."""
        self._markdown = MarkdownReader()
        self._cutter = SentenceSplitter(self._limit)
        self._language = ""  # of the last piece
        self._pictures = ""  # as long as there was nothing else

    @property
    def backlog(self) -> int:
        """How many characters may be read anew with the next ones: a measure of the work that they can make."""
        return self._markdown.backlog + len(self._pictures)

    @property
    def likely_language(self) -> str:
        """The language that the next sentence is likely to be in, as a gTTS code."""
        return self._language or self._language_of("")

    def feed(self, delta: str) -> list[Sentence]:
        """Take more of the reply; return the sentences that are ready to be spoken."""
        text = plain_letters(self._markdown.feed(delta))
        pieces = self._cutter.feed(text) if text else None
        return self._sentences(pieces) if pieces else []

    def hurry(self) -> list[Sentence]:
        """The first sentence has been waited for: return part of it if there is a fair place to cut, now or later."""
        return self._sentences(self._cutter.hurry())

    def finish(self) -> list[Sentence]:
        """End the reply; return the sentences that are left."""
        rest = self._cutter.feed(plain_letters(self._markdown.finish()))
        sentences = self._sentences([*rest, *self._cutter.finish()])
        if sentences or self._language or not self._pictures.strip():
            return sentences
        language = self._language_of(self._pictures)
        named = emoji_named(self._pictures, language)
        return [
            Sentence(said=part, source=part, language=language)
            for part in (split_clauses(named, self._limit) if named else ())
        ]

    def _sentences(self, pieces: Iterable[Piece]) -> list[Sentence]:
        return [sentence for piece in pieces for sentence in self._of_piece(piece)]

    def _of_piece(self, given: Piece) -> Iterator[Sentence]:
        piece = given.text
        if piece in NOTES:
            yield from self._note(NOTES[piece])
            return
        piece = recognizable_letters(piece)
        words = SHORTCODE.sub("", SHORT_FORMULA.sub("", MARK.sub("", piece)))
        has_words = any(character.isalnum() for character in words)
        is_read = has_words or SPOILER in piece or SHORT_FORMULA.search(piece) or are_words(piece)
        if not is_read and all(mark["emoji"] for mark in MARK.finditer(piece)):
            self._pictures += "" if self._language else f" {piece}"
            return
        language = self._language_of(words.strip()) if has_words else self._language or self._language_of(piece)
        normalizer = normalizer_for(language)
        seen = normalizer.seen(piece, self._names)
        parts = list(self._within_limit(normalizer, seen))
        for number, (said, source) in enumerate(parts, 1):
            self._language = language
            goes_on = given.goes_on or number < len(parts)
            yield Sentence(said=said, source=source, language=language, goes_on=goes_on)

    def _note(self, kind: str) -> Iterator[Sentence]:
        """The words for something that only the chat shows, in the language of the sentence before it."""
        self._language = self._language or self._language_of(normalizer_for(_ENGLISH).notes[kind])
        note = normalizer_for(self._language).notes[kind]
        for part in split_clauses(note, self._limit):
            yield Sentence(said=part, source=part, language=self._language)

    def _within_limit(self, normalizer: Normalizer, seen: str) -> Iterator[tuple[str, str]]:
        """The words of a piece and what they stand for; in several parts when the words are longer than the limit."""
        said = normalizer.normalize(seen)
        if len(said) <= self._limit:
            if said:
                yield said, " ".join(seen.split())
            return
        halves = list(split_clauses(seen, max(1, len(seen) * 2 // 3)))
        if len(halves) > 1:
            for half in halves:
                yield from self._within_limit(normalizer, half)
            return
        yield from ((part, part) for part in split_clauses(said, self._limit))
