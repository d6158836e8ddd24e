"""Our own bot: how it is made, and its life from login to stop."""

import asyncio
import logging
from contextlib import AsyncExitStack
from typing import Any, Final

import discord

from assistant.config.settings import Settings
from assistant.discord_io.invite_link import invite_link
from assistant.discord_io.login import log_in
from assistant.pycord.api import AnyBot, close, use_api
from assistant.pycord.bots import CallBot, ShardedCallBot
from assistant.runtime.assistant import Assistant
from assistant.runtime.extension import AssistantHost, assistant_of, attach_host
from assistant.voice.timing import VoiceTiming

_logger = logging.getLogger(__name__)

_EXTENSIONS: Final = ("cogs.voice_conversation", "cogs.voice_settings")
_GUILDS_SECONDS: Final = 1.0
"""How long after the last guild of a new session no further one is waited for: until then no call is gone on with."""
_TIMING: Final = VoiceTiming()
_TOKEN_REFUSED: Final = 4004
"""Gateway close code; the owner, or Discord, has withdrawn the token."""


async def run(settings: Settings, stop: asyncio.Event, timing: VoiceTiming = _TIMING) -> None:
    """Be the bot until `stop` is set; then leave every call to the next process, and leave nothing else behind.

    A Discord that cannot be reached, or refuses the login, is waited for.

    Raises:
        StorageUnavailable: the database can't be opened; nothing has been asked of Discord then.
        PortUnavailable: the port can't be listened at; nor has anything then.
        ExceptionGroup: with `discord.LoginFailure` for a token that Discord does not know, or knows no longer, with
            `PrivilegedIntentsRequired` when the message content intent is not switched on, with `ConnectionClosed` when
            the gateway will not have us for good.
    """
    use_api(settings.discord_api_url)
    bot = _make_bot(settings)
    attach_host(bot, AssistantHost(bot, lambda: Assistant(bot, settings, timing), starts_itself=False))
    bot.load_extensions(*_EXTENSIONS)
    async with AsyncExitStack() as stack:
        stack.push_async_callback(close, bot)
        assistant = await stack.enter_async_context(assistant_of(bot))
        tasks = await stack.enter_async_context(asyncio.TaskGroup())
        running = tasks.create_task(_stay_connected(bot, settings), name="gateway")
        assistant.gateway.follow(running)
        stopping = tasks.create_task(stop.wait(), name="stop")
        await assistant.serve(running, stopping)
        stopping.cancel()
        running.cancel()


async def _stay_connected(bot: AnyBot, settings: Settings) -> None:
    await log_in(bot, settings)
    try:
        await bot.connect()
    except discord.ConnectionClosed as closed:
        if closed.code == _TOKEN_REFUSED:
            raise discord.LoginFailure("the gateway does not know the token") from closed
        raise


def _make_bot(settings: Settings) -> AnyBot:
    intents = discord.Intents.none()
    intents.guilds = True
    intents.voice_states = True
    intents.guild_messages = True
    intents.message_content = True  # privileged: to be switched on in the developer portal
    options: dict[str, Any] = {
        "intents": intents,
        "allowed_mentions": discord.AllowedMentions.none(),
        "guild_ready_timeout": _GUILDS_SECONDS,
        "max_messages": None,  # nothing here looks back at a message by its id, and the cache would grow with each call
    }
    bot: AnyBot
    if settings.shard_count == 1:
        bot = CallBot(**options)
    else:
        bot = ShardedCallBot(**options, shard_count=settings.shard_count, shard_ids=list(settings.shard_ids) or None)

    async def on_ready() -> None:
        _logger.info("Ready as %s in %d server(s). Invite me with %s", bot.user, len(bot.guilds), invite_link(bot))

    bot.add_listener(on_ready)
    return bot
