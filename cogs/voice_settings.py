"""The face of what people choose: /voice_settings."""

import logging
from collections.abc import Mapping
from typing import Any, Final, get_args

import discord

from assistant.config.settings import LONGEST_SPOKEN_SECONDS, SHORTEST_SPOKEN_SECONDS
from assistant.domain.errors import StorageUnavailable
from assistant.domain.preferences import DuringSpeech, GuildPreferenceChanges, PreferenceChanges
from assistant.preferences.service import PreferenceService
from cogs import settings_text
from cogs.option_choices import DEFAULT, Choice, chosen, languages, matching, voices

_log = logging.getLogger(__name__)

_SERVER: Final = "server"
_RULES: Final[Mapping[str, DuringSpeech | None]] = {**{rule: rule for rule in get_args(DuringSpeech)}, DEFAULT: None}


async def _offer_languages(ctx: discord.AutocompleteContext) -> list[discord.OptionChoice]:
    return _offered(matching(languages(), ctx.value or ""))


async def _offer_voices(ctx: discord.AutocompleteContext) -> list[discord.OptionChoice]:
    cog = ctx.cog
    assert isinstance(cog, VoiceSettings)
    known = voices(cog.preferences.voices, ctx.options.get("language"))
    return _offered(matching(known, ctx.value or ""))


def _offered(choices: list[Choice]) -> list[discord.OptionChoice]:
    return [discord.OptionChoice(choice.name, choice.value) for choice in choices]


_OPTIONS: Final[list[Any]] = [
    discord.Option(
        str, name="language", description="What is spoken", required=False, autocomplete=_offer_languages, default=None
    ),
    discord.Option(
        str, name="voice", description="Who speaks it", required=False, autocomplete=_offer_voices, default=None
    ),
    discord.Option(
        str,
        name="holds_for",
        description="Yourself, or the server, for which you need Manage Server",
        required=False,
        choices=["me", _SERVER],
        default=None,
    ),
    discord.Option(
        str,
        name="during_speech",
        description="What a message does while I speak (for the server)",
        required=False,
        choices=list(_RULES),
        default=None,
    ),
    discord.Option(
        int,
        name="spoken_seconds",
        description="How long I speak at most; 0: to the end (for the server)",
        required=False,
        min_value=0,
        max_value=LONGEST_SPOKEN_SECONDS,
        default=None,
    ),
]


class VoiceSettings(discord.Cog):
    """Chooses language and voice, for oneself and for the server, and how calls behave there."""

    def __init__(self, preferences: PreferenceService) -> None:
        self.preferences = preferences
        """Where choices are kept."""

    @discord.slash_command(
        description="Choose how I speak; without options, see what holds",
        contexts={discord.InteractionContextType.guild},
        options=_OPTIONS,
    )
    async def voice_settings(
        self,
        ctx: discord.ApplicationContext,
        *,
        language: str | None,
        voice: str | None,
        holds_for: str | None,
        during_speech: str | None,
        spoken_seconds: int | None,
    ) -> None:
        """Store what was chosen, and tell what holds."""
        if ctx.guild_id is None:  # Discord offers the command in servers only
            return
        for name, typed, known in (
            ("language", language, languages()),
            ("voice", voice, voices(self.preferences.voices, None)),
        ):
            if typed is not None and chosen(known, typed) is None:
                await ctx.respond(settings_text.not_on_the_list(name, typed), ephemeral=True)
                return
        own: PreferenceChanges = {}
        if language is not None:
            own["language"] = _stored(chosen(languages(), language))
        if voice is not None:
            own["voice"] = _stored(chosen(voices(self.preferences.voices, None), voice))
        calls: GuildPreferenceChanges = {}
        if during_speech is not None:
            calls["during_speech"] = _RULES[during_speech]
        if spoken_seconds is not None:
            calls["spoken_seconds"] = _bounded(spoken_seconds)
        await self._store(ctx, ctx.guild_id, own, calls, is_server=holds_for == _SERVER)

    @discord.Cog.listener()
    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Keep nothing of a server that has removed the bot."""
        await self.preferences.erase(guild.id)

    async def _store(
        self,
        ctx: discord.ApplicationContext,
        guild_id: int,
        own: PreferenceChanges,
        calls: GuildPreferenceChanges,
        *,
        is_server: bool,
    ) -> None:
        if (calls or (own and is_server)) and not _manages_the_server(ctx):
            await ctx.respond(settings_text.NOT_ALLOWED, ephemeral=True)
            return
        try:
            if is_server or calls:
                changes: GuildPreferenceChanges = {**calls, **own} if is_server else calls
                if changes:
                    await self.preferences.choose_for_guild(guild_id, **changes)
            if own and not is_server:
                await self.preferences.choose_for_member(guild_id, ctx.author.id, **own)
            if not own and not calls:
                await self.preferences.look_up(guild_id)
        except StorageUnavailable as error:
            _log.warning("A choice could not be stored: %s", error)
            await ctx.respond(settings_text.NOT_STORED, ephemeral=True)
            return
        options = self.preferences.options_for(guild_id, None if is_server else ctx.author.id)
        text = settings_text.report(options, changed=bool(own or calls), is_server=is_server)
        await ctx.respond(text, ephemeral=True)


def _manages_the_server(ctx: discord.ApplicationContext) -> bool:
    return isinstance(ctx.author, discord.Member) and ctx.author.guild_permissions.manage_guild


def _stored(value: str | None) -> str | None:
    return None if value == DEFAULT else value


def _bounded(seconds: int) -> int:
    """0, or long enough that something can be said."""
    return 0 if seconds == 0 else max(seconds, SHORTEST_SPOKEN_SECONDS)
