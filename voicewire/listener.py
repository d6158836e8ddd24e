"""What a listener is given, and what it is asked."""

from typing import NamedTuple, Protocol


class VoicePacket(NamedTuple):
    """20 ms, or less, of one member."""

    user_id: int
    """Who speaks."""
    ssrc: int
    """The stream; a member has a new one after each of their reconnects."""
    sequence: int
    """Counts packets, 16 bits. They are given out as they can be opened: order and gaps are the listener's matter."""
    timestamp: int
    """Counts samples at 48 kHz, 32 bits."""
    opus: bytes | None
    """A frame of Opus; None if it did not open: to be concealed."""


class VoiceListener(Protocol):
    """Who hears the call. Called on the event loop."""

    def wants(self, user_id: int) -> bool:
        """Whether this member is listened to. Packets of others are dropped unopened."""

    def hear(self, packet: VoicePacket) -> None:
        """A packet of a member who is listened to."""
