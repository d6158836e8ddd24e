"""Which players are compared."""

from enum import StrEnum


class PlayerKind(StrEnum):
    """Who sends the frames, as the variable BENCHED_PLAYER names it to the bot's process."""

    CLOCK = "clock"
    """The assistant's player: one clock for all calls."""
    THREADS = "threads"
    """py-cord's player: a thread for each call."""

    @property
    def label(self) -> str:
        """Its name in the table."""
        return "frame clock" if self is PlayerKind.CLOCK else "py-cord"
