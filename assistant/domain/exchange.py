"""A message and its answer, as the history keeps them."""

from dataclasses import dataclass

from assistant.domain.token_count import estimated_tokens


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
    def tokens(self) -> int:
        """About how many tokens the turn takes."""
        return estimated_tokens(" ".join((self.author, self.text, self.reply, self.interrupted_by or "")))
