"""What a voice connection raises."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.domain.errors.assistant_error import AssistantError


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
