"""Puts the assistant together: the bot with its cog, and the services that calls share."""

import asyncio
import logging
import ssl
from contextlib import AsyncExitStack, suppress
from typing import Any, Final

import aiohttp
import discord

from assistant.chat import ChatModel
from assistant.frame_clock import FrameClock
from assistant.invitation import invitation
from assistant.languages import LanguageDetector
from assistant.loop_lag import LoopLag
from assistant.loop_watchdog import LoopWatchdog
from assistant.manners import Manners
from assistant.patience import Patience
from assistant.pycord.api import AnyBot, close, use_api
from assistant.session import Services
from assistant.settings import Settings
from assistant.speech.engines import engines_for
from assistant.speech.recordings import Recordings
from assistant.speech.settings import SpeechSettings
from assistant.speech.synthesizer import Synthesizer
from assistant.storage.database import Database
from assistant.storage.preferences import PreferenceStore
from cogs.voice_conversation import VoiceConversation
from cogs.voice_settings import VoiceSettings

_log = logging.getLogger(__name__)

_GOODBYE_SECONDS: Final = 10.0
"""How long the calls may take to end when the bot stops; Render kills a process after 30 s."""

_PATIENCE: Final = Patience()


async def run(settings: Settings, stop: asyncio.Event, patience: Patience = _PATIENCE) -> None:
    """Be the bot until `stop` is set; then end every call, and leave nothing behind.

    :raises StorageUnavailable: when the database can't be opened; nothing has been asked of Discord then.
    :raises ExceptionGroup: with what `discord.Bot.start` raises: `LoginFailure` for a token that Discord does not
        know, `PrivilegedIntentsRequired` when the message content intent is not switched on, an `OSError` or
        `aiohttp.ClientError` when Discord cannot be reached.
    """
    use_api(settings.discord_api_url)
    async with AsyncExitStack() as stack:
        stack.enter_context(LoopWatchdog())
        lag = await stack.enter_async_context(LoopLag())
        database = await stack.enter_async_context(Database(settings.database_url))
        bot = _make_bot(settings)
        stack.push_async_callback(close, bot)
        synthesizer = await stack.enter_async_context(_synthesizer(settings.speech))
        services = Services(
            settings=settings,
            model=await stack.enter_async_context(_chat_model(settings)),
            synthesizer=synthesizer,
            manners=Manners(settings, synthesizer.voices, PreferenceStore(database)),
            clock=stack.enter_context(FrameClock()),
            patience=patience,
            detector=LanguageDetector(),
            find_guild=bot.get_guild,
        )
        async with asyncio.TaskGroup() as tasks:
            cog = VoiceConversation(bot, services, tasks)
            bot.add_cog(cog)
            bot.add_cog(VoiceSettings(services.manners))
            gateway = tasks.create_task(bot.start(settings.discord_token), name="gateway")
            stopping = tasks.create_task(stop.wait(), name="stop")
            await asyncio.wait({gateway, stopping}, return_when=asyncio.FIRST_COMPLETED)
            stopping.cancel()
            with suppress(TimeoutError):  # what has not ended by then is cancelled, and cleans up all the same
                async with asyncio.timeout(_GOODBYE_SECONDS):
                    await cog.end_all()
            gateway.cancel()
        _log.info("Stopped. Event loop lag: %s", lag.snapshot())


def _chat_model(settings: Settings) -> ChatModel:
    return ChatModel(
        base_url=settings.ai_base_url,
        api_key=settings.ai_api_key,
        model=settings.ai_model,
        connect_timeout=settings.ai_connect_timeout,
        read_timeout=settings.ai_read_timeout,
    )


def _synthesizer(settings: SpeechSettings) -> Synthesizer:
    return Synthesizer(engines_for(settings), _recordings(settings))


def _recordings(settings: SpeechSettings) -> Recordings:
    folder, most_bytes = settings.cache_folder, settings.cache_megabytes << 20
    try:
        folder = folder.expanduser()
    except RuntimeError as error:  # a user without a home, as in some containers
        _log.warning("No recordings are kept, set TTS_CACHE_FOLDER for them: %s", error)
        most_bytes = 0
    return Recordings(folder, most_bytes=most_bytes, most_seconds=settings.cache_days * 86_400.0)


def _make_bot(settings: Settings) -> AnyBot:
    intents = discord.Intents.none()
    intents.guilds = True
    intents.voice_states = True
    intents.guild_messages = True
    intents.message_content = True  # privileged: to be switched on in the developer portal
    options: dict[str, Any] = {
        "intents": intents,
        "allowed_mentions": discord.AllowedMentions.none(),
        "connector": _connector(settings),
        "max_messages": None,  # nothing here looks back at a message by its id, and the cache would grow with each call
    }
    bot: AnyBot
    if settings.shard_count == 1:
        bot = discord.Bot(**options)  # type: ignore[no-untyped-call] # py-cord leaves its constructor without types
    else:
        shards = {"shard_count": settings.shard_count, "shard_ids": list(settings.shard_ids) or None}
        bot = discord.AutoShardedBot(**options, **shards)  # type: ignore[no-untyped-call]

    async def on_ready() -> None:
        _log.info("Ready as %s in %d server(s). Invite me with %s", bot.user, len(bot.guilds), invitation(bot))

    bot.add_listener(on_ready)
    return bot


def _connector(settings: Settings) -> aiohttp.TCPConnector | None:
    if settings.discord_ca_file is None:
        return None
    trusted = ssl.create_default_context()
    trusted.load_verify_locations(settings.discord_ca_file)
    return aiohttp.TCPConnector(limit=0, ssl=trusted)
