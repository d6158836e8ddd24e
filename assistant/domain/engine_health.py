"""The health of a speech engine."""

from collections.abc import Mapping
from dataclasses import dataclass

from assistant.domain.errors import SpeechError


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineHealth:
    """A snapshot of one engine."""

    name: str
    """The engine's name, as in TTS_ENGINE."""
    spoken: int
    """The number of sentences it has spoken, including probes."""
    replayed: int
    """The number of its sentences that were played from the cache."""
    failures: Mapping[type[SpeechError], int]
    """The number of sentences it failed to speak, by error."""
    last_error: SpeechError | None
    """The error that opened its circuit breaker; None while that is closed."""
    cooldown_left: float
    """Seconds until the next probe."""
