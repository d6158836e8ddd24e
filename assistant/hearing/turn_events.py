"""What becomes of one member's turns, as it happens."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CutTurn:
    """A turn, or what there is of one."""

    pcm: bytes
    """Signed 16-bit, SAMPLE_RATE, mono."""
    voiced_seconds: float
    """How much of it is voice."""
    certainty: float
    """How probable voice was on average where it was taken for voice, from 0 to 1."""
    began_at: float
    """When its first voice came."""
    ended_at: float
    """When its last voice came."""


@dataclass(frozen=True, slots=True)
class Begun:
    """A turn begins."""


@dataclass(frozen=True, slots=True)
class Paused:
    """The member pauses: the turn may be over, or go on."""

    turn: CutTurn
    """What there is of it."""


@dataclass(frozen=True, slots=True)
class Resumed:
    """The turn goes on behind a pause that was told, with more than a breath."""


@dataclass(frozen=True, slots=True)
class Ended:
    """A turn is over, or has become too long; then the next one begins with the next sample."""

    turn: CutTurn
    """All of it."""


TurnEvent = Begun | Paused | Resumed | Ended
"""Each `Begun` is followed by one `Ended`, and by any number of the others in between."""
