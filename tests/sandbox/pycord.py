"""Runs an unmodified py-cord bot against a sandbox."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator
from typing import TypeVar

import aiohttp
import discord

from sandbox import Sandbox
from tests.support.eventually import eventually

INTENTS = discord.Intents(guilds=True, voice_states=True, messages=True, message_content=True)


AnyBot = discord.Bot | discord.AutoShardedBot
T = TypeVar("T", discord.Bot, discord.AutoShardedBot)


def make_bot(sandbox: Sandbox) -> discord.Bot:
    """A bot without commands which trusts the sandbox's certificate; to be made inside the event loop."""
    return make_bot_of(discord.Bot, sandbox)


def make_bot_of(kind: type[T], sandbox: Sandbox) -> T:
    """A bot of one of py-cord's kinds."""
    connector = aiohttp.TCPConnector(ssl=ssl.create_default_context(cafile=str(sandbox.ca_file)))
    return kind(intents=INTENTS, connector=connector)


@contextlib.asynccontextmanager
async def running(bot: AnyBot, sandbox: Sandbox) -> AsyncIterator[None]:
    """The bot runs, its commands being registered if it has any. What it dies of is raised."""
    loop = asyncio.get_running_loop()
    run = loop.create_task(bot.start(sandbox.bot.token), name="bot")
    ready = loop.create_task(_ready(bot, sandbox))
    try:
        await asyncio.wait({run, ready}, return_when=asyncio.FIRST_COMPLETED)
        if run.done():
            run.result()
        await ready
        yield
    finally:
        ready.cancel()
        await bot.close()
        await asyncio.wait({run}, timeout=2)
        run.cancel()
        await asyncio.gather(run, ready, return_exceptions=True)


async def _ready(bot: AnyBot, sandbox: Sandbox) -> None:
    if bot.pending_application_commands:
        await sandbox.wait_until_ready()
    else:
        await sandbox.wait_until_connected()
    await eventually(
        lambda: len(bot.guilds) == len(sandbox.guilds) and not any(guild.unavailable for guild in bot.guilds)
    )
