"""Which commands this process serves, and what becomes of one that broke."""

import logging

import discord

from assistant.cluster.ownership import Ownership
from assistant.discord_io import wording

_logger = logging.getLogger(__name__)


class NotRunning(discord.CheckFailure):
    """A command came although the assistant could not be started."""


class CommandGuard:
    """What holds for all of our commands. Each is served by one process, also while two run side by side."""

    def __init__(self, ownership: Ownership) -> None:
        self._ownership = ownership
        self._refuses_all = False

    def refuse_all(self) -> None:
        """Say to each caller that the assistant could not be started; the owner was told why."""
        self._refuses_all = True

    async def is_served_here(self, ctx: discord.ApplicationContext) -> bool:
        """Whether a command is for this process to serve; True once, in one process.

        Raises:
            NotRunning: the assistant could not be started.
        """
        if self._refuses_all:
            raise NotRunning
        return await self._ownership.claim(ctx.interaction.id)

    async def check_completion(self, ctx: discord.AutocompleteContext) -> None:
        """Look whether what is typed into an option is for this process to complete.

        Raises:
            discord.CheckFailure: it is another process's.
        """
        if not await self._ownership.claim(ctx.interaction.id):
            raise discord.CheckFailure("another process completes it")

    async def report(self, ctx: discord.ApplicationContext, error: Exception) -> None:
        """Tell the caller that a command broke, and the owner why."""
        if isinstance(error, NotRunning):
            text = wording.NOT_RUNNING
        elif isinstance(error, discord.CheckFailure):  # another process serves it
            return
        else:
            _logger.error("/%s failed", ctx.command, exc_info=error)
            text = wording.COMMAND_BROKEN
        try:
            await ctx.respond(text, ephemeral=True)
        except discord.DiscordException as further:
            _logger.warning("The caller could not be told: %s", further)
