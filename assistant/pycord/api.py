"""The bot as a whole: where its API is, how it logs in, its connections to the main gateway, and how it is closed."""

import logging
from typing import TypeAlias

import aiohttp
import discord
import discord.http

from assistant.util.cancellation import heeding_cancellation

_logger = logging.getLogger(__name__)

AnyBot: TypeAlias = discord.Bot | discord.AutoShardedBot
"""A bot with one connection to the main gateway, or with one for each of its shards."""


def use_api(url: str) -> None:
    """Point py-cord at another REST API than Discord's. It holds for the whole process: py-cord has one address."""
    discord.http.Route.API_BASE_URL = url


async def log_in(bot: AnyBot, token: str, connector: aiohttp.BaseConnector) -> None:
    """Log in as `bot.login` does; when that fails, it may be tried again.

    py-cord makes a session for each try and leaves that of the try before open. `connector` is for this try alone,
    since it is closed with its session. py-cord opens its requests, the gateway and the voice gateways with it.
    """
    bot.http.connector = connector
    try:
        await bot.login(token)
    except BaseException:  # also cancelled: nobody else closes the session of a try that failed
        await bot.http.close()
        raise


async def stay_connected(bot: AnyBot) -> None:
    """Connect to the main gateway, and again whenever that is lost, until cancelled.

    Raises:
        discord.ConnectionClosed: the gateway refuses the bot for good.
        discord.PrivilegedIntentsRequired: an intent is not enabled.
    """
    await heeding_cancellation(bot.connect())


async def leave_voice(guild: discord.Guild) -> None:
    """Be in no voice channel of the guild; without its connection to the gateway we are in none anyway."""
    try:
        await guild.change_voice_state(channel=None)
    except (OSError, aiohttp.ClientError, AttributeError) as error:  # AttributeError: there is no connection yet
        _logger.debug("Leaving the voice of guild %d was not announced: %s", guild.id, error)


def stop_view(bot: AnyBot, view: discord.ui.View) -> None:
    """Hear no further click on the buttons of a persistent view, and have py-cord forget it.

    py-cord's own `stop` looks for the view under keys of two parts, and stores it under keys of three: it stays until
    another one is added.
    """
    view.stop()
    bot.add_view(discord.ui.View(timeout=None))


async def close(bot: AnyBot) -> None:
    """Close the gateway in order, then the bot; its `start` must have been cancelled before.

    py-cord closes its HTTP session first, which cuts the gateway's socket: it reads that as a loss, tries to
    reconnect, and leaves the heartbeat's thread behind. The connections of shards it closes in order itself.
    """
    if bot.ws is not None and bot.ws.open:
        await bot.ws.close(code=1000)
    await bot.close()
