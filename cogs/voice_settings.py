"""A py-cord extension: /voice_settings, for a bot that has `cogs.voice_conversation` loaded."""

from collections.abc import Mapping
from typing import Any, Final, get_args

import discord

from assistant.commands import settings_text
from assistant.commands.option_choices import (
    DEFAULT,
    Choice,
    chosen,
    chosen_language,
    matching,
    matching_languages,
    voices,
)
from assistant.config.settings import LONGEST_SPOKEN_SECONDS, SHORTEST_SPOKEN_SECONDS
from assistant.domain.preferences import (
    Addressing,
    Captions,
    Control,
    DuringSpeech,
    GuildPreferenceChanges,
    PreferenceChanges,
)
from assistant.preferences.service import PreferenceService
from assistant.pycord.api import AnyBot
from assistant.runtime.assistant import Assistant
from assistant.runtime.extension import assistant_of, sync_commands_soon

_SERVER: Final = "server"
_RULES: Final[Mapping[str, DuringSpeech | None]] = {**{rule: rule for rule in get_args(DuringSpeech)}, DEFAULT: None}

_CONTROLS: Final[Mapping[str, Control | None]] = {**{control: control for control in get_args(Control)}, DEFAULT: None}

_ADDRESSINGS: Final[Mapping[str, Addressing | None]] = {**{each: each for each in get_args(Addressing)}, DEFAULT: None}

_CAPTIONS: Final[Mapping[str, Captions | None]] = {**{each: each for each in get_args(Captions)}, DEFAULT: None}


def setup(bot: AnyBot) -> None:
    """Add the command to the bot. Called by `bot.load_extension`.

    Raises:
        ExtensionMissing: `cogs.voice_conversation` is not loaded.
    """
    assistant_of(bot)
    bot.add_cog(VoiceSettings(bot))
    sync_commands_soon(bot)


def teardown(bot: AnyBot) -> None:
    """Take the command back. Called by `bot.unload_extension`."""
    sync_commands_soon(bot)


async def _offer_languages(ctx: discord.AutocompleteContext) -> list[discord.OptionChoice]:
    await _cog_of(ctx).assistant.command_guard.claim_completion(ctx)
    return _offered(matching_languages(ctx.value or ""))


async def _offer_voices(ctx: discord.AutocompleteContext) -> list[discord.OptionChoice]:
    assistant = _cog_of(ctx).assistant
    await assistant.command_guard.claim_completion(ctx)
    known = voices(assistant.preferences.voices, ctx.options.get("language"))
    return _offered(matching(known, ctx.value or ""))


def _cog_of(ctx: discord.AutocompleteContext) -> "VoiceSettings":
    assert isinstance(ctx.cog, VoiceSettings)
    return ctx.cog


def _offered(choices: list[Choice]) -> list[discord.OptionChoice]:
    return [discord.OptionChoice(choice.name, choice.value) for choice in choices]


_OPTIONS: Final[list[Any]] = [
    discord.Option(
        str,
        name="language",
        description="The language I speak, and in which I hear you",
        required=False,
        autocomplete=_offer_languages,
        default=None,
    ),
    discord.Option(
        str,
        name="voice",
        description="The voice I speak with",
        required=False,
        autocomplete=_offer_voices,
        default=None,
    ),
    discord.Option(
        str,
        name="scope",
        description="Just you, or the whole server (needs Manage Server)",
        required=False,
        choices=["me", _SERVER],
        default=None,
    ),
    discord.Option(
        str,
        name="during_speech",
        description="What happens when somebody talks or writes while I'm talking (server-wide)",
        required=False,
        choices=list(_RULES),
        default=None,
    ),
    discord.Option(
        int,
        name="speaking_limit",
        description="Maximum speaking time per answer in seconds; 0 = no limit (server-wide)",
        required=False,
        min_value=0,
        max_value=LONGEST_SPOKEN_SECONDS,
        default=None,
    ),
    discord.Option(
        str,
        name="control",
        description="Who can skip and end calls, and hears answers: members of the call, or everyone (server-wide)",
        required=False,
        choices=list(_CONTROLS),
        default=None,
    ),
    discord.Option(
        str,
        name="addressing",
        description="Which speech is for me: auto (with my name, or alone with me), name, or always (server-wide)",
        required=False,
        choices=list(_ADDRESSINGS),
        default=None,
    ),
    discord.Option(
        str,
        name="captions",
        description="Whether what is said to me, and my answer, is written in the chat as well (server-wide)",
        required=False,
        choices=list(_CAPTIONS),
        default=None,
    ),
]


class VoiceSettings(discord.Cog):
    """The command that sets language and voice, for a member or the server, and how calls behave there."""

    def __init__(self, bot: AnyBot) -> None:
        self._bot = bot

    @property
    def assistant(self) -> Assistant:
        """The assistant that serves the calls. A reload of `cogs.voice_conversation` replaces it."""
        return assistant_of(self._bot)

    @property
    def _preferences(self) -> PreferenceService:
        return self.assistant.preferences

    async def cog_check(self, ctx: discord.ApplicationContext) -> bool:  # type: ignore[override] # py-cord awaits it
        """Whether this process serves the command."""
        return await self.assistant.command_guard.claim(ctx)

    async def cog_command_error(self, ctx: discord.ApplicationContext, error: Exception) -> None:
        """Report a command that failed."""
        await self.assistant.command_guard.report(ctx, error)

    @discord.slash_command(
        description="Change my language and voice, or show the current settings",
        contexts={discord.InteractionContextType.guild},
        options=_OPTIONS,
    )
    async def voice_settings(
        self,
        ctx: discord.ApplicationContext,
        *,
        language: str | None,
        voice: str | None,
        scope: str | None,
        during_speech: str | None,
        speaking_limit: int | None,
        control: str | None,
        addressing: str | None,
        captions: str | None,
    ) -> None:
        """Store the choices, and show the current settings."""
        if ctx.guild_id is None:  # Discord offers the command only in servers
            return
        own: PreferenceChanges = {}
        if language is not None:
            if (value := chosen_language(language)) is None:
                await ctx.respond(settings_text.not_on_the_list("language", language), ephemeral=True)
                return
            own["language"] = _stored(value)
        if voice is not None:
            if (value := chosen(voices(self._preferences.voices, None), voice)) is None:
                await ctx.respond(settings_text.not_on_the_list("voice", voice), ephemeral=True)
                return
            own["voice"] = _stored(value)
        calls: GuildPreferenceChanges = {}
        if during_speech is not None:
            calls["during_speech"] = _RULES[during_speech]
        if speaking_limit is not None:
            calls["spoken_seconds"] = _bounded(speaking_limit)
        if control is not None:
            calls["control"] = _CONTROLS[control]
        if addressing is not None:
            calls["addressing"] = _ADDRESSINGS[addressing]
        if captions is not None:
            calls["captions"] = _CAPTIONS[captions]
        await self._store(ctx, ctx.guild_id, own, calls, is_server=scope == _SERVER)

    @discord.Cog.listener()
    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Erase the choices of a server that removed the bot."""
        await self._preferences.erase(guild.id)

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
        if is_server or calls:
            changes: GuildPreferenceChanges = {**calls, **own} if is_server else calls
            if changes:
                await self._preferences.choose_for_guild(guild_id, **changes)
        if own and not is_server:
            await self._preferences.choose_for_member(guild_id, ctx.author.id, **own)
        if not own and not calls:
            await self._preferences.load(guild_id)
        options = self._preferences.options_for(guild_id, None if is_server else ctx.author.id)
        text = settings_text.report(options, changed=bool(own or calls), is_server=is_server)
        await ctx.respond(text, ephemeral=True)


def _manages_the_server(ctx: discord.ApplicationContext) -> bool:
    return isinstance(ctx.author, discord.Member) and ctx.author.guild_permissions.manage_guild


def _stored(value: str | None) -> str | None:
    return None if value == DEFAULT else value


def _bounded(seconds: int) -> int:
    """0, or at least the shortest speaking limit."""
    return 0 if seconds == 0 else max(seconds, SHORTEST_SPOKEN_SECONDS)
