"""How the calls of all guilds answer: what people chose, and behind it what the owner decided."""

import logging
from collections.abc import Sequence
from dataclasses import replace
from typing import Unpack

from assistant.config.settings import Settings
from assistant.domain.errors import StorageUnavailable
from assistant.domain.preferences import GuildPreferenceChanges, GuildPreferences, Preference, PreferenceChanges
from assistant.preferences.reply_options import ReplyOptions
from assistant.storage.preference_store import PreferenceStore
from assistant.tts.voice import Voice

_logger = logging.getLogger(__name__)


class PreferenceService:
    """Knows the choices of the guilds it was told to look up, and stores new ones.

    What holds for a member is their own choice, else that of the guild, else the owner's.
    """

    def __init__(self, settings: Settings, voices: Sequence[Voice], store: PreferenceStore) -> None:
        """`voices` are those that can be chosen."""
        self.voices = tuple(voices)
        """The voices that can be chosen."""
        self._owner = ReplyOptions.from_settings(settings)
        self._store = store
        self._known: dict[int, GuildPreferences] = {}

    async def look_up(self, guild_id: int) -> None:
        """Learn what was chosen in a guild; where that can't be read, it is as if nothing had been."""
        try:
            self._known[guild_id] = await self._store.load_for_guild(guild_id)
        except StorageUnavailable as error:
            _logger.warning("What was chosen in guild %d could not be read: %s", guild_id, error)

    def options_for(self, guild_id: int, user_id: int | None = None) -> ReplyOptions:
        """What holds for a member, or for the guild itself, as far as it is known."""
        known = self._known.get(guild_id, GuildPreferences())
        guild, own = known.own, known.members.get(user_id or 0, Preference())
        options = self._owner
        if guild.during_speech is not None:
            options = replace(options, during_speech=guild.during_speech)
        if guild.spoken_seconds is not None:
            options = replace(options, spoken_seconds=float(guild.spoken_seconds))
        return replace(
            options,
            language=own.language or guild.language or options.language,
            voice=self.voice(own.voice) or self.voice(guild.voice) or options.voice,
        )

    def voice(self, key: str | None) -> Voice | None:
        """The voice of a key; None when there is none, or none any more."""
        return next((voice for voice in self.voices if voice.key == key), None)

    async def choose_for_guild(self, guild_id: int, **changes: Unpack[GuildPreferenceChanges]) -> None:
        """Store a guild's choice; it holds from the next turn on.

        Raises:
            StorageUnavailable: it could not be stored, and does not hold.
        """
        await self._store.set_for_guild(guild_id, **changes)
        await self.look_up(guild_id)

    async def choose_for_member(self, guild_id: int, user_id: int, **changes: Unpack[PreferenceChanges]) -> None:
        """Store a member's choice; it holds from their next message on.

        Raises:
            StorageUnavailable: it could not be stored, and does not hold.
        """
        await self._store.set_for_member(guild_id, user_id, **changes)
        await self.look_up(guild_id)

    async def erase(self, guild_id: int) -> None:
        """Keep nothing of a guild: the bot has left it."""
        self._known.pop(guild_id, None)
        try:
            await self._store.forget_guild(guild_id)
        except StorageUnavailable as error:
            _logger.warning("What was chosen in guild %d could not be erased: %s", guild_id, error)
