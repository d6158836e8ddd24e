"""How a speech engine is doing."""

from collections.abc import Mapping
from dataclasses import dataclass

from assistant.domain.errors import (
    SpeechError,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineHealth:
    """How one engine is doing, at one moment."""

    name: str
    """The engine."""
    spoken: int
    """How many sentences it has spoken, probes included."""
    replayed: int
    """How many were said from recordings of it, without it."""
    failures: Mapping[type[SpeechError], int]
    """How many it could not speak, by what stood in the way."""
    trouble: SpeechError | None
    """Why it is left alone; None when it is well."""
    rest_left: float
    """Seconds until it is probed."""
