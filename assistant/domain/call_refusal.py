"""Why no call is begun."""

from dataclasses import dataclass
from enum import Enum

from assistant.domain.errors import AssistantError


class Refusal(Enum):
    """Why no call is begun."""

    CALLER_NOT_IN_VOICE = "the caller is in no voice channel"
    IN_A_CALL = "the guild has a call"
    CANNOT_WRITE = "no permission to write where the command was used"
    CANNOT_VIEW = "no permission to view the voice channel"
    CANNOT_CONNECT = "no permission to connect"
    CANNOT_SPEAK = "no permission to speak"
    STAGE_AUDIENCE = "a stage on which only moderators speak"
    FULL = "the voice channel is full"
    STOPPING = "the bot is being restarted"


@dataclass(eq=False, kw_only=True)
class CallRefused(AssistantError):
    """A call cannot be begun here and now."""

    refusal: Refusal
    """Why."""
    channel: str = ""
    """The mention of the channel it is about, if it is about one."""
