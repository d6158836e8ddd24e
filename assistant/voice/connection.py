"""One call's voice connection: joins, monitors, recovers and leaves. Nothing else holds the voice client.

joining ──▶ live ◀──▶ recovering
   │          │           │
   └──────────┴───────────┴────▶ ended
"""

import asyncio
import logging
import random
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime

import aiohttp
import discord

from assistant.domain.call_state import CallState
from assistant.domain.channels import VocalChannel
from assistant.domain.errors import JoinFailed
from assistant.domain.silence import Silence
from assistant.domain.voice_loss import LossCause, Remedy, VoiceLoss, VoiceLost, remedy_for
from assistant.pycord.client import CallVoiceClient
from assistant.telemetry.metrics import Metrics
from assistant.voice.audibility import Audibility
from assistant.voice.connection_monitor import ConnectionMonitor
from assistant.voice.occupants import has_listeners
from assistant.voice.timing import VoiceTiming
from voicewire import Pacer, QueuedFrame, VoiceListener

_logger = logging.getLogger(__name__)


class CallConnection:
    """Owns a guild's voice client. It is also the `FrameTransport` of the call's `Player`."""

    def __init__(
        self,
        channel: VocalChannel,
        timing: VoiceTiming,
        on_state: Callable[[], None],
        find_guild: Callable[[int], discord.Guild | None],
        metrics: Metrics,
        *,
        pacer: Pacer,
        is_held: Callable[[], Awaitable[bool]],
    ) -> None:
        """`on_state` is called on the event loop whenever `state`, `is_cut_off` or `silence` has changed.

        `find_guild` returns the current object of a guild: a new session on the main gateway replaces all guild and
        channel objects. `metrics` counts losses and recoveries. `pacer` sends the frames. `is_held` says whether this
        process still holds the call: if not, the bot is in the channel for another one, and is neither to leave it
        nor to join it.
        """
        self._channel = channel
        self._timing = timing
        self._on_state = on_state
        self._find_guild = find_guild
        self._metrics = metrics
        self._pacer = pacer
        self._is_held = is_held
        self._client: CallVoiceClient | None = None
        self._is_speaking = False
        self._gateway_is_back = asyncio.Event()
        self._audibility = Audibility()
        self.listener: VoiceListener | None = None
        """Who hears the call, over all connections that are made from now on; None: nothing received is decrypted."""
        self.state = CallState.JOINING
        """The state of the connection."""
        self.is_cut_off = False
        """Whether the connection has been lost for long; recovery goes on."""
        self.live_since: datetime | None = None
        """When the call went live for the first time (UTC)."""
        self.recoveries: Counter[str] = Counter()
        """How often the connection was recovered, by what had ended it."""
        self.last_loss: VoiceLoss | None = None
        """What ended the connection the last time."""

    @property
    def channel(self) -> VocalChannel:
        """The current voice channel: somebody may move the bot to another one."""
        if self._client is not None and isinstance(self._client.channel, VocalChannel):
            self._channel = self._client.channel
        return self._current(self._channel) or self._channel

    @property
    def silence(self) -> Silence | None:
        """Why nobody hears what is said, though the connection is there; None where they do."""
        return self._audibility.silence

    @property
    def is_mute(self) -> bool:
        """Whether the call continues in text only for now."""
        return self.is_cut_off or self.silence is not None

    @property
    def is_connected(self) -> bool:
        """Whether there is a voice connection now."""
        client = self._client
        return client is not None and client.is_connected()

    @property
    def latency(self) -> float | None:
        """Seconds from a heartbeat to its answer; None without a connection, or before the first answer."""
        return self._client.latency if self._client is not None and self.is_connected else None

    @property
    def arrived(self) -> Mapping[int, int]:
        """How many packets came of each member who is listened to, by user id, over the present connection."""
        return self._client.arrived if self._client is not None else {}

    def renew_keys(self) -> None:
        """Ask for new keys of the end-to-end encryption, since a member can't be heard with those that we have."""
        if self._client is not None:
            self._client.renew_keys()

    def join_anew(self) -> None:
        """Take the connection for lost, since a member can't be heard over it: speech goes on at its frame."""
        if self._client is not None and self.state is CallState.LIVE:
            self._client.give_up(VoiceLoss(cause=LossCause.UNHEARD))

    def queue_frame(self, frame: bytes) -> QueuedFrame | None:
        """Have one Opus frame sent behind those that are queued; None if it can't be. Called by the frame clock."""
        client = self._client
        return None if client is None else client.queue_frame(frame)

    async def announce_speaking(self, speaking: bool) -> None:
        """Tell Discord that frames will follow, or that they have ended. Each recovery repeats it."""
        self._is_speaking = speaking
        if self._client is not None:
            self._client.announce_speaking(speaking)

    async def join(self) -> None:
        """Join the voice channel.

        Raises:
            JoinFailed: all tries failed, or one failed for a reason that another try can't fix.
        """
        _logger.info("Joining %s", self._channel)
        for attempt in range(1, self._timing.join_tries + 1):
            loss = await self._try_to_connect(self._timing.join_timeout)
            if loss is None:
                return
            if attempt == self._timing.join_tries or remedy_for(loss).ends:
                raise JoinFailed(channel=self._channel.name, tries=attempt, detail=str(loss))
            await asyncio.sleep(self._timing.join_pause)

    async def supervise(self) -> VoiceLoss:
        """Monitor and recover the connection; return what ended it for good."""
        while True:
            client = self._client
            assert client is not None, "supervise() follows join()"
            loss = await ConnectionMonitor(client, self._timing, lambda: has_listeners(self.channel)).loss()
            if not await self._is_held():
                loss = VoiceLoss(cause=LossCause.TAKEN_OVER)
            _logger.warning("⚠️ Voice client not connected: %s", loss)
            self.last_loss = loss
            self._metrics.voice_lost(loss.cause)
            lost = time.monotonic()
            end = loss if remedy_for(loss).ends else await self._recover(loss)
            if end is not None:
                self._enter(CallState.ENDED)
                return end
            seconds = time.monotonic() - lost
            self.recoveries[str(loss)] += 1
            self._metrics.voice_recovered(loss.cause, seconds)
            _logger.info(
                "Recovered the connection in %.2f s; recoveries in this call: %d", seconds, self.recoveries.total()
            )

    async def gateway_returned(self) -> None:
        """The main gateway is back: tries that failed or wait because of its absence start over."""
        self._gateway_is_back.set()
        if self._client is not None:
            await self._client.gateway_returned()

    async def voice_state_changed(self) -> None:
        """Our own voice state has changed, or what it means: somebody muted or moved us, or a permission changed."""
        if await self._audibility.look(self.channel.guild):
            self._on_state()

    async def hand_over(self) -> None:
        """Release the client without leaving the channel: Discord keeps the bot there until another process joins."""
        if self._client is not None:
            await self._client.release()
        await self.leave()

    async def leave(self) -> None:
        """Leave the voice channel, if it is ours to leave, and release the client. Call this however the call ended."""
        self._enter(CallState.ENDED)
        await self._drop()

    async def _recover(self, loss: VoiceLoss) -> VoiceLoss | None:
        """Join again until it succeeds; return None, or what ended the call."""
        self._enter(CallState.RECOVERING)
        loop = asyncio.get_running_loop()
        give_up_at = loop.time() + self._timing.give_up_after
        muting = loop.call_later(self._timing.mute_after, self._cut_off, True)
        try:
            if remedy_for(loss) is Remedy.RECONNECT_LATER:
                await self._drop()
                await asyncio.sleep(self._timing.rate_limit)
            failure = await self._try_to_resume(loss)
            if failure is None or failure.cause is LossCause.REMOVED:
                return failure
            tries = self._tries()
            while True:
                timeout, pause = next(tries)
                self._gateway_is_back.clear()
                failure = self._obstacle() or await self._try_to_connect(timeout)
                if failure is None:
                    return None
                if remedy_for(failure).ends:
                    return failure
                if loop.time() + pause > give_up_at:
                    return loss
                if await self._gateway_returns_within(pause):  # earlier tries failed because of it
                    tries = self._tries()
        finally:
            muting.cancel()
            self._cut_off(False)

    async def _gateway_returns_within(self, seconds: float) -> bool:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                return await self._gateway_is_back.wait()
        return False

    def _tries(self) -> Iterator[tuple[float, float]]:
        """The timeout of each try and the pause after it, which is random so that many calls don't retry at once."""
        timing = self._timing
        timeout, pause = timing.recovery_timeout, timing.recovery_pause
        while True:
            yield timeout, pause * random.uniform(0.5, 1.0)
            timeout, pause = min(2 * timeout, timing.longest_timeout), min(2 * pause, timing.longest_pause)

    def _obstacle(self) -> VoiceLoss | None:
        """Why joining is pointless, if Discord has told us so."""
        channel = self._current(self._channel)
        if channel is None:
            return VoiceLoss(cause=LossCause.CHANNEL_GONE)
        rights = channel.permissions_for(channel.guild.me)
        if not (rights.view_channel and rights.connect):
            return VoiceLoss(cause=LossCause.FORBIDDEN)
        return None

    def _current(self, channel: VocalChannel) -> VocalChannel | None:
        """The channel's current object; None if it is gone, and `channel` itself while the guild is unavailable."""
        guild = self._find_guild(channel.guild.id)
        if guild is None or guild.unavailable:
            return channel
        found = guild.get_channel(channel.id)
        return found if isinstance(found, VocalChannel) else None

    async def _try_to_connect(self, timeout: float) -> VoiceLoss | None:
        """Try once to join, from a clean start. A failure is cleaned up and returned."""
        await self._drop()
        if not await self._is_held():
            return VoiceLoss(cause=LossCause.TAKEN_OVER)
        try:
            await self._connect(timeout)
        except (TimeoutError, OSError, aiohttp.ClientError, discord.DiscordException, VoiceLost) as error:
            _logger.warning("Joining %s failed: %r", self._channel, error)
            await self._drop()
            return error.loss if isinstance(error, VoiceLost) else _not_joined(error)
        self._go_live()
        return None

    async def _try_to_resume(self, loss: VoiceLoss) -> VoiceLoss | None:
        """Take up the session of a connection that broke: nobody sees us leave. A failure is returned."""
        client = self._client
        # A server that answers no heartbeats is not asked: while it is waited for, another could be there.
        if client is None or loss.cause is not LossCause.CLOSED or not client.may_resume:
            return loss
        try:
            await client.resume(self._timing.resume_timeout)
        except VoiceLost as error:
            _logger.info("The voice session can't be taken up: %s", error.loss)
            return error.loss
        self._go_live()
        return None

    def _go_live(self) -> None:
        _logger.info("✅ Voice connection complete")
        self.live_since = self.live_since or datetime.now(UTC)
        self._enter(CallState.LIVE)

    async def _connect(self, timeout: float) -> None:
        # reconnect=False: py-cord's reconnecting hangs, gives up or loops on most losses. `supervise` replaces it.
        await self._channel.connect(timeout=timeout, reconnect=False, cls=self._new_client)
        await self.voice_state_changed()

    def _new_client(self, bot: discord.Client, channel: discord.abc.Connectable) -> CallVoiceClient:
        # Kept from the start, so that it is released even if its connect() is cancelled.
        self._client = CallVoiceClient(bot, channel, self._is_held, self._pacer, self.listener)
        self._client.announce_speaking(self._is_speaking)
        return self._client

    async def _drop(self) -> None:
        client = self._client
        if client is not None:
            self._channel = self.channel
            await client.disconnect(force=True)
            self._client = None  # only now: if this is cancelled, `leave` still has to release the client

    def _cut_off(self, is_cut_off: bool) -> None:
        if self.is_cut_off is not is_cut_off:
            self.is_cut_off = is_cut_off
            self._on_state()

    def _enter(self, state: CallState) -> None:
        if self.state is not state and self.state is not CallState.ENDED:
            self.state = state
            self._on_state()


def _not_joined(error: Exception) -> VoiceLoss:
    return VoiceLoss(cause=LossCause.NOT_JOINED, detail=str(error) or "no answer in time")
