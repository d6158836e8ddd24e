"""Which commands this process serves, and what becomes of one that broke."""

import logging

import discord

from assistant.cluster.ownership import Ownership
from assistant.discord_io import wording
from assistant.pycord.api import AnyBot

_log = logging.getLogger(__name__)


class CommandGuard:
    """What holds for all commands. Each is served by one process, also while two run side by side."""

    def __init__(self, bot: AnyBot, ownership: Ownership) -> None:
        """Nothing holds before `watch`."""
        self._bot = bot
        self._ownership = ownership

    def watch(self) -> None:
        """Begin to see to the bot's commands."""
        self._bot.add_check(self._is_ours)
        self._bot.event(self.on_application_command_auto_complete)
        self._bot.event(self.on_application_command_error)

    async def on_application_command_auto_complete(
        self, interaction: discord.Interaction, command: discord.SlashCommand
    ) -> None:
        """Offer what goes with what is typed into an option.

        In place of py-cord's own handler, which also cancels what it is looking up for one member when another types.
        """
        if await self._ownership.claim(interaction.id):
            interaction.command = command
            await command.invoke_autocomplete_callback(await self._bot.get_autocomplete_context(interaction))

    async def on_application_command_error(
        self, ctx: discord.ApplicationContext, error: discord.DiscordException
    ) -> None:
        """Tell the caller that a command broke, and the owner why."""
        if isinstance(error, discord.CheckFailure):  # another process serves it
            return
        _log.error("/%s failed", ctx.command, exc_info=error)
        try:
            await ctx.respond(wording.COMMAND_BROKEN, ephemeral=True)
        except discord.DiscordException as further:
            _log.warning("The caller could not be told: %s", further)

    async def _is_ours(self, ctx: discord.ApplicationContext) -> bool:
        return await self._ownership.claim(ctx.interaction.id)
