"""Where a call stands."""

from enum import Enum


class CallState(Enum):
    """Where a call's connection stands."""

    JOINING = "joining"
    LIVE = "live"
    RECOVERING = "recovering"
    ENDED = "ended"
