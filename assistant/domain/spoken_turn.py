"""What somebody said in one go."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SpokenTurn:
    """A member's speech from its beginning to a pause that is long enough to be its end, or up to now."""

    user_id: int
    """Who spoke."""
    pcm: bytes
    """Signed 16-bit little-endian, 16 kHz, mono; from a little before the first voice to a little after the last."""
    voiced_seconds: float
    """How much of it is voice."""
    ended_at: float
    """`time.monotonic()` of when the last voiced frame came,"""
    began_at: float
    """and the first one."""

    def __repr__(self) -> str:
        """Without the sound: an error's traceback may quote it."""
        return f"SpokenTurn(user_id={self.user_id}, {len(self.pcm)} bytes, voiced_seconds={self.voiced_seconds:.2f})"
