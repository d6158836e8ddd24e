"""What is written down of a turn while it goes on, so that another process can go on with it."""

from typing import Protocol


class TurnRecord(Protocol):
    """Where a turn tells how far it has come. None of these raises: a turn goes on where nothing can be kept."""

    async def written(self, reply: str, apology: str) -> None:
        """The answer is written, with what is said of a failure beside it; it is about to be posted."""

    async def posted(self) -> None:
        """The answer stands in the channel."""

    async def heard(self, sentences: int) -> None:
        """So many sentences of the answer were heard."""
