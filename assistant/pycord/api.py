"""The bot as a whole: where its API is, how it logs in, and how it is closed."""

import aiohttp
import discord
import discord.http


def use_api(url: str) -> None:
    """Point py-cord at another REST API than Discord's. It holds for the whole process: py-cord has one address."""
    discord.http.Route.API_BASE_URL = url


async def log_in(bot: discord.Bot, token: str, connector: aiohttp.BaseConnector | None) -> None:
    """Log in as `bot.login` does; when that fails, it may be tried again.

    py-cord makes a session for each try and leaves that of the try before open. `connector` is for this try alone,
    since it is closed with its session; None: py-cord makes one.
    """
    bot.http.connector = connector
    try:
        await bot.login(token)
    except BaseException:
        await bot.http.close()
        raise


async def close(bot: discord.Bot) -> None:
    """Close the gateway in order, then the bot; its `start` must have been cancelled before.

    py-cord closes its HTTP session first, which cuts the gateway's socket: it reads that as a loss, tries to
    reconnect, and leaves the heartbeat's thread behind.
    """
    if bot.ws is not None and bot.ws.open:
        await bot.ws.close(code=1000)
    await bot.close()
