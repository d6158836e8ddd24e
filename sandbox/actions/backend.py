"""The backend: all parts of one sandbox below its servers, put together."""

from __future__ import annotations

from sandbox.actions.direct_message_service import DirectMessageService
from sandbox.actions.guild_service import GuildService
from sandbox.actions.human_interactions import HumanInteractions
from sandbox.actions.interaction_service import InteractionService
from sandbox.actions.message_service import MessageService
from sandbox.actions.permission_service import PermissionService
from sandbox.actions.voice_state_service import VoiceStateService
from sandbox.state.addresses import Addresses
from sandbox.state.application import Application
from sandbox.state.config import Config
from sandbox.state.refusals import Refusals
from sandbox.state.session_starts import SessionStarts
from sandbox.state.snowflake import Snowflakes
from sandbox.state.store import Store
from sandbox.state.user import BotUser, User, new_token
from sandbox.voice import VoiceServer


class Backend:
    """What the gateway, the REST API and the humans of one sandbox work on."""

    def __init__(self, config: Config, voice: VoiceServer) -> None:
        self.config = config
        """How it behaves."""
        self.voice = voice
        """The voice gateway, which is told who is in which call."""
        self.addresses = Addresses()
        """Where the servers listen."""
        self.ids = Snowflakes()
        """Makes all identifiers."""
        bot_id = self.ids()
        self.bot = BotUser(bot_id, config.bot_name, token=new_token(bot_id))
        """The bot that lives here."""
        self.application = Application(
            self.bot,
            User(self.ids(), "Owner"),
            SessionStarts(config.session_starts, config.max_concurrency),
            config.privileged_intents,
        )
        """The bot's application."""
        self.refusals = Refusals()
        """What was asked for and is not implemented."""
        self.store = Store()
        """All that is so."""
        self.guilds = GuildService(self.store, self.ids, self.bot)
        """Makes guilds and what is in them."""
        self.permissions = PermissionService(self.store)
        """Changes permissions."""
        self.direct_messages = DirectMessageService(self.store, self.ids, self.bot)
        """Opens direct messages."""
        self.messages = MessageService(self.store, self.ids, self.addresses)
        """Puts up, edits and deletes messages."""
        self.voice_states = VoiceStateService(self.store, voice)
        """Lets the bot and humans into voice channels, and out."""
        self.human_interactions = HumanInteractions(self.store, self.ids, deadline=config.interaction_deadline)
        """Brings commands, clicks, choices and modals to the bot."""
        self.interactions = InteractionService(self.store, self.messages, lifetime=config.interaction_lifetime)
        """Takes the bot's answers to them."""
