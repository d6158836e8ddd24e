"""The health of an engine that recognizes speech."""

from collections.abc import Mapping
from dataclasses import dataclass

from assistant.domain.errors import RecognitionEngineError


@dataclass(frozen=True, slots=True, kw_only=True)
class RecognitionHealth:
    """A snapshot of one engine."""

    name: str
    """The engine's name, as in STT_ENGINE."""
    recognized: int
    """The number of turns it has recognized, including probes."""
    failures: Mapping[type[RecognitionEngineError], int]
    """The number of turns it failed to recognize, by error."""
    last_error: RecognitionEngineError | None
    """The error that opened its circuit breaker; None while that is closed."""
    cooldown_left: float
    """Seconds until the next probe."""
