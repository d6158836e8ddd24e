"""A piece of a reply, as it is said."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """A sentence, or as much of one as is said in one go."""

    said: str
    """The words, as a voice should get them; never empty."""
    source: str
    """The words of the reply that they stand for: what a reader would say was heard."""
    language: str
    """The language they are in, as a gTTS code."""
