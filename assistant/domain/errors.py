"""What can go wrong, as types that carry data.

None of these holds a sentence for the channel: the words people read are chosen elsewhere, from the type and
its fields. `str(error)` is one line for the log.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Literal


# Not frozen: Python itself sets `__traceback__`, `__cause__` and notes on an exception in flight.
# eq=False keeps exceptions hashable and compared by identity, as everywhere else.
@dataclass(eq=False, kw_only=True)
class AssistantError(Exception):
    """The base of every error this package raises on purpose."""

    def __str__(self) -> str:
        """The type and its fields in one log line, such as `ModelRefused: endpoint='…', status=401`."""
        values = ", ".join(f"{field.name}={getattr(self, field.name)!r}" for field in fields(self))
        return f"{type(self).__name__}: {values}" if values else type(self).__name__


@dataclass(eq=False, kw_only=True)
class ModelError(AssistantError):
    """The language model gave no whole reply. Catch this to catch all that `ChatClient.reply` raises."""

    endpoint: str
    """The address asked, without credentials or a query."""
    detail: str
    """What the endpoint or the network said, shortened; the API key is blotted out."""


@dataclass(eq=False, kw_only=True)
class ModelUnreachable(ModelError):
    """No connection could be made, or it ended before an answer began."""


@dataclass(eq=False, kw_only=True)
class ModelTimeout(ModelError):
    """The endpoint was connected and then said nothing for too long."""

    seconds: float
    """How long the silence was."""


@dataclass(eq=False, kw_only=True)
class ModelRefused(ModelError):
    """The endpoint does not accept our key."""

    status: int
    """The HTTP status: 401 or 403."""


@dataclass(eq=False, kw_only=True)
class ModelRateLimited(ModelError):
    """The endpoint wants fewer requests (HTTP 429)."""

    retry_after: float | None
    """Seconds the endpoint asked to be left alone; None when it did not say."""


@dataclass(eq=False, kw_only=True)
class ModelFailed(ModelError):
    """The endpoint answered with an error of its own, or refused the request."""

    status: int | None
    """The HTTP status; None when the error came inside a stream that had begun well."""
    retry_after: float | None
    """Seconds the endpoint asked to be left alone; None when it did not say."""


@dataclass(eq=False, kw_only=True)
class ModelAnswerInvalid(ModelError):
    """The endpoint answered, and what it sent is not a whole reply."""

    reason: Literal["garbage", "empty", "truncated"]
    """Not in the agreed form; complete but without text; or cut off before its end."""


@dataclass(eq=False, kw_only=True)
class AudioUnreadable(AssistantError):
    """What should be speech holds no sound."""

    size: int
    """Its size in bytes."""


@dataclass(eq=False, kw_only=True)
class SpeechError(AssistantError):
    """A speech engine could not speak a sentence. Catch this to catch all that an engine raises."""

    engine: str
    """The engine's name, as in the settings."""
    detail: str
    """What the engine or the network said, shortened."""


@dataclass(eq=False, kw_only=True)
class SpeechTimeout(SpeechError):
    """The engine took too long."""

    seconds: float
    """How long it was given."""


@dataclass(eq=False, kw_only=True)
class SpeechRefused(SpeechError):
    """The engine's service answered with an error status."""

    status: int
    """The HTTP status; 429 means that it wants fewer requests."""
    retry_after: float | None = None
    """Seconds the service asked to be left alone; None when it did not say."""


@dataclass(eq=False, kw_only=True)
class SpeechEmpty(SpeechError):
    """The engine answered, and there is no sound in it."""


@dataclass(eq=False, kw_only=True)
class SpeechUnreachable(SpeechError):
    """The engine's service could not be reached, or the connection broke."""


@dataclass(eq=False, kw_only=True)
class SpeechRationed(SpeechError):
    """The engine was not asked, since it has been asked too often just now."""


@dataclass(eq=False, kw_only=True)
class LanguageUnsupported(SpeechError):
    """The engine does not speak this language."""

    language: str
    """The language asked for, as a gTTS code."""


@dataclass(eq=False, kw_only=True)
class SpeechUnavailable(AssistantError):
    """No engine could speak a sentence."""

    tried: tuple[SpeechError, ...]
    """What each engine said, in the order in which they were tried; empty when all are being left alone."""
    language: str
    """The sentence's language, as a gTTS code."""


@dataclass(eq=False, kw_only=True)
class NoVoice(SpeechUnavailable):
    """No engine speaks the sentence's language."""


@dataclass(eq=False, kw_only=True)
class SpeechBroken(AssistantError):
    """An engine failed in the middle of a sentence, of which a part has been heard: nobody may say it again."""

    error: SpeechError
    """What happened."""


@dataclass(eq=False, kw_only=True)
class CallMute(AssistantError):
    """The voice connection has been lost for so long that the conversation goes on in text."""


@dataclass(eq=False, kw_only=True)
class JoinFailed(AssistantError):
    """The voice channel could not be joined."""

    channel: str
    """The channel's name."""
    tries: int
    """How often it was tried."""
    detail: str
    """What stood in the way the last time."""


@dataclass(eq=False, kw_only=True)
class MissingIntents(AssistantError):
    """The bot was made without gateway intents that the assistant cannot do without."""

    names: tuple[str, ...]
    """Their names, as attributes of `discord.Intents`."""

    def __str__(self) -> str:
        wanted = "; ".join(f"intents.{name} = True" for name in self.names)
        return f"the voice assistant needs intents that this bot was made without: {wanted}"


@dataclass(eq=False, kw_only=True)
class ExtensionMissing(AssistantError):
    """An extension was loaded without the one that it builds on."""

    extension: str
    """What to load first."""

    def __str__(self) -> str:
        return f"load the extension {self.extension} first"


@dataclass(eq=False, kw_only=True)
class PortUnavailable(AssistantError):
    """The port of PORT can't be listened at."""

    port: int
    """The port."""
    detail: str
    """What the system said, such as that it is in use."""


@dataclass(eq=False, kw_only=True)
class StorageUnavailable(AssistantError):
    """The database can't be opened, or gives no transaction."""

    address: str
    """Where it is, without the password and the query."""
    detail: str
    """What stood in the way, on one line; the password is blotted out."""
