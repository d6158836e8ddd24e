"""How a turn came to its end."""

from enum import Enum


class TurnOutcome(Enum):
    """What became of one question."""

    ANSWERED = "answered"
    """The answer was written, and all of it that was to be said was heard."""
    PARTLY_SPOKEN = "partly spoken"
    """It was written; some of it, or all, could not be said."""
    SKIPPED = "skipped"
    """Somebody stopped it."""
    SUSPENDED = "suspended"
    """The rest of the answer was left to another process."""
    MODEL_FAILED = "model failed"
    """The model gave no whole answer, which was said."""
    BROKEN = "broken"
    """An error of our own, which was said."""
