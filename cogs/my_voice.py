"""A py-cord extension: /my_voice, for a bot that has `cogs.voice_conversation` loaded."""

from typing import Any, Final

import discord

from assistant.discord_io import consent_wording
from assistant.pycord.api import AnyBot
from assistant.runtime.assistant import Assistant
from assistant.runtime.extension import assistant_of, sync_commands_soon

_EVERYWHERE: Final = "everywhere"
_OPTIONS: Final[list[Any]] = [
    discord.Option(
        str,
        name="take_back",
        description="Where I shall not hear you any more",
        required=False,
        choices=["this server", _EVERYWHERE],
        default=None,
    )
]


def setup(bot: AnyBot) -> None:
    """Add the command to the bot. Called by `bot.load_extension`.

    Raises:
        ExtensionMissing: `cogs.voice_conversation` is not loaded.
    """
    assistant_of(bot)
    bot.add_cog(MyVoice(bot))
    sync_commands_soon(bot)


def teardown(bot: AnyBot) -> None:
    """Take the command back. Called by `bot.unload_extension`."""
    sync_commands_soon(bot)


class MyVoice(discord.Cog):
    """The command that shows members where they are heard, and takes it back."""

    def __init__(self, bot: AnyBot) -> None:
        self._bot = bot

    @property
    def assistant(self) -> Assistant:
        """The assistant that serves the calls. A reload of `cogs.voice_conversation` replaces it."""
        return assistant_of(self._bot)

    async def cog_check(self, ctx: discord.ApplicationContext) -> bool:  # type: ignore[override] # py-cord awaits it
        """Whether this process serves the command."""
        return await self.assistant.command_guard.claim(ctx)

    async def cog_command_error(self, ctx: discord.ApplicationContext, error: Exception) -> None:
        """Report a command that failed."""
        await self.assistant.command_guard.report(ctx, error)

    @discord.slash_command(
        description="Show where I hear you, or take it back",
        contexts={discord.InteractionContextType.guild},
        options=_OPTIONS,
    )
    async def my_voice(self, ctx: discord.ApplicationContext, *, take_back: str | None) -> None:
        """Show the caller's decisions, or take them back."""
        guild_id, user_id, consents = ctx.guild_id, ctx.author.id, self.assistant.consents
        if guild_id is None:  # Discord offers the command only in servers
            return
        if take_back is None:
            text = await self._decisions(guild_id, user_id)
        else:
            is_everywhere = take_back == _EVERYWHERE
            if is_everywhere:
                await consents.take_back_everywhere(user_id)
            else:
                await consents.decide(guild_id, user_id, is_given=False)
            text = consent_wording.taken_back(everywhere=is_everywhere, listening=consents.listening)
        await ctx.respond(text, ephemeral=True)

    async def _decisions(self, guild_id: int, user_id: int) -> str:
        consents = self.assistant.consents
        decided = {consent.guild_id: consent for consent in await consents.decisions_of(user_id)}
        here = decided.pop(guild_id, None)
        guilds = [self._bot.get_guild(consent.guild_id) for consent in decided.values()]
        names = [guild.name if guild is not None else "" for guild in guilds]
        elsewhere = list(zip(decided.values(), names, strict=True))
        return consent_wording.decisions(consents.listening, here, elsewhere, self.assistant.name)
