"""Why a call ended."""

from dataclasses import dataclass
from enum import Enum
from typing import Final

from assistant.domain.voice_loss import Remedy, VoiceLoss, remedy_for


class EndReason(Enum):
    """Why a call ended. The values are for the log; what people read is in `assistant.discord_io.wording`."""

    ASKED = "somebody ended it"
    REMOVED = "somebody disconnected the bot"
    CHANNEL_DELETED = "the voice channel was deleted"
    FORBIDDEN = "the Connect permission was taken away"
    GUILD_LEFT = "the bot was removed from the server"
    ALONE = "everybody left"
    IDLE = "no message for a long time"
    SUSPENDED = "another process takes over"
    TAKEN_OVER = "another process has taken over"
    SHUTDOWN = "the bot is stopping"
    UNLOADED = "the extension was unloaded"
    JOIN_FAILED = "the voice channel could not be joined"
    REFUSED = "Discord refuses the voice connection"
    LOST = "the voice connection could not be recovered"
    BROKEN = "an unexpected error"


@dataclass(frozen=True, slots=True, kw_only=True)
class CallEnding:
    """The end of one call."""

    reason: EndReason
    """Why it ended."""
    by: str | None = None
    """With ASKED: who ended it, as a display name."""
    detail: str = ""
    """Further information for the owner, such as a close code."""

    def __str__(self) -> str:
        facts = ", ".join(fact for fact in (self.by and f"by {self.by}", self.detail) if fact)
        return f"{self.reason.value} ({facts})" if facts else self.reason.value

    def without_texts(self) -> str:
        """The same without the name."""
        return f"{self.reason.value} ({self.detail})" if self.detail else self.reason.value


_REASONS: Final = {
    Remedy.END_REMOVED: EndReason.REMOVED,
    Remedy.END_CHANNEL_GONE: EndReason.CHANNEL_DELETED,
    Remedy.END_FORBIDDEN: EndReason.FORBIDDEN,
    Remedy.END_REFUSED: EndReason.REFUSED,
    Remedy.END_TAKEN_OVER: EndReason.TAKEN_OVER,
    Remedy.RECONNECT: EndReason.LOST,
    Remedy.RECONNECT_LATER: EndReason.LOST,
}


def ending_after(loss: VoiceLoss) -> CallEnding:
    """How a call ends after a loss that could not be recovered."""
    return CallEnding(reason=_REASONS[remedy_for(loss)], detail=str(loss))
