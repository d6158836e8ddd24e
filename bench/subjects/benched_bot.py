"""Which bots are compared."""

from enum import StrEnum


class BenchedBot(StrEnum):
    """A bot under test, as the variable BENCHED_BOT names it to its process."""

    ASSISTANT = "assistant"
    """This project's bot."""
    REFERENCE = "reference"
    """The usual pipeline, as `reference_bot` has it: the "before" of each comparison."""

    @property
    def label(self) -> str:
        """Its name in tables."""
        return "usual pipeline" if self is BenchedBot.REFERENCE else self.value
