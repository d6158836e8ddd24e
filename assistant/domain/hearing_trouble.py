"""Why a member is not heard."""

from enum import Enum


class HearingTrouble(Enum):
    """Why a member is not heard."""

    NOT_OPENED = "not opened"
    """Packets come, and no key opens them."""
    NOT_OPUS = "not Opus"
    """Packets open, and hold no sound."""
    TOO_SOFT = "too soft"
    """The voice is much softer than before, as somebody else's in the room would be."""
    OVER_BUDGET = "over budget"
    """They have spoken too much in the last minutes."""
    CROWDED = "crowded"
    """Too many speak at once."""
