"""A question that was typed, and what became of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from sandbox.state.message import Message

_BEGINNING: Final = 40
"""So many characters of an answer are looked for: a long one is shortened."""


@dataclass(frozen=True, slots=True, eq=False)
class AskedQuestion:
    """What a member typed, and what the model is to answer."""

    message: Message
    """What was typed."""
    answer: str
    """What the model answers; empty where that is up to the attack."""

    @property
    def text(self) -> str:
        """The question."""
        return self.message.content

    def posts(self, written: Iterable[Message]) -> Sequence[Message]:
        """The bot's posts that answer it, or tell why they don't."""
        return [post for post in written if post.reference is self.message]

    def posted_at(self, written: Iterable[Message]) -> float | None:
        """When its answer was posted, in seconds of the loop's clock; None while it is not there."""
        beginning = self.answer[:_BEGINNING]
        found = [
            post.time
            for post in written
            if (beginning in post.content if beginning else post.reference is self.message)
        ]
        return min(found, default=None)
