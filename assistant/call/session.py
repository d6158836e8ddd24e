"""One guild's call, from hello to goodbye: it owns the call's tasks, folder, connection and turn loop."""

import asyncio
import logging
from collections.abc import Collection, Coroutine, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import discord

from assistant.audio.player import Player
from assistant.call.call_folder import call_folder
from assistant.call.context import CallContext
from assistant.call.heard_members import HeardMembers
from assistant.call.leave_taking import LeaveTaking
from assistant.call.listening import Listening
from assistant.call.message_intake import MessageIntake
from assistant.call.message_reader import MessageReader
from assistant.call.notices import Notices
from assistant.call.occupancy import Occupancy
from assistant.call.seen_messages import SeenMessages
from assistant.call.services import Services
from assistant.call.status_display import StatusDisplay
from assistant.call.turn_loop import TurnLoop
from assistant.domain.call_ending import CallEnding, EndReason, ending_after
from assistant.domain.call_snapshot import CallSnapshot
from assistant.domain.channels import TextPlace, VocalChannel
from assistant.domain.errors import JoinFailed
from assistant.reply.post_queue import PostQueue
from assistant.reply.question import Question
from assistant.telemetry.call_health import CallHealth
from assistant.text.language_detection import SpokenLanguage, language_of_locale
from assistant.voice.connection import CallConnection
from assistant.voice.self_deafness import SelfDeafness

_logger = logging.getLogger(__name__)

_DELETION_SECONDS: Final = 0.5
_SENTENCE_SECONDS: Final = 8.0
"""How long the current sentence may take to be said when the process is about to end."""
_TAKEN_OVER: Final = CallEnding(reason=EndReason.TAKEN_OVER)
_SUSPENDED: Final = CallEnding(reason=EndReason.SUSPENDED)
_BY_PEOPLE: Final = (EndReason.ASKED, EndReason.CHANNEL_DELETED, EndReason.GUILD_LEFT)


class CallSession:
    """One call. `run` is its whole life; `end` may be called at any time, also while it is joining."""

    def __init__(
        self,
        services: Services,
        voice: VocalChannel,
        text: TextPlace,
        *,
        begun_by: int,
        snapshot: CallSnapshot | None = None,
    ) -> None:
        """Nothing happens until `run`.

        Args:
            services: what all calls share.
            voice: the channel to join.
            text: where /voice_chat was used: the panel stands there, and messages are taken from there.
            begun_by: the snowflake of that command: what was typed before it is not for this call.
            snapshot: the call as an earlier process has left it, where this one goes on with it.
        """
        settings = services.settings
        self._services = services
        self._text = text
        self._snapshot = snapshot
        self._begun_by = begun_by
        self._journal = services.journals.of(voice.guild.id, is_stored=snapshot is not None)
        self._connection = CallConnection(
            voice,
            services.timing,
            self._connection_changed,
            services.find_guild,
            services.metrics,
            pacer=services.pacer,
            is_held=self._journal.is_held,
        )
        context = CallContext(
            guild_id=voice.guild.id,
            text=text,
            connection=self._connection,
            journal=self._journal,
            preferences=services.preferences,
            reads_all=settings.message_content,
        )
        self._context = context
        self._heard = HeardMembers(context, services.consents, settings.assistant_name, lambda: self._listening.unheard)
        self._status_display = StatusDisplay(context, settings.assistant_name, self._heard, snapshot)
        self._deafness = SelfDeafness(self._connection)
        self._occupancy = Occupancy(
            context,
            self._status_display.refresh,
            alone_seconds=settings.alone_seconds,
            idle_seconds=settings.idle_minutes * 60,
        )
        language = SpokenLanguage(services.detector, language_of_locale(voice.guild.preferred_locale))
        self._notices = Notices()
        self.posts = PostQueue()
        """What is still to be posted; to be entered around `run` and `say_goodbye`."""
        self._turn_loop = TurnLoop(services, context, language, self._notices, self.posts)
        seen = SeenMessages(begun_by, snapshot.newest if snapshot is not None else {})
        self._intake = MessageIntake(
            context,
            self._turn_loop,
            seen,
            self._notices,
            services.limits,
            reader=MessageReader(context, settings.ignore_prefixes),
            inbox_size=settings.inbox_size,
        )
        self._listening = Listening(
            services, context, self._intake, self._turn_loop, on_change=self._status_display.refresh
        )
        self._leave_taking = LeaveTaking(
            services,
            context,
            status_display=self._status_display,
            intake=self._intake,
            turn_loop=self._turn_loop,
            posts=self.posts,
            is_resumed=snapshot is not None,
        )
        if snapshot is not None:
            self._turn_loop.restore(snapshot.conversation, snapshot.unspoken_languages)
        self._ending: CallEnding | None = None
        self._is_ending = asyncio.Event()

    @property
    def voice(self) -> VocalChannel:
        """The voice channel, also after the call was moved to another one."""
        return self._connection.channel

    @property
    def places(self) -> Sequence[TextPlace]:
        """Where messages are taken from."""
        return self._context.places

    @property
    def needed_mention(self) -> str:
        """The mention without which a message is not answered; empty where it needs none."""
        return self._context.needed_mention

    @property
    def panel_id(self) -> int | None:
        """The panel's message, once it stands."""
        return self._status_display.panel_id

    @property
    def health(self) -> CallHealth:
        """How the call is, now."""
        connection = self._connection
        return CallHealth(
            state=connection.state,
            is_mute=connection.is_cut_off,
            channel=self.voice.mention,
            live_since=connection.live_since,
            latency=connection.latency,
            recoveries=dict(connection.recoveries),
            last_loss=connection.last_loss,
            is_deafened=self._heard.is_deafened,
            unheard=self._heard.unheard_names,
            hearing=self._heard.hearing(self._listening),
            waiting=self._turn_loop.waiting,
            turns=self._turn_loop.traces,
            engines=self._services.synthesizer.health,
            recognizers=self._services.recognizer.health,
        )

    def may_control(self, person: discord.Member | discord.User) -> bool:
        """Whether somebody may skip and end the call."""
        return self._context.may_control(person)

    async def accept_message(self, message: discord.Message) -> None:
        """Take a message to be answered in its turn, if it is for this call."""
        if await self._intake.accept(message):
            self._occupancy.somebody_typed()

    async def messages_deleted(self, message_ids: Collection[int]) -> None:
        """Messages are gone, maybe some that wait."""
        await self._intake.messages_deleted(message_ids)

    async def message_edited(self, message: discord.Message) -> None:
        """A message reads differently now, maybe one that waits."""
        await self._intake.message_edited(message)

    async def channel_deleted(self, channel_id: int) -> None:
        """A channel or a thread is gone, and all that was typed there; maybe it is the call's."""
        if channel_id == self.voice.id:
            self.end(CallEnding(reason=EndReason.CHANNEL_DELETED))
        elif channel_id == self._text.id:
            self._status_display.replace_panel()
        await self._intake.place_deleted(channel_id)

    def gateway_connected(self) -> None:
        """The main gateway has a new session."""
        self._intake.gateway_connected()

    async def gateway_returned(self) -> None:
        """The main gateway was away and is back."""
        await self._connection.gateway_returned()

    async def catch_up(self) -> None:
        """Take what was typed for this call and not delivered, since there was no session on the main gateway.

        Of those in the channel the new session knows only that they are there.
        """
        self._occupancy.refresh()
        await self._intake.catch_up()

    def skip(self, by: str) -> bool:
        """Stop the current answer, for the one whose display name is `by`; False when there is none."""
        return self._turn_loop.skip(by)

    def end(self, ending: CallEnding) -> None:
        """Begin the end of the call; the first reason given is the one that is told.

        While it is being suspended, people may still end it: it does not come back then.
        """
        is_suspended = self._ending is not None and self._ending.reason is EndReason.SUSPENDED
        if self._ending is None or (is_suspended and ending.reason in _BY_PEOPLE):
            _logger.info("The call in %s ends: %s", self.voice, ending)
            self._ending = ending
            self._is_ending.set()

    async def suspend(self) -> None:
        """Let the current sentences end, ours and the members', then stop, so that another process can go on."""
        with suppress(TimeoutError):
            async with asyncio.timeout(_SENTENCE_SECONDS):
                await asyncio.gather(self._turn_loop.suspend(), self._listening.hear_out())
                await self._listening.finish()
        self.end(_SUSPENDED)

    def voice_states_changed(self) -> None:
        """Somebody joined or left a voice channel, or the call itself was moved."""
        self._occupancy.refresh()
        self._status_display.refresh()

    async def own_voice_state_changed(self) -> None:
        """We were muted, moved or let onto a stage, or a permission has changed."""
        self._deafness.refresh()
        self._status_display.refresh()
        await self._connection.voice_state_changed()

    async def run(self) -> CallEnding:
        """Hold the call until it is ended; whatever happens, nothing of it is left afterwards."""
        if self._snapshot is None:
            self._services.metrics.call_began()
        async with call_folder() as folder:
            try:
                await self._hold(folder)
                if not await self._journal.is_held():
                    self._ending = _TAKEN_OVER
                await self._leave_taking.begin(self._ending or _SUSPENDED)
            finally:  # also when this is cancelled, since something hangs
                ending = await self._leave_taking.let_go(self._ending or _SUSPENDED)
        self._services.metrics.call_ended(ending.reason)
        return ending

    async def say_goodbye(self, ending: CallEnding) -> None:
        """Say on the panel why the call is over, and to the authors of waiting messages that they stay unanswered."""
        await self._leave_taking.say_goodbye(ending)

    def _connection_changed(self) -> None:
        self._status_display.refresh()
        self._deafness.refresh()

    def _consent_changed(self, user_id: int) -> None:
        self._listening.consent_changed(user_id)
        self._status_display.refresh()

    async def _record_begin(self) -> None:
        """Write down that the call is ours; one that everybody has left meanwhile ends at once."""
        if self._snapshot is not None:
            if self._occupancy.is_alone:
                self.end(CallEnding(reason=EndReason.ALONE))
            return
        guild_id = self.voice.guild.id
        await self._journal.begin(
            CallSnapshot(guild_id=guild_id, voice_id=self.voice.id, text_id=self._text.id, begun_by=self._begun_by)
        )
        self._intake.open()

    async def _restore_waiting_messages(self) -> None:
        if self._snapshot is not None:
            await self._intake.restore(self._snapshot.waiting)

    async def _hold(self, folder: Path) -> None:
        """Hold the call until something ends it."""
        try:
            await self._record_begin()
            await self._run_until_ended(folder)
        except Exception:
            _logger.exception("The call in %s broke", self.voice)
            self.end(CallEnding(reason=EndReason.BROKEN))

    async def _run_until_ended(self, folder: Path) -> None:
        if self._is_ending.is_set():
            return
        player = Player(self._services.clock, self._connection)
        self._services.synthesizer.warm(self._turn_loop.language)
        joined = asyncio.Event()
        parts: list[Coroutine[Any, Any, None]] = [
            self._keep_connection(joined),
            self._heard.load(),
            self._status_display.run(),
            self._notices.run(),
            self._listening.run(player),
            self._answer_messages(joined, player, folder),
            self._watch_occupancy(),
            self._restore_waiting_messages(),
            self._services.model.warm(),
        ]
        if self._services.settings.listening == "off":
            parts.append(self._deafness.run())
        try:
            with self._heard.following(self._consent_changed):
                async with asyncio.TaskGroup() as tasks:
                    running = [tasks.create_task(part) for part in parts]
                    await self._is_ending.wait()
                    for part in running:
                        part.cancel()
        finally:
            player.close()

    async def _keep_connection(self, joined: asyncio.Event) -> None:
        # Loaded beside speech, it would make frames late.
        await asyncio.gather(self._services.warm_up.wait(), self._turn_loop.warm())
        self._listening.begin()
        try:
            await self._connection.join()
        except JoinFailed as error:
            self.end(CallEnding(reason=EndReason.JOIN_FAILED, detail=error.detail))
            return
        joined.set()
        loss = await self._connection.supervise()
        # Of a deleted channel we hear first that we are out of it, then that it is gone (`end` is called for that).
        await asyncio.sleep(_DELETION_SECONDS)
        self.end(ending_after(loss))

    async def _answer_messages(self, joined: asyncio.Event, player: Player, folder: Path) -> None:
        await joined.wait()
        await self._services.preferences.load(self.voice.guild.id)
        await self._turn_loop.run(player, folder, on_answered=self._answered)

    def _answered(self, question: Question) -> None:
        self._occupancy.somebody_typed()
        self._listening.answered(question)

    async def _watch_occupancy(self) -> None:
        self.end(CallEnding(reason=await self._occupancy.wait_until_over()))
