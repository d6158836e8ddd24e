"""What became of it that somebody spoke while an answer was heard."""

from enum import Enum


class InterruptionOutcome(Enum):
    """The most that happened."""

    DUCKED = "the answer was softer for a moment"
    TAKEN_BACK = "the answer waited, and went on where it was"
    STOPPED = "the answer was stopped"
