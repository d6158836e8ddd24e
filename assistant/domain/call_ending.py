"""How a call came to its end."""

from dataclasses import dataclass
from enum import Enum
from typing import Final

from assistant.domain.voice_loss import Remedy, VoiceLoss, remedy_for


class EndReason(Enum):
    """Why a call is over. The sentences people read are in `assistant.discord_io.wording`."""

    ASKED = "somebody ended it"
    REMOVED = "disconnected by somebody"
    CHANNEL_DELETED = "the voice channel is gone"
    FORBIDDEN = "no permission to connect any more"
    GUILD_LEFT = "the bot was removed from the server"
    ALONE = "everybody left"
    IDLE = "nothing was typed for long"
    SUSPENDED = "another process goes on with it"
    SHUTDOWN = "the bot is stopping"
    UNLOADED = "the extension was unloaded"
    JOIN_FAILED = "the voice channel could not be joined"
    REFUSED = "Discord refuses the connection"
    LOST = "the connection could not be recovered"
    BROKEN = "an error of our own"


@dataclass(frozen=True, slots=True, kw_only=True)
class CallEnding:
    """The end of one call."""

    reason: EndReason
    """Why."""
    by: str | None = None
    """Who, with ASKED: a display name."""
    detail: str = ""
    """What the owner should know besides, such as a close code."""

    def __str__(self) -> str:
        facts = ", ".join(fact for fact in (self.by and f"by {self.by}", self.detail) if fact)
        return f"{self.reason.value} ({facts})" if facts else self.reason.value


_REASONS: Final = {
    Remedy.END_REMOVED: EndReason.REMOVED,
    Remedy.END_CHANNEL_GONE: EndReason.CHANNEL_DELETED,
    Remedy.END_FORBIDDEN: EndReason.FORBIDDEN,
    Remedy.END_REFUSED: EndReason.REFUSED,
    Remedy.RECONNECT: EndReason.LOST,
    Remedy.RECONNECT_LATER: EndReason.LOST,
}


def ending_after(loss: VoiceLoss) -> CallEnding:
    """What a loss that was not, or could not be, mended means for the call."""
    return CallEnding(reason=_REASONS[remedy_for(loss)], detail=str(loss))
