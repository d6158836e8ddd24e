"""The errors that this package raises, as types that carry data.

None of them holds a sentence for the channel: what people read is chosen elsewhere, from the type and its fields.
`str(error)` is one line for the log.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import ClassVar, Literal


# Not frozen: Python sets `__traceback__`, `__cause__` and notes on a raised exception.
# eq=False keeps exceptions hashable and compared by identity, as everywhere else.
@dataclass(eq=False, kw_only=True)
class AssistantError(Exception):
    """The base of every error this package raises on purpose."""

    quoting: ClassVar[frozenset[str]] = frozenset()
    """The fields that may hold what people or the model wrote: servers quote what they were sent."""

    def __str__(self) -> str:
        """The type and its fields in one log line, such as `ModelRefused: endpoint='…', status=401`."""
        values = ", ".join(f"{field.name}={getattr(self, field.name)!r}" for field in fields(self))
        return f"{type(self).__name__}: {values}" if values else type(self).__name__

    def without_texts(self) -> str:
        """The same without the fields that may quote."""
        shown = [field.name for field in fields(self) if field.name not in self.quoting]
        values = ", ".join(f"{name}={_without_texts(getattr(self, name))}" for name in shown)
        return f"{type(self).__name__}: {values}" if values else type(self).__name__


def _without_texts(value: object) -> str:
    """A field's value; of errors inside it, too, only what quotes nobody."""
    if isinstance(value, AssistantError):
        return f"<{value.without_texts()}>"
    if isinstance(value, tuple):
        return f"({', '.join(map(_without_texts, value))})"
    return repr(value)


@dataclass(eq=False, kw_only=True)
class ModelError(AssistantError):
    """The language model gave no complete reply: the base of all that `ChatClient.reply` raises."""

    quoting = frozenset({"detail"})

    endpoint: str
    """The endpoint's address, without credentials and query."""
    detail: str
    """What the endpoint or the network said, shortened, with the API key masked."""


@dataclass(eq=False, kw_only=True)
class ModelUnreachable(ModelError):
    """No connection could be made, or it ended before an answer began."""


@dataclass(eq=False, kw_only=True)
class ModelTimeout(ModelError):
    """The endpoint accepted the connection and then wrote nothing for too long, or never came to an end."""

    seconds: float
    """How long it was waited for, in seconds."""


@dataclass(eq=False, kw_only=True)
class ModelRefused(ModelError):
    """The endpoint does not accept our key."""

    status: int
    """The HTTP status: 401 or 403."""


@dataclass(eq=False, kw_only=True)
class ModelRateLimited(ModelError):
    """The endpoint wants fewer requests (HTTP 429)."""

    retry_after: float | None
    """Seconds that the endpoint asked to wait; None when it did not say."""


@dataclass(eq=False, kw_only=True)
class ModelFailed(ModelError):
    """The endpoint had an error, or refused the request."""

    status: int | None
    """The HTTP status; None for an error inside a stream that began well."""
    retry_after: float | None
    """Seconds that the endpoint asked to wait; None when it did not say."""
    refused_field: str | None = None
    """The field of our request that the endpoint does not take; None when it said nothing of that."""


@dataclass(eq=False, kw_only=True)
class ModelNoCredit(ModelError):
    """The account behind our key has no credit left, or has reached its spending limit."""

    status: int | None
    """The HTTP status: 402, 429 or another; None for an error inside a stream that began well."""


@dataclass(eq=False, kw_only=True)
class ModelContextExceeded(ModelError):
    """The request holds more tokens than the model reads at once."""

    status: int | None
    """The HTTP status; None for an error inside a stream that began well."""
    limit: int | None
    """How many tokens the model reads, the answer's included; None when the endpoint did not say."""
    prompt_tokens: int | None
    """How many tokens our messages have, as the endpoint counts them; None when it did not say."""
    refused_field: str | None = None
    """The field of our request that asks for too many tokens; None when it is the messages alone."""

    @property
    def has_room_for_messages(self) -> bool:
        """Whether the messages alone would surely have room, with a quarter of it left for an answer."""
        return bool(self.limit and self.prompt_tokens and self.prompt_tokens <= self.limit * 3 / 4)


@dataclass(eq=False, kw_only=True)
class ModelSystemRoleRefused(ModelError):
    """The model takes no system message: its instructions have to stand in a person's message."""


@dataclass(eq=False, kw_only=True)
class ModelSaidNothing(ModelError):
    """The answer is whole and holds no text, and it is known why."""

    cause: Literal["thoughts", "tool_calls"]
    """What it holds instead: only the model's thoughts, or calls of tools which nobody offered."""


@dataclass(eq=False, kw_only=True)
class ModelAnswerFiltered(ModelError):
    """A content filter stopped the answer, or kept all of it. What came before stays true."""


@dataclass(eq=False, kw_only=True)
class ModelAnswerInvalid(ModelError):
    """The endpoint's answer is not a complete reply."""

    reason: Literal["garbage", "empty", "truncated"]
    """Unreadable; complete but without text; or cut off before its end."""


@dataclass(eq=False, kw_only=True)
class ModelAnswerTooLong(ModelError):
    """The answer reached a limit, the endpoint's or ours, and ends there. What came before stays true."""


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


@dataclass(eq=False, kw_only=True)
class CallMute(AssistantError):
    """The voice connection has been lost for so long that the call continues in text only."""


@dataclass(eq=False, kw_only=True)
class JoinFailed(AssistantError):
    """The voice channel could not be joined."""

    quoting = frozenset({"channel"})

    channel: str
    """The channel's name."""
    tries: int
    """The number of tries."""
    detail: str
    """Why the last try failed."""


@dataclass(eq=False, kw_only=True)
class MissingIntents(AssistantError):
    """The bot was made without gateway intents that the assistant needs."""

    names: tuple[str, ...]
    """Their names, as attributes of `discord.Intents`."""

    def __str__(self) -> str:
        wanted = "; ".join(f"intents.{name} = True" for name in self.names)
        without = "; or set MESSAGE_CONTENT=off to do without it" if "message_content" in self.names else ""
        return f"the voice assistant needs intents that this bot was made without: {wanted}{without}"


@dataclass(eq=False, kw_only=True)
class ExtensionMissing(AssistantError):
    """An extension was loaded before the one it depends on."""

    extension: str
    """The extension to load first."""

    def __str__(self) -> str:
        return f"load the extension {self.extension} first"


@dataclass(eq=False, kw_only=True)
class PortUnavailable(AssistantError):
    """The HTTP server can't listen on PORT."""

    port: int
    """The port."""
    detail: str
    """What the system said, such as "Address already in use"."""


@dataclass(eq=False, kw_only=True)
class StorageUnavailable(AssistantError):
    """The database can't be opened, or a transaction failed."""

    address: str
    """Its address, without password and query."""
    detail: str
    """What went wrong, on one line, with the password masked."""


@dataclass(eq=False, kw_only=True)
class StorageTooNew(AssistantError):
    """A newer version of this program has changed the tables, and this one does not know how."""

    address: str
    """Where the database is, without the password and the query."""
    revision: str
    """The revision of its tables."""
    newest_known: str
    """The newest revision that this program knows."""

    def __str__(self) -> str:
        return (
            f"{self.address} is at revision {self.revision}, and this version knows none newer than {self.newest_known}"
        )
