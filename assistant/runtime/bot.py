"""Our own bot: creates it, logs in, and runs it until it is stopped."""

import asyncio
import logging
from contextlib import AsyncExitStack
from typing import Any, Final

import discord

from assistant.commands.command_registration import CommandRegistration
from assistant.config.settings import Settings
from assistant.discord_io.invite_link import invite_link
from assistant.discord_io.login import log_in
from assistant.pycord.api import AnyBot, close, stay_connected, use_api
from assistant.pycord.bots import CallBot, ShardedCallBot
from assistant.runtime.assistant import Assistant
from assistant.runtime.extension import AssistantHost, assistant_of, attach_host
from assistant.runtime.shutdown_budget import ShutdownBudget
from assistant.util.plurals import counted
from assistant.voice.timing import VoiceTiming

_logger = logging.getLogger(__name__)

_EXTENSIONS: Final = ("cogs.voice_conversation", "cogs.voice_settings", "cogs.my_voice")
_GUILDS_SECONDS: Final = 1.0
"""How long after the last GUILD_CREATE of a new session the bot counts as ready, and resumes calls."""
_CLOSING_SECONDS: Final = 3.0
"""How long the gateway may take to say goodbye."""
_TIMING: Final = VoiceTiming()
_TOKEN_REFUSED: Final = 4004
"""The gateway's close code for a token that the owner or Discord has reset."""


async def run(settings: Settings, stop: asyncio.Event, timing: VoiceTiming = _TIMING) -> None:
    """Run the bot until `stop` is set; then leave the calls to the next process, and clean up.

    `timing` is as for `Assistant`.

    If Discord can't be reached or refuses the login, it retries.

    Raises:
        StorageUnavailable: the database can't be opened. Discord was not contacted.
        PortUnavailable: the HTTP port is taken or not allowed. Discord was not contacted.
        ExceptionGroup: contains `discord.LoginFailure` when Discord does not accept the token (any more),
            `PrivilegedIntentsRequired` when the Message Content Intent is off, or `ConnectionClosed` when the gateway
            refuses the bot for good.
    """
    use_api(settings.discord_api_url)
    bot = _make_bot(settings)
    budget = ShutdownBudget()
    attach_host(bot, AssistantHost(bot, lambda: Assistant(bot, settings, timing, budget), starts_itself=False))
    bot.load_extensions(*_EXTENSIONS)
    async with AsyncExitStack() as stack:
        stack.push_async_callback(_close, bot, budget)
        assistant = assistant_of(bot)
        if not await _enter_unless_stopped(stack, assistant, stop):
            return
        tasks = await stack.enter_async_context(asyncio.TaskGroup())
        running = tasks.create_task(_stay_connected(bot, settings), name="gateway")
        assistant.gateway.follow(running)
        stopping = tasks.create_task(stop.wait(), name="stop")
        registering = tasks.create_task(_register_commands(bot), name="commands")
        await assistant.serve(running, stopping)
        for task in (registering, stopping, running):
            task.cancel()


async def _enter_unless_stopped(stack: AsyncExitStack, assistant: Assistant, stop: asyncio.Event) -> bool:
    """Open the assistant; False if `stop` was set before that was done: a database may make it wait for long."""
    stopping = asyncio.create_task(stop.wait())
    try:
        async with asyncio.timeout(None) as opening:
            stopping.add_done_callback(lambda _: None if stopping.cancelled() else opening.reschedule(0.0))
            await stack.enter_async_context(assistant)
    except TimeoutError:
        if not opening.expired():
            raise
        return False
    finally:
        stopping.cancel()
    return True


async def _close(bot: AnyBot, budget: ShutdownBudget) -> None:
    try:
        async with asyncio.timeout(budget.seconds(_CLOSING_SECONDS)):
            await close(bot)
    except TimeoutError:
        _logger.warning("Shutdown: the gateway does not answer, and is left as it is")


async def _stay_connected(bot: AnyBot, settings: Settings) -> None:
    await log_in(bot, settings)
    try:
        await stay_connected(bot)
    except discord.ConnectionClosed as closed:
        if closed.code == _TOKEN_REFUSED:
            raise discord.LoginFailure("the gateway doesn't accept the token") from closed
        raise


async def _register_commands(bot: AnyBot) -> None:
    registration = CommandRegistration(bot.sync_commands)

    async def on_connect() -> None:
        registration.request()

    bot.add_listener(on_connect)
    await registration.run()


def _make_bot(settings: Settings) -> AnyBot:
    intents = discord.Intents.none()
    intents.guilds = True
    intents.voice_states = True
    intents.guild_messages = True
    intents.message_content = settings.message_content  # privileged: the owner turns it on in the developer portal
    options: dict[str, Any] = {
        "intents": intents,
        "allowed_mentions": discord.AllowedMentions.none(),
        "guild_ready_timeout": _GUILDS_SECONDS,
        "max_messages": None,  # nothing looks up messages by id, and the cache would grow
    }
    bot: AnyBot
    if settings.shard_count == 1:
        bot = CallBot(**options)
    else:
        bot = ShardedCallBot(**options, shard_count=settings.shard_count, shard_ids=list(settings.shard_ids) or None)

    async def on_ready() -> None:
        _logger.info(
            "Ready as %s in %s. Invite link: %s", bot.user, counted(len(bot.guilds), "server"), invite_link(bot)
        )

    bot.add_listener(on_ready)
    return bot
