"""Gateway intents: which events a session asked for."""

from __future__ import annotations

from enum import IntFlag
from typing import Final


class Intent(IntFlag):
    """https://discord.com/developers/docs/events/gateway#list-of-intents"""

    GUILDS = 1 << 0
    GUILD_MEMBERS = 1 << 1
    GUILD_VOICE_STATES = 1 << 7
    GUILD_PRESENCES = 1 << 8
    GUILD_MESSAGES = 1 << 9
    GUILD_MESSAGE_REACTIONS = 1 << 10
    GUILD_MESSAGE_TYPING = 1 << 11
    DIRECT_MESSAGES = 1 << 12
    DIRECT_MESSAGE_REACTIONS = 1 << 13
    DIRECT_MESSAGE_TYPING = 1 << 14
    MESSAGE_CONTENT = 1 << 15


NO_INTENT: Final = Intent(0)
"""What an event needs that everybody hears."""

PRIVILEGED: Final = Intent.GUILD_MEMBERS | Intent.GUILD_PRESENCES | Intent.MESSAGE_CONTENT
"""Those which must be switched on for the application."""

VALID: Final = 0x331_FFFF
"""All bits that Discord knows; any other closes the connection with 4013."""
