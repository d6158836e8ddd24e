"""What ends a voice connection, and what is to be done about each: one table."""

from dataclasses import dataclass
from enum import Enum
from typing import Final

from assistant.domain.errors import AssistantError


class LossCause(Enum):
    """How it was noticed that a voice connection is over."""

    CLOSED = "closed"
    """The server closed the voice websocket, or the connection under it broke (1006)."""
    SILENT = "silent"
    """The server has said nothing for too long."""
    UNANSWERED_HEARTBEATS = "heartbeats unanswered"
    """The server speaks, but does not answer heartbeats."""
    UNANSWERED_PROBES = "UDP unanswered"
    """Nothing comes back over UDP any more, though it did before."""
    POLLER_FAILED = "poller failed"
    """The task that serves the voice websocket met an error of its own."""
    POLLER_DEAD = "poller dead"
    """That task has ended without a word."""
    UNSEALED = "not encrypted"
    """The end-to-end encryption was not ready in time, so that nothing may be said."""
    NOT_JOINED = "not joined"
    """A try to join came to nothing: no answer, or no connection to the voice server."""
    MOVED = "moved while joining"
    """We were moved to another channel, or to another voice server, before we had joined the first."""
    GATEWAY_SESSION_LOST = "gateway session lost"
    """Discord let go of us because the main gateway's session, which our place in the call hangs on, has ended."""
    REMOVED = "removed"
    """Discord says that we are in no voice channel any more: somebody disconnected us."""
    CHANNEL_GONE = "channel gone"
    """The voice channel does not exist any more, or we cannot see it."""
    FORBIDDEN = "forbidden"
    """We may not connect to the channel any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceLoss:
    """One end of one voice connection."""

    cause: LossCause
    """How it was noticed."""
    close_code: int | None = None
    """The voice close code with CLOSED; 1006 when the server gave none."""
    detail: str = ""
    """The error, where there was one."""

    def __str__(self) -> str:
        parts = [self.cause.value, "" if self.close_code is None else str(self.close_code), self.detail]
        return " ".join(part for part in parts if part)


@dataclass(eq=False, kw_only=True)
class VoiceLost(AssistantError):
    """A voice connection was over before it was used."""

    loss: VoiceLoss
    """What ended it."""


class Remedy(Enum):
    """What to do about a loss."""

    RECONNECT = "reconnect"
    """Leave and join again; speech goes on at the next frame."""
    RECONNECT_LATER = "reconnect later"
    """The same, after the pause that a rate limit asks for."""
    END_REMOVED = "end: removed"
    """Somebody wanted us out: the call is over."""
    END_CHANNEL_GONE = "end: channel gone"
    """There is nothing to go back to: the call is over."""
    END_FORBIDDEN = "end: forbidden"
    """The call is over until somebody gives the permission back."""
    END_REFUSED = "end: refused"
    """Trying again cannot help: the call is over, and the owner must act."""

    @property
    def ends(self) -> bool:
        """Whether the call is over."""
        return self not in (Remedy.RECONNECT, Remedy.RECONNECT_LATER)


_BY_CAUSE: Final = {
    LossCause.CLOSED: Remedy.RECONNECT,  # but for the codes below
    LossCause.SILENT: Remedy.RECONNECT,
    LossCause.UNANSWERED_HEARTBEATS: Remedy.RECONNECT,
    LossCause.UNANSWERED_PROBES: Remedy.RECONNECT,
    LossCause.POLLER_FAILED: Remedy.RECONNECT,
    LossCause.POLLER_DEAD: Remedy.RECONNECT,
    LossCause.UNSEALED: Remedy.RECONNECT,
    LossCause.NOT_JOINED: Remedy.RECONNECT,
    LossCause.MOVED: Remedy.RECONNECT,
    LossCause.GATEWAY_SESSION_LOST: Remedy.RECONNECT,
    LossCause.REMOVED: Remedy.END_REMOVED,
    LossCause.CHANNEL_GONE: Remedy.END_CHANNEL_GONE,
    LossCause.FORBIDDEN: Remedy.END_FORBIDDEN,
}

# https://discord.com/developers/docs/topics/opcodes-and-status-codes#voice-voice-close-event-codes
# 4014 followed by a new voice server is no loss: the connection follows it (assistant/pycord/).
_BY_CLOSE_CODE: Final = {
    4004: Remedy.END_REFUSED,  # authentication failed
    4014: Remedy.END_REMOVED,  # disconnected: kicked, or the channel was deleted
    4016: Remedy.END_REFUSED,  # unknown encryption mode
    4017: Remedy.END_REFUSED,  # end-to-end encryption required
    4021: Remedy.RECONNECT_LATER,  # rate limited
    4022: Remedy.END_REMOVED,  # the call was terminated for all
}


def remedy_for(loss: VoiceLoss) -> Remedy:
    """The table's answer; a close code that it does not name is worth another try."""
    if loss.cause is LossCause.CLOSED and loss.close_code in _BY_CLOSE_CODE:
        return _BY_CLOSE_CODE[loss.close_code]
    return _BY_CAUSE[loss.cause]
