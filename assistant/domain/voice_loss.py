"""The ways a voice connection can be lost, and the remedy for each."""

from dataclasses import dataclass
from enum import Enum
from typing import Final

from assistant.domain.errors import AssistantError


class LossCause(Enum):
    """How the loss of a voice connection was noticed."""

    CLOSED = "closed"
    """The server closed the voice websocket, or the connection under it broke (1006)."""
    UNANSWERED_HEARTBEATS = "heartbeats unanswered"
    """The server does not answer heartbeats."""
    UNANSWERED_PROBES = "UDP unanswered"
    """UDP probes are not answered any more, though they were before."""
    POLLER_FAILED = "poller failed"
    """The task that reads the voice websocket raised an error."""
    UNSEALED = "not encrypted"
    """The end-to-end encryption was not ready in time, so nothing may be sent."""
    UNHEARD = "a member is not heard"
    """A member speaks, and no sound comes of their packets, though we asked for new keys."""
    NOT_JOINED = "not joined"
    """A try to join failed: no answer, or no connection to the voice server."""
    GATEWAY_SESSION_LOST = "gateway session lost"
    """Discord removed the bot from the call because its session on the main gateway ended."""
    REMOVED = "removed"
    """Discord says that the bot is in no voice channel any more: somebody disconnected it."""
    CHANNEL_GONE = "channel gone"
    """The voice channel was deleted, or the bot can't see it any more."""
    FORBIDDEN = "forbidden"
    """The bot may not connect to the channel any more."""
    TAKEN_OVER = "taken over"
    """Another process holds the call: the bot is in the channel for that one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceLoss:
    """The loss of one voice connection."""

    cause: LossCause
    """How it was noticed."""
    close_code: int | None = None
    """With CLOSED: the voice close code; 1006 when the server gave none."""
    detail: str = ""
    """The error, if there was one."""

    def __str__(self) -> str:
        parts = [self.cause.value, "" if self.close_code is None else str(self.close_code), self.detail]
        return " ".join(part for part in parts if part)


@dataclass(eq=False, kw_only=True)
class VoiceLost(AssistantError):
    """A voice connection was lost before it was used."""

    loss: VoiceLoss
    """How it was lost."""


class Remedy(Enum):
    """What to do about a loss."""

    RECONNECT = "reconnect"
    """Leave and join again; speech continues at the next frame."""
    RECONNECT_LATER = "reconnect later"
    """The same, after a pause for the rate limit."""
    END_REMOVED = "end: removed"
    """Somebody removed the bot: the call is over."""
    END_CHANNEL_GONE = "end: channel gone"
    """The channel is gone: the call is over."""
    END_FORBIDDEN = "end: forbidden"
    """The call is over until somebody gives the permission back."""
    END_REFUSED = "end: refused"
    """Trying again can't help: the call is over, and the owner must act."""
    END_TAKEN_OVER = "end: taken over"
    """The call goes on in another process."""

    @property
    def ends(self) -> bool:
        """Whether the call is over."""
        return self not in (Remedy.RECONNECT, Remedy.RECONNECT_LATER)


_BY_CAUSE: Final = {
    LossCause.CLOSED: Remedy.RECONNECT,  # but for the codes below
    LossCause.UNANSWERED_HEARTBEATS: Remedy.RECONNECT,
    LossCause.UNANSWERED_PROBES: Remedy.RECONNECT,
    LossCause.POLLER_FAILED: Remedy.RECONNECT,
    LossCause.UNSEALED: Remedy.RECONNECT,
    LossCause.UNHEARD: Remedy.RECONNECT,
    LossCause.NOT_JOINED: Remedy.RECONNECT,
    LossCause.GATEWAY_SESSION_LOST: Remedy.RECONNECT,
    LossCause.REMOVED: Remedy.END_REMOVED,
    LossCause.CHANNEL_GONE: Remedy.END_CHANNEL_GONE,
    LossCause.FORBIDDEN: Remedy.END_FORBIDDEN,
    LossCause.TAKEN_OVER: Remedy.END_TAKEN_OVER,
}

# https://discord.com/developers/docs/topics/opcodes-and-status-codes#voice-voice-close-event-codes
# 4014 followed by a new voice server is not a loss: the connection moves there (voicewire/).
_BY_CLOSE_CODE: Final = {
    4004: Remedy.END_REFUSED,  # authentication failed
    4014: Remedy.END_REMOVED,  # disconnected: kicked, or the channel was deleted
    4016: Remedy.END_REFUSED,  # unknown encryption mode
    4017: Remedy.END_REFUSED,  # end-to-end encryption required
    4021: Remedy.RECONNECT_LATER,  # rate limited
    4022: Remedy.END_REMOVED,  # the call was terminated for all
}


def remedy_for(loss: VoiceLoss) -> Remedy:
    """The remedy for a loss. Unknown close codes are worth a reconnect."""
    if loss.cause is LossCause.CLOSED and loss.close_code in _BY_CLOSE_CODE:
        return _BY_CLOSE_CODE[loss.close_code]
    return _BY_CAUSE[loss.cause]
