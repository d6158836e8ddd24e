"""The bot's application: the account, its owner, and what is switched on for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sandbox.state.intents import Intent
from sandbox.state.session_starts import SessionStarts
from sandbox.state.user import BotUser, User

_INTENT_FLAGS: Final = {
    Intent.GUILD_PRESENCES: 1 << 13,
    Intent.GUILD_MEMBERS: 1 << 15,
    Intent.MESSAGE_CONTENT: 1 << 19,
}
"""https://discord.com/developers/docs/resources/application#application-object-application-flags"""


@dataclass(eq=False)
class Application:
    """The one application that this Discord knows."""

    bot: BotUser
    """The bot that lives here."""
    owner: User
    """Who made it."""
    session_starts: SessionStarts
    """How often the bot may still identify."""
    privileged_intents: Intent
    """The privileged intents that are switched on."""

    @property
    def flags(self) -> int:
        """The application's flags, which tell which privileged intents are switched on."""
        return sum(flag for intent, flag in _INTENT_FLAGS.items() if self.privileged_intents & intent)
