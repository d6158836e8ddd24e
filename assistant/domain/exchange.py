"""A question and its answer, as they are remembered."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Exchange:
    """A message and its answer."""

    author: str
    """Who wrote the message."""
    text: str
    """The message."""
    reply: str
    """What was answered: after an interruption, only what was heard."""

    @property
    def characters(self) -> int:
        """How much room the turn takes."""
        return len(self.author) + len(self.text) + len(self.reply)
