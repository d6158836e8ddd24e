"""Why a call can't be started."""

from dataclasses import dataclass
from enum import Enum

from assistant.domain.errors import AssistantError


class Refusal(Enum):
    """Why a call can't be started."""

    CALLER_NOT_IN_VOICE = "the caller is not in a voice channel"
    IN_A_CALL = "the server already has a call"
    CANNOT_WRITE = "no permission to write where the command was used"
    CALLER_CANNOT_WRITE = "the caller has no permission to write where the command was used"
    CANNOT_VIEW = "no permission to view the voice channel"
    CANNOT_CONNECT = "no permission to connect"
    CANNOT_SPEAK = "no permission to speak"
    STAGE_AUDIENCE = "only moderators can speak on the stage"
    AFK = "the voice channel is the server's AFK channel"
    FULL = "the voice channel is full"
    TOO_MANY_CALLS = "the process has as many calls as it may"
    STOPPING = "the bot is restarting"


@dataclass(eq=False, kw_only=True)
class CallRefused(AssistantError):
    """A call can't be started here and now."""

    refusal: Refusal
    """Why."""
    channel: str = ""
    """The channel concerned, as a mention; empty if none is."""
