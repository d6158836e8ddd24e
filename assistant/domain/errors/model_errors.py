"""What the language model's client raises."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from assistant.domain.errors.assistant_error import AssistantError


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
