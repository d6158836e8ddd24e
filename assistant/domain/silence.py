"""Why nobody hears a call that is connected."""

from enum import Enum


class Silence(Enum):
    """Why Discord lets through nothing of what is said."""

    MUTED = "a moderator has muted it in the whole server"
    AUDIENCE = "it is in the audience of a stage"
    HAND_RAISED = "it is in the audience of a stage, and has asked to speak"
    AFK = "it is in the server's AFK channel"
    FORBIDDEN = "it may not speak in the voice channel"
