"""How calls answer: people's choices, with the owner's settings as defaults."""

import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import Final, Unpack

from assistant.config.settings import Settings
from assistant.domain.errors import StorageUnavailable
from assistant.domain.preferences import GuildPreferenceChanges, GuildPreferences, Preference, PreferenceChanges
from assistant.preferences.reply_options import ReplyOptions
from assistant.storage.preference_store import PreferenceStore
from assistant.storage.write_behind import WriteBehind
from assistant.tts.speech_settings import AUTO
from assistant.tts.voice import Voice
from assistant.util.timeouts import LenientTimeout

_logger = logging.getLogger(__name__)

_READ_SECONDS: Final = 1.0
"""How long a call waits to know what was chosen."""


class PreferenceService:
    """Caches the choices of the guilds that were loaded, and stores new ones: later, while the database is away.

    A member's own choice wins over the guild's, which wins over the owner's.
    """

    def __init__(
        self, settings: Settings, voices: Sequence[Voice], store: PreferenceStore, writes: WriteBehind
    ) -> None:
        """`voices` are the ones to choose from; `writes` puts new choices into `store`."""
        self.voices = tuple(voices)
        """The voices to choose from."""
        self._owner = ReplyOptions.from_settings(settings)
        self._store = store
        self._writes = writes
        self._known: dict[int, GuildPreferences] = {}

    async def load(self, guild_id: int) -> None:
        """Load the choices of a guild. When that fails, the ones known so far stay."""
        if guild_id in self._known and self._writes.is_behind(guild_id):
            return  # the newest choices are not in the database yet
        try:
            async with LenientTimeout(_READ_SECONDS):
                self._known[guild_id] = await self._store.load_for_guild(guild_id)
        except (StorageUnavailable, TimeoutError) as error:
            _logger.warning("Couldn't read the choices of guild %d: %r", guild_id, error)

    def options_for(self, guild_id: int, user_id: int | None = None) -> ReplyOptions:
        """The options for a member, or for the guild itself, from the choices loaded so far."""
        known = self._known.get(guild_id, GuildPreferences())
        guild, own = known.own, known.members.get(user_id or 0, Preference())
        options = self._owner
        if guild.during_speech is not None:
            options = replace(options, during_speech=guild.during_speech)
        if guild.spoken_seconds is not None:
            options = replace(options, spoken_seconds=float(guild.spoken_seconds))
        if guild.control is not None:
            options = replace(options, control=guild.control)
        if guild.addressing is not None:
            options = replace(options, addressing=guild.addressing)
        if guild.captions is not None:
            options = replace(options, captions=guild.captions)
        return replace(
            options,
            language=own.language or guild.language or options.language,
            voice=self.voice(own.voice) or self.voice(guild.voice) or options.voice,
        )

    def chosen_language(self, guild_id: int, user_id: int) -> str:
        """The language that a member chose, or else their guild, as a gTTS code; "" where it is not to be known."""
        known = self._known.get(guild_id, GuildPreferences())
        language = known.members.get(user_id, Preference()).language or known.own.language
        return "" if language is None or language == AUTO else language

    def voice(self, key: str | None) -> Voice | None:
        """The voice with this key; None when there is none (any more)."""
        return next((voice for voice in self.voices if voice.key == key), None)

    async def choose_for_guild(self, guild_id: int, **changes: Unpack[GuildPreferenceChanges]) -> None:
        """Store a guild's choice. It applies from the next turn on."""
        if not await self._write(guild_id, lambda: self._store.set_for_guild(guild_id, **changes)):
            known = self._known.get(guild_id, GuildPreferences())
            self._known[guild_id] = replace(known, own=replace(known.own, **changes))
        await self.load(guild_id)

    async def choose_for_member(self, guild_id: int, user_id: int, **changes: Unpack[PreferenceChanges]) -> None:
        """Store a member's choice. It applies from their next message on."""
        if not await self._write(guild_id, lambda: self._store.set_for_member(guild_id, user_id, **changes)):
            known = self._known.get(guild_id, GuildPreferences())
            own = replace(known.members.get(user_id, Preference()), **changes)
            self._known[guild_id] = replace(known, members={**known.members, user_id: own})
        await self.load(guild_id)

    async def erase(self, guild_id: int) -> None:
        """Erase the choices of a guild that the bot has left."""
        self._known.pop(guild_id, None)
        await self._write(guild_id, lambda: self._store.forget_guild(guild_id))

    async def _write(self, guild_id: int, write: Callable[[], Awaitable[None]]) -> bool:
        """Whether it is written already; otherwise it will be, later."""

        async def make() -> bool:
            await write()
            return True

        return await self._writes.write(guild_id, make, otherwise=False, may_be_dropped=False)
