"""What speech to text and hearing raise."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.domain.errors.assistant_error import AssistantError


@dataclass(eq=False, kw_only=True)
class RecognitionError(AssistantError):
    """What somebody said was not understood: the base of all that `Recognizer.transcribe` and its engines raise."""


@dataclass(eq=False, kw_only=True)
class RecognitionEngineError(RecognitionError):
    """An engine failed to recognize a turn: the base of all that an engine raises."""

    quoting = frozenset({"detail"})

    engine: str
    """The engine's name, as in the settings."""
    detail: str
    """What the engine or the network said, shortened."""


@dataclass(eq=False, kw_only=True)
class RecognitionTimeout(RecognitionEngineError):
    """The engine took too long."""

    seconds: float
    """The timeout in seconds."""


@dataclass(eq=False, kw_only=True)
class RecognitionRefused(RecognitionEngineError):
    """The engine's service answered with an error status."""

    status: int
    """The HTTP status; 429 means that it wants fewer requests."""
    retry_after: float | None = None
    """Seconds that the service asked to wait; None when it did not say."""


@dataclass(eq=False, kw_only=True)
class RecognitionUnreadable(RecognitionEngineError):
    """The engine's answer is no transcript."""


@dataclass(eq=False, kw_only=True)
class RecognitionUnreachable(RecognitionEngineError):
    """The engine's service could not be reached, or the connection broke."""


@dataclass(eq=False, kw_only=True)
class RecognitionBusy(RecognitionEngineError):
    """The engine was not asked: too many turns wait for it."""


@dataclass(eq=False, kw_only=True)
class RecognitionUnavailable(RecognitionError):
    """No engine could recognize a turn."""

    tried: tuple[RecognitionEngineError, ...]
    """The error of each engine, in the order they were tried."""
    language: str
    """The turn's language, as a code such as `en`; "" when it is not known."""


@dataclass(eq=False, kw_only=True)
class LanguageNotUnderstood(RecognitionUnavailable):
    """No engine understands the language."""


@dataclass(eq=False, kw_only=True)
class HearingUnavailable(AssistantError):
    """Members can't be listened to: something is missing on this machine."""

    part: str
    """What is missing."""
    detail: str
    """What the system said."""
