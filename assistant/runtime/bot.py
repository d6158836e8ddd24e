"""Puts the assistant together: the bot with its cog, and the services that calls share."""

import asyncio
import logging
import uuid
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from functools import partial
from typing import Any, Final

import discord
from prometheus_client import CollectorRegistry

from assistant.audio.frame_clock import FrameClock
from assistant.call.registry import CallRegistry
from assistant.call.services import Services
from assistant.call.session import CallSession
from assistant.cluster.ownership import Ownership, shards_of
from assistant.config.settings import Settings
from assistant.discord_io.command_guard import CommandGuard
from assistant.discord_io.invite_link import invitation
from assistant.discord_io.login import log_in
from assistant.llm.factory import language_model
from assistant.preferences.service import PreferenceService
from assistant.pycord.api import AnyBot, close, use_api
from assistant.pycord.bots import CallBot, ShardedCallBot
from assistant.runtime.handover import Handover
from assistant.storage.call_store import CallStore
from assistant.storage.database import Database
from assistant.storage.ownership_store import OwnershipStore
from assistant.storage.preference_store import PreferenceStore
from assistant.telemetry.gateway_state import Gateway
from assistant.telemetry.loop_lag import LoopLag
from assistant.telemetry.loop_watchdog import LoopWatchdog
from assistant.telemetry.metrics import Metrics
from assistant.telemetry.sources import TelemetrySources
from assistant.text.language_detection import LanguageDetector
from assistant.tts.cache import SpeechCache
from assistant.tts.registry import engines_for
from assistant.tts.speech_settings import SpeechSettings
from assistant.tts.synthesizer import Synthesizer
from assistant.voice.timing import VoiceTiming
from cogs.voice_conversation import VoiceConversation
from cogs.voice_settings import VoiceSettings

_log = logging.getLogger(__name__)

_GUILDS_SECONDS: Final = 1.0
"""How long after the last guild of a new session no further one is waited for: until then no call is gone on with."""

_TIMING: Final = VoiceTiming()

_TOKEN_REFUSED: Final = 4004
"""Gateway close code; the owner, or Discord, has withdrawn the token."""


async def run(settings: Settings, stop: asyncio.Event, timing: VoiceTiming = _TIMING) -> None:
    """Be the bot until `stop` is set; then end every call, and leave nothing behind.

    Raises:
        StorageUnavailable: when the database can't be opened; nothing has been asked of Discord then.
        ExceptionGroup: with `PortUnavailable` when the port can't be listened at, nor has anything been asked of
            Discord then; with `discord.LoginFailure` for a token that Discord does not know, or knows no longer, with
            `PrivilegedIntentsRequired` when the message content intent is not switched on, with `ConnectionClosed` when
            the gateway will not have us for good. A Discord that cannot be reached, or refuses the login, is waited
            for.
    """
    use_api(settings.discord_api_url)
    process_id = uuid.uuid4().hex
    async with AsyncExitStack() as stack:
        stack.enter_context(LoopWatchdog())
        lag = await stack.enter_async_context(LoopLag())
        database = await stack.enter_async_context(Database(settings.database_url))
        bot = _make_bot(settings)
        stack.push_async_callback(close, bot)
        metrics = Metrics(CollectorRegistry())
        synthesizer = await stack.enter_async_context(_synthesizer(settings.speech))
        services = Services(
            settings=settings,
            model=await stack.enter_async_context(language_model(settings, metrics)),
            synthesizer=synthesizer,
            preferences=PreferenceService(settings, synthesizer.voices, PreferenceStore(database)),
            clock=stack.enter_context(FrameClock()),
            timing=timing,
            detector=LanguageDetector(),
            find_guild=bot.get_guild,
            metrics=metrics,
            store=CallStore(database, process_id),
        )
        ownership = Ownership(OwnershipStore(database, process_id), shards_of(settings))
        gateway = Gateway(bot)
        async with asyncio.TaskGroup() as tasks:
            calls = CallRegistry(partial(CallSession, services), services.store, tasks)
            CommandGuard(bot, ownership).watch()
            bot.add_cog(VoiceConversation(bot, calls, ownership))
            bot.add_cog(VoiceSettings(services.preferences))
            if settings.port is not None:
                sources = TelemetrySources(
                    lag=lag,
                    gateway=gateway,
                    calls=lambda: calls.health,
                    engines=lambda: synthesizer.health,
                    is_stopping=stop.is_set,
                )
                await stack.enter_async_context(_observation(settings.port, sources, metrics))
            running = tasks.create_task(_stay_connected(bot, settings), name="gateway")
            gateway.follow(running)
            stopping = tasks.create_task(stop.wait(), name="stop")
            await Handover(bot, calls, ownership).run(running, stopping)
            stopping.cancel()
            await ownership.leave()
            running.cancel()
        _log.info("Stopped. Event loop lag: %s", lag.snapshot())


async def _stay_connected(bot: AnyBot, settings: Settings) -> None:
    await log_in(bot, settings)
    try:
        await bot.connect()
    except discord.ConnectionClosed as closed:
        if closed.code == _TOKEN_REFUSED:
            raise discord.LoginFailure("the gateway does not know the token") from closed
        raise


def _observation(port: int, sources: TelemetrySources, metrics: Metrics) -> AbstractAsyncContextManager[object]:
    # aiohttp's server is 2 MB that a bot without a port does without.
    from assistant.telemetry.http_server import TelemetryServer  # noqa: PLC0415

    return TelemetryServer(port, sources, metrics.registry)


def _synthesizer(settings: SpeechSettings) -> Synthesizer:
    return Synthesizer(engines_for(settings), _cache(settings))


def _cache(settings: SpeechSettings) -> SpeechCache:
    folder, most_bytes = settings.cache_folder, settings.cache_megabytes << 20
    try:
        folder = folder.expanduser()
    except RuntimeError as error:  # a user without a home, as in some containers
        _log.warning("No recordings are kept, set TTS_CACHE_FOLDER for them: %s", error)
        most_bytes = 0
    return SpeechCache(folder, most_bytes=most_bytes, most_seconds=settings.cache_days * 86_400.0)


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
        _log.info("Ready as %s in %d server(s). Invite me with %s", bot.user, len(bot.guilds), invitation(bot))

    bot.add_listener(on_ready)
    return bot
