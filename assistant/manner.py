"""How a call answers, as far as that may change while it goes on."""

from dataclasses import dataclass
from enum import Enum
from typing import Self

from assistant.settings import Settings


class DuringSpeech(Enum):
    """What a message does that comes while an answer is being heard. The values are those of DURING_SPEECH."""

    QUEUE = "queue"
    """It waits for its turn."""
    REPLACE = "replace"
    """It interrupts that answer, and waits for its turn."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """How one turn is answered."""

    during_speech: DuringSpeech
    """What a message does that comes while the answer is being heard."""
    spoken_seconds: float
    """How much of the answer is said at most, in seconds; 0 means all of it."""

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """What the owner decided."""
        return cls(during_speech=DuringSpeech(settings.during_speech), spoken_seconds=settings.spoken_seconds)
