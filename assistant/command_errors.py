"""What becomes of a command that broke."""

import logging

import discord

from assistant import wording

_log = logging.getLogger(__name__)


async def on_application_command_error(ctx: discord.ApplicationContext, error: discord.DiscordException) -> None:
    """Tell the caller that a command broke, and the owner why."""
    if isinstance(error, discord.CheckFailure):  # another process serves it
        return
    _log.error("/%s failed", ctx.command, exc_info=error)
    try:
        await ctx.respond(wording.COMMAND_BROKEN, ephemeral=True)
    except discord.DiscordException as further:
        _log.warning("The caller could not be told: %s", further)
