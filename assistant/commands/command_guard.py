"""Decides which commands this process serves, and reports those that fail."""

import logging

import discord

from assistant.cluster.ownership import Ownership
from assistant.discord_io import wording

_logger = logging.getLogger(__name__)


class NotRunning(discord.CheckFailure):
    """The command can't be served: the assistant could not start."""


class CommandGuard:
    """The checks that all commands share. One process serves each command, even while two run side by side."""

    def __init__(self, ownership: Ownership) -> None:
        self._ownership = ownership
        self._refuses_all = False

    def refuse_all(self) -> None:
        """From now on, answer every command with the news that the assistant could not start."""
        self._refuses_all = True

    async def claim(self, ctx: discord.ApplicationContext) -> bool:
        """Claim a command for this process; True in exactly one process, once.

        Raises:
            NotRunning: the assistant could not be started.
        """
        if self._refuses_all:
            raise NotRunning
        return await self._ownership.claim(ctx.interaction.id)

    async def claim_completion(self, ctx: discord.AutocompleteContext) -> None:
        """Claim an autocomplete request for this process.

        Raises:
            discord.CheckFailure: another process answers it.
        """
        if not await self._ownership.claim(ctx.interaction.id):
            raise discord.CheckFailure("another process answers it")

    async def report(self, ctx: discord.ApplicationContext, error: Exception) -> None:
        """Tell the caller that a command failed, and log why."""
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
            _logger.warning("Couldn't tell the caller that the command failed: %s", further)
