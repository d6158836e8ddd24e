"""What text to speech raises."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.domain.errors.assistant_error import AssistantError


@dataclass(eq=False, kw_only=True)
class AudioUnreadable(AssistantError):
    """The audio of an engine contains no sound."""

    size: int
    """Its size in bytes."""


@dataclass(eq=False, kw_only=True)
class SpeechError(AssistantError):
    """A speech engine failed to speak a sentence: the base of all that an engine raises."""

    quoting = frozenset({"detail"})

    engine: str
    """The engine's name, as in the settings."""
    detail: str
    """What the engine or the network said, shortened."""


@dataclass(eq=False, kw_only=True)
class SpeechTimeout(SpeechError):
    """The engine took too long."""

    seconds: float
    """The timeout in seconds."""


@dataclass(eq=False, kw_only=True)
class SpeechRefused(SpeechError):
    """The engine's service answered with an error status."""

    status: int
    """The HTTP status; 429 means that it wants fewer requests."""
    retry_after: float | None = None
    """Seconds that the service asked to wait; None when it did not say."""


@dataclass(eq=False, kw_only=True)
class SpeechEmpty(SpeechError):
    """The engine answered without sound."""


@dataclass(eq=False, kw_only=True)
class SpeechTooLong(SpeechError):
    """The engine gave far more than its sentence can take."""


@dataclass(eq=False, kw_only=True)
class SpeechUnreachable(SpeechError):
    """The engine's service could not be reached, or the connection broke."""


@dataclass(eq=False, kw_only=True)
class SpeechRationed(SpeechError):
    """The engine was not asked: our own rate limit is used up."""


@dataclass(eq=False, kw_only=True)
class LanguageUnsupported(SpeechError):
    """The engine does not speak this language."""

    language: str
    """The language, as a gTTS code."""


@dataclass(eq=False, kw_only=True)
class SpeechUnavailable(AssistantError):
    """No engine could speak a sentence."""

    tried: tuple[SpeechError, ...]
    """The error of each engine, in the order they were tried; empty when all circuit breakers are open."""
    language: str
    """The sentence's language, as a gTTS code."""


@dataclass(eq=False, kw_only=True)
class NoVoice(SpeechUnavailable):
    """No engine speaks the sentence's language."""


@dataclass(eq=False, kw_only=True)
class SpeechBroken(AssistantError):
    """An engine failed after part of a sentence was heard, so the sentence must not be repeated."""

    error: SpeechError
    """The engine's error."""
