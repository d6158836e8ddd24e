"""The world: the parts of one sandbox, where they find each other."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sandbox.actions.guild_service import GuildService
from sandbox.actions.interaction_service import InteractionService
from sandbox.actions.message_service import MessageService
from sandbox.actions.permission_service import PermissionService
from sandbox.actions.voice_state_service import VoiceStateService
from sandbox.state.command import Commands
from sandbox.state.intents import PRIVILEGED, Intent
from sandbox.state.refusals import Refusals
from sandbox.state.session_starts import SessionStarts
from sandbox.state.snowflake import Snowflakes
from sandbox.state.store import Store
from sandbox.state.user import BotUser, User

if TYPE_CHECKING:
    from sandbox.voice import VoiceServer


@dataclass(frozen=True)
class Config:
    """How a sandbox behaves, where Discord leaves a choice or a test wants to be quick."""

    bot_name: str = "Bot"
    """The bot's name."""
    heartbeat_interval: float = 41.25
    """Seconds between the gateway heartbeats which the bot is asked for."""
    shards: int = 1
    """How many shards GET /gateway/bot recommends."""
    session_starts: int = 1000
    """How often the bot may identify."""
    privileged_intents: Intent = PRIVILEGED
    """The privileged intents that are switched on for the application."""
    interaction_deadline: float = 3.0
    """Seconds until "The application did not respond"."""
    interaction_lifetime: float = 900.0
    """Seconds for which an interaction's token can be used."""


class World:
    """All parts of a sandbox below its servers."""

    def __init__(self, config: Config, voice: VoiceServer) -> None:
        self.config = config
        """How it behaves."""
        self.voice = voice
        """The voice gateway, which the switchboard tells who is in which call."""
        self.ids = Snowflakes()
        """Makes all identifiers."""
        self.bot = BotUser(self.ids(), config.bot_name, token=f"sandbox.{secrets.token_urlsafe(24)}")
        """The bot that lives here."""
        self.session_starts = SessionStarts(config.session_starts)
        """How often it may still identify."""
        self.refusals = Refusals()
        """What was asked for and is not implemented."""
        self.store = Store(Commands())
        """All that is so."""
        self.founder = GuildService(self)
        """Makes guilds and what is in them."""
        self.rulebook = PermissionService(self)
        """Changes permissions."""
        self.posting = MessageService(self)
        """Puts up, edits and deletes messages."""
        self.switchboard = VoiceStateService(self)
        """Seats the bot and humans in voice channels."""
        self.desk = InteractionService(self)
        """Brings commands and clicks to the bot, and takes its answers."""
        self.http_url = ""
        """Where the HTTP server listens, without a path; empty until it does."""
        self.gateway_url = ""
        """Where the gateway listens; empty until it does."""
        self.application_owner = User(self.ids(), "Owner")
        """Who made the bot."""

    @property
    def application_flags(self) -> int:
        """The application's flags, which tell which privileged intents are switched on.

        https://discord.com/developers/docs/resources/application#application-object-application-flags
        """
        enabled = self.config.privileged_intents
        flags = {Intent.GUILD_PRESENCES: 1 << 13, Intent.GUILD_MEMBERS: 1 << 15, Intent.MESSAGE_CONTENT: 1 << 19}
        return sum(flag for intent, flag in flags.items() if enabled & intent)
