"""How a turn ended."""

from enum import Enum


class TurnOutcome(Enum):
    """How one turn ended."""

    ANSWERED = "answered"
    """The answer was written, and everything to be spoken was heard."""
    PARTLY_SPOKEN = "partly spoken"
    """It was written, but some of it, or all, could not be spoken."""
    NOT_POSTED = "not posted"
    """Discord took it in none of the call's channels; it may have been heard."""
    SKIPPED = "skipped"
    """Somebody stopped it."""
    SUSPENDED = "suspended"
    """The rest of the answer was left to another process."""
    MODEL_FAILED = "model failed"
    """The model gave no complete answer, and people were told."""
    BROKEN = "broken"
    """An unexpected error, and people were told."""
