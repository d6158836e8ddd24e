"""A message and its answer, as the history keeps them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Exchange:
    """A message and its answer."""

    author: str
    """Who wrote the message."""
    text: str
    """The message."""
    reply: str
    """The answer; after an interruption, only the part that was heard."""

    interrupted_by: str | None = None
    """Who interrupted the answer; None if nobody did."""

    @property
    def characters(self) -> int:
        """The number of characters in the turn."""
        return len(self.author) + len(self.text) + len(self.reply) + len(self.interrupted_by or "")
