"""The assistant of one bot: its calls and the services they share, from start to stop."""

import asyncio
import logging
import uuid
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from functools import partial
from types import TracebackType
from typing import Any, Final, Self, TypeVar

import discord
from prometheus_client import CollectorRegistry

from assistant.audio.frame_clock import FrameClock
from assistant.call.call_folder import remove_dead_folders
from assistant.call.panel_controls import PanelControls
from assistant.call.registry import CallRegistry
from assistant.call.services import Services
from assistant.call.session import CallSession
from assistant.call.usage_limits import UsageLimits
from assistant.call.warm_up import WarmUp
from assistant.cluster.journal import CallJournals
from assistant.cluster.ownership import Ownership, shards_of
from assistant.commands.command_guard import CommandGuard
from assistant.config.settings import Settings
from assistant.discord_io.picture_loader import PictureLoader
from assistant.domain.errors import HearingUnavailable, StorageUnavailable
from assistant.hearing.models import check_hearing
from assistant.llm.endpoint_address import address_hints
from assistant.llm.factory import language_model
from assistant.preferences.consents import Consents
from assistant.preferences.service import PreferenceService
from assistant.pycord.api import AnyBot
from assistant.runtime.handover import Handover
from assistant.runtime.memory_trim import memory_trimmed
from assistant.runtime.shutdown_budget import BoundedExit, ShutdownBudget
from assistant.storage.call_store import CallStore
from assistant.storage.consent_store import ConsentStore
from assistant.storage.database import Database
from assistant.storage.ownership_store import OwnershipStore
from assistant.storage.preference_store import PreferenceStore
from assistant.storage.write_behind import WriteBehind
from assistant.stt.recognition_settings import OFF, RecognitionSettings
from assistant.stt.recognizer_factory import recognizer_for
from assistant.telemetry.gateway_state import GatewayState
from assistant.telemetry.hidden_texts import our_texts_hidden
from assistant.telemetry.loop_lag import LoopLag
from assistant.telemetry.loop_watchdog import LoopWatchdog
from assistant.telemetry.metrics import Metrics
from assistant.telemetry.sources import TelemetrySources
from assistant.text.language_detection import LanguageDetector
from assistant.tts.cache import SpeechCache
from assistant.tts.engine_factory import engines_for
from assistant.tts.speech_settings import SpeechSettings
from assistant.tts.synthesizer import Synthesizer
from assistant.voice.timing import VoiceTiming
from voicewire import Pacer

_logger = logging.getLogger(__name__)

_CLOSING_SECONDS: Final = 2.0
"""How long a part may take to close."""

T = TypeVar("T")


class Assistant:
    """What the extensions of one bot share: the calls and their services. It runs inside its `async with`, once.

    The cogs pass it Discord's events.
    """

    def __init__(self, bot: AnyBot, settings: Settings, timing: VoiceTiming, budget: ShutdownBudget) -> None:
        """Opens and starts nothing: the `async with` does. `budget` is what its end may take."""
        process_id = uuid.uuid4().hex
        self.name = settings.assistant_name
        """What it is called."""
        self._bot = bot
        self._settings = settings
        self._budget = budget
        self._database = Database(settings.database_url)
        self._writes = WriteBehind()
        self._metrics = Metrics(CollectorRegistry())
        self._synthesizer = Synthesizer(engines_for(settings.speech), _speech_cache(settings.speech))
        recognition = settings.recognition if settings.listening != "off" else RecognitionSettings(engine=(OFF,))
        self._recognizer = recognizer_for(
            recognition, settings.assistant_name, self._metrics, guesses_at_hosts=settings.speculate
        )
        self._model = language_model(settings, self._metrics)
        self._pictures = PictureLoader(settings) if settings.ai_vision else None
        self._pacer = Pacer()
        self._clock = FrameClock(self._pacer)
        self._lag = LoopLag()
        self._tasks = asyncio.TaskGroup()
        self._open = AsyncExitStack()
        self._is_open = asyncio.Event()
        self._ends: tuple[asyncio.Task[Any], ...] = ()
        self._knows_guilds = False
        self.gateway = GatewayState(bot)
        """The state of the main gateway."""
        self.preferences = PreferenceService(
            settings, self._synthesizer.voices, PreferenceStore(self._database), self._writes
        )
        """The choices of members and servers."""
        self.consents = Consents(
            ConsentStore(self._database),
            self._writes,
            listening=settings.listening,
            heard_by=self._recognizer.heard_by if _can_hear() else None,
            is_bot=self._is_bot,
        )
        """Who may be heard."""
        self.ownership = Ownership(OwnershipStore(self._database, process_id), shards_of(settings))
        """Decides which commands and clicks this process serves."""
        self.command_guard = CommandGuard(self.ownership)
        """The checks that all commands share."""
        detector = LanguageDetector()
        self._warm_up = WarmUp(detector, self._pacer, self._synthesizer.load, hears=self.consents.listening != "off")
        self._journals = CallJournals(CallStore(self._database, process_id), self._writes)
        services = Services(
            settings=settings,
            model=self._model,
            limits=UsageLimits(settings),
            synthesizer=self._synthesizer,
            preferences=self.preferences,
            recognizer=self._recognizer,
            consents=self.consents,
            clock=self._clock,
            pacer=self._pacer,
            timing=timing,
            detector=detector,
            warm_up=self._warm_up,
            find_guild=bot.get_guild,
            pictures=self._pictures,
            metrics=self._metrics,
            journals=self._journals,
            has_successor=lambda: self.ownership.has_successor,
        )
        self.calls = CallRegistry(
            partial(CallSession, services), services.journals, self._tasks, most_calls=settings.calls_at_once
        )
        """The calls, at most one for each guild."""
        self._controls = PanelControls(bot, self.calls, self.ownership, self.consents, name=settings.assistant_name)

    @property
    def needed_intents(self) -> tuple[str, ...]:
        """The gateway intents that the bot must have, as attributes of `discord.Intents`."""
        content = ("message_content",) if self._settings.message_content else ()
        return ("guilds", "voice_states", "guild_messages", *content)

    async def __aenter__(self) -> Self:
        """Open the database and start the services.

        Raises:
            StorageUnavailable: the database can't be opened.
            PortUnavailable: the HTTP port is taken or not allowed.
        """
        async with AsyncExitStack() as opening:
            if not self._settings.log_texts:
                opening.enter_context(our_texts_hidden())
            opening.callback(self._fail_to_open)
            opening.callback(self.gateway.close)
            opening.callback(self._controls.close)
            opening.enter_context(LoopWatchdog())
            await opening.enter_async_context(self._warm_up)
            await asyncio.to_thread(remove_dead_folders)
            await opening.enter_async_context(self._lag)
            await opening.enter_async_context(memory_trimmed(lambda: bool(self.calls.all)))
            await opening.enter_async_context(self._bounded(self._database, "the database", most=3.5))
            await opening.enter_async_context(self._bounded(self._writes, "what is to be written down", most=1.5))
            await opening.enter_async_context(self.consents)
            await opening.enter_async_context(self._bounded(self._synthesizer, "speech"))
            await opening.enter_async_context(self._bounded(self._recognizer, "recognition"))
            for hint in address_hints(self._settings.ai_base_url):
                _logger.warning("%s", hint)
            await opening.enter_async_context(self._bounded(self._model, "the model's connection"))
            if self._pictures is not None:
                await opening.enter_async_context(self._bounded(self._pictures, "the pictures' connection"))
            opening.enter_context(self._pacer)
            opening.enter_context(self._clock)
            if self._settings.port is not None:
                server = self._telemetry_server(self._settings.port)
                await opening.enter_async_context(self._bounded(server, "the HTTP port"))
            await opening.enter_async_context(self._tasks)
            await self._warm_up_for_returning_calls()
            self._open = opening.pop_all()
        self._is_open.set()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._open.__aexit__(kind, error, trace)
        _logger.info("Stopped. Event loop lag: %s", self._lag.snapshot())

    async def _warm_up_for_returning_calls(self) -> None:
        """Load while we log in what the calls of an earlier process need: they are silent until it is there."""
        try:
            if not await self._journals.store.is_empty():
                self._warm_up.begin()
        except StorageUnavailable as error:  # the first call loads it
            _logger.warning("Whether calls come back is not known yet: %s", error)

    def _fail_to_open(self) -> None:
        if not self._is_open.is_set():
            self.command_guard.refuse_all()
            self._is_open.set()

    async def serve(self, *ends: asyncio.Task[Any]) -> None:
        """Serve until one of the tasks `ends` is done, then leave the calls to the next process.

        The tasks are only watched: their creator ends them.
        """
        self._ends = ends
        for end in ends:
            end.add_done_callback(lambda _: self._budget.begin())
        if self._bot.is_ready():  # the bot was connected before the extension was loaded: no event follows
            await self.gateway_connected()
            await self.guilds_ready()
        await Handover(self._bot, self.calls, self.ownership, self._budget).run(*ends)
        await self.ownership.leave()

    async def gateway_connected(self) -> None:
        """A new session on the main gateway has started: begin to serve."""
        await self._is_open.wait()
        for session in self.calls.all:
            session.gateway_connected()
        self._controls.listen()
        if not self._knows_guilds:
            await self.calls.expect([guild.id for guild in self._bot.guilds])
        await self.ownership.claim_shards()
        await self.gateway_resumed()

    async def gateway_resumed(self) -> None:
        """The main gateway is back after a lost connection."""
        for session in self.calls.all:
            await session.gateway_returned()

    async def guilds_ready(self) -> None:
        """All guilds of a new session are known: read the messages that were missed, and resume stored calls."""
        await self._is_open.wait()
        self._knows_guilds = True
        # First, since the database may be slow: until then, the running calls miss messages.
        await asyncio.gather(*(session.catch_up() for session in self.calls.all))
        await self._resume_calls(self._bot.guilds)

    async def guild_available(self, guild: discord.Guild) -> None:
        """Resume the call of a guild that became available later."""
        if self._knows_guilds:
            await self._resume_calls([guild])

    async def _resume_calls(self, guilds: Sequence[discord.Guild]) -> None:
        if self.ownership.is_ours:
            await self.calls.resume_calls(guilds)

    def _is_bot(self, guild_id: int, user_id: int) -> bool | None:
        guild = self._bot.get_guild(guild_id)
        member = guild.get_member(user_id) if guild is not None else None
        return member.bot if member is not None else None

    def _bounded(
        self, part: AbstractAsyncContextManager[T, Any], name: str, *, most: float = _CLOSING_SECONDS
    ) -> BoundedExit[T]:
        return BoundedExit(part, name, self._budget, most)

    def _telemetry_server(self, port: int) -> AbstractAsyncContextManager[object]:
        # Imported here: aiohttp's server takes 2 MB, which a bot without a port saves.
        from assistant.telemetry.http_server import TelemetryServer  # noqa: PLC0415

        sources = TelemetrySources(
            lag=self._lag,
            gateway=self.gateway,
            calls=lambda: self.calls.health,
            engines=lambda: self._synthesizer.health,
            recognizers=lambda: self._recognizer.health,
            is_stopping=lambda: any(end.done() for end in self._ends),
        )
        return TelemetryServer(self._settings.port_address, port, sources, self._metrics.registry)


def _can_hear() -> bool:
    """Whether calls can be listened to on this machine; if not, the log says what is missing."""
    try:
        check_hearing()
    except HearingUnavailable as error:
        _logger.warning("Nobody is heard: %s", error)
        return False
    return True


def _speech_cache(settings: SpeechSettings) -> SpeechCache:
    folder, max_bytes = settings.cache_folder, settings.cache_megabytes << 20
    try:
        folder = folder.expanduser()
    except RuntimeError as error:  # a user without a home, as in some containers
        _logger.warning("The speech cache is off: there is no home folder, so set TTS_CACHE_FOLDER: %s", error)
        max_bytes = 0
    return SpeechCache(folder, max_bytes=max_bytes, max_age_seconds=settings.cache_days * 86_400.0)
