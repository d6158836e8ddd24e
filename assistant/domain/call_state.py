"""The states of a call's voice connection."""

from enum import Enum


class CallState(Enum):
    """The state of a call's voice connection."""

    JOINING = "joining"
    LIVE = "live"
    RECOVERING = "recovering"
    ENDED = "ended"
