"""How a voice connection ended."""

from dataclasses import dataclass
from enum import Enum
from typing import Final

_MEANINGS: Final = {
    1000: "closed in order",
    1001: "the server is going away",
    1006: "the connection broke",
    4001: "unknown opcode",
    4002: "failed to decode payload",
    4003: "not authenticated",
    4004: "authentication failed",
    4005: "already authenticated",
    4006: "session no longer valid",
    4009: "session timeout",
    4011: "server not found",
    4012: "unknown protocol",
    4014: "disconnected: removed, moved, or the main gateway's session ended",
    4015: "voice server crashed",
    4016: "unknown encryption mode",
    4017: "end-to-end encryption (DAVE) required",
    4020: "bad request",
    4021: "rate limited",
    4022: "call terminated for everyone",
}
"""https://discord.com/developers/docs/topics/opcodes-and-status-codes#voice-voice-close-event-codes; for those below
4000 see RFC 6455, 7.4.1."""
BROKEN: Final = 1006
"""What RFC 6455 calls a connection that ended without a close frame."""
DISCONNECTED: Final = 4014
"""This server is done with us: another one follows, or the end does. The main gateway says which."""
_RESUMABLE: Final = frozenset({BROKEN, 4015})
"""Of all codes Discord names 4015 for a resume, and a severed connection
(https://discord.com/developers/docs/topics/voice-connections#resuming-voice-connection)."""


class EndCause(Enum):
    """What ended a voice connection."""

    CLOSED = "closed"
    """The server closed the websocket, or the connection under it broke: see the close code."""
    HEARTBEATS_UNANSWERED = "heartbeats unanswered"
    """The websocket is open, but the server answers no heartbeat."""
    NO_ANSWER = "no answer"
    """The server could not be reached, or did not complete the handshake in time."""
    NO_COMMON_MODE = "no common encryption mode"
    """The server offers no transport encryption that is spoken here."""
    PROTOCOL_ERROR = "protocol error"
    """A message of the handshake was not as documented."""
    FAILED = "failed"
    """An error of our own; the log has it."""
    REMOVED = "removed"
    """The main gateway says that we are in no voice channel any more. Only an adapter hears of it."""
    LEFT = "left"
    """We closed it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """The end of one voice connection."""

    cause: EndCause
    """What ended it."""
    close_code: int | None = None
    """With CLOSED: the code of the server's close frame; 1006 where there was none."""
    detail: str = ""
    """What more is known."""

    @property
    def may_resume(self) -> bool:
        """Whether the server may still hold the session, so that `VoiceConnection.resume` is worth a try."""
        return self.cause is EndCause.HEARTBEATS_UNANSWERED or self.close_code in _RESUMABLE

    def __str__(self) -> str:
        code = "" if self.close_code is None else f"{self.close_code} ({_MEANINGS.get(self.close_code, 'unknown')})"
        return " ".join(part for part in (self.cause.value, code, self.detail) if part)


class ConnectionEnded(Exception):
    """A voice connection ended before it was ready."""

    def __init__(self, ending: Ending) -> None:
        super().__init__(str(ending))
        self.ending = ending
        """How it ended."""
