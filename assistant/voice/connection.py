"""One call's voice connection: it joins, watches, recovers and leaves, and nothing else holds the voice client.

joining ──▶ live ◀──▶ recovering
   │          │           │
   └──────────┴───────────┴────▶ ended
"""

import asyncio
import logging
import math
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime

import aiohttp
import discord
from discord.errors import ConnectionClosed

from assistant.domain.call_state import CallState
from assistant.domain.channels import VocalChannel
from assistant.domain.errors import JoinFailed
from assistant.domain.voice_loss import LossCause, Remedy, VoiceLoss, VoiceLost, remedy_for
from assistant.pycord.client import CallVoiceClient
from assistant.telemetry.metrics import Metrics
from assistant.voice.connection_monitor import ConnectionMonitor
from assistant.voice.occupants import has_listeners
from assistant.voice.timing import VoiceTiming

_logger = logging.getLogger(__name__)


class CallConnection:
    """The only owner of a guild's voice client. It is also the line that a `Player` sends its frames into."""

    def __init__(
        self,
        channel: VocalChannel,
        timing: VoiceTiming,
        on_state: Callable[[], None],
        find_guild: Callable[[int], discord.Guild | None],
        metrics: Metrics,
    ) -> None:
        """`on_state` is called, on the event loop, whenever `state` or `is_mute` has changed.

        `find_guild` gives the guild with an id as it is now: after a new session on the main gateway, all guilds
        and channels known from before are out of date. `metrics` counts losses and recoveries.
        """
        self._channel = channel
        self._timing = timing
        self._on_state = on_state
        self._find_guild = find_guild
        self._metrics = metrics
        self._client: CallVoiceClient | None = None
        self._is_speaking = False
        self._gateway_is_back = asyncio.Event()
        self.state = CallState.JOINING
        """Where the connection stands."""
        self.is_mute = False
        """Whether speech is given up for now: the connection has been lost for long, and is still being tried."""
        self.live_since: datetime | None = None
        """When the call went live for the first time (UTC)."""
        self.recoveries: Counter[str] = Counter()
        """How often the connection was recovered, by what had ended it."""
        self.last_loss: VoiceLoss | None = None
        """What ended the connection the last time."""

    @property
    def channel(self) -> VocalChannel:
        """The voice channel, also after we were moved to another one."""
        if self._client is not None and isinstance(self._client.channel, VocalChannel):
            self._channel = self._client.channel
        return self._current(self._channel) or self._channel

    @property
    def is_connected(self) -> bool:
        """Whether there is a voice connection now."""
        client = self._client
        return client is not None and client.is_connected()

    @property
    def latency(self) -> float | None:
        """Seconds from a heartbeat to its answer; None while there is no connection, or no answer yet."""
        latency = self._client.latency if self._client is not None and self.is_connected else math.inf
        return latency if math.isfinite(latency) else None

    def send_frame(self, frame: bytes) -> bool:
        """Send one Opus frame; False if it has not left. Called from the frame clock's thread."""
        client = self._client
        return client is not None and client.send_frame(frame)

    async def announce_speaking(self, speaking: bool) -> None:
        """Tell the call that frames will follow, or that they have ended; told again after each recovery."""
        self._is_speaking = speaking
        if self._client is not None and self.is_connected:
            await self._client.announce_speaking(speaking)

    async def join(self) -> None:
        """Join the voice channel.

        Raises:
            JoinFailed: all tries failed, or one in a way that another try cannot help.
        """
        _logger.info("Joining %s", self._channel.name)
        for attempt in range(1, self._timing.join_tries + 1):
            loss = await self._try_to_connect(self._timing.join_timeout)
            if loss is None:
                return
            if attempt == self._timing.join_tries or remedy_for(loss).ends:
                raise JoinFailed(channel=self._channel.name, tries=attempt, detail=str(loss))
            await asyncio.sleep(self._timing.join_pause)

    async def supervise(self) -> VoiceLoss:
        """Keep the call alive; return what ended it for good."""
        while True:
            client = self._client
            assert client is not None, "supervise() follows join()"
            loss = await ConnectionMonitor(client, self._timing, lambda: has_listeners(self.channel)).loss()
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
            _logger.info("Recovered in %.2f s; %d so far in this call", seconds, self.recoveries.total())

    async def gateway_returned(self) -> None:
        """The main gateway was away and is back: a try might wait in vain for an answer, or fail without it."""
        self._gateway_is_back.set()
        if self._client is not None:
            await self._client.gateway_returned()

    async def hand_over(self) -> None:
        """Let go of the call without leaving the channel: Discord keeps the bot there for whoever joins next."""
        if self._client is not None:
            self._client.stay_in_channel()
        await self.leave()

    async def leave(self) -> None:
        """Leave the voice channel and release the client. To be called however the call ended."""
        self._enter(CallState.ENDED)
        await self._drop()

    async def _recover(self, loss: VoiceLoss) -> VoiceLoss | None:
        """Join again until it succeeds: None then, else what ended the call."""
        self._enter(CallState.RECOVERING)
        loop = asyncio.get_running_loop()
        give_up_at = loop.time() + self._timing.give_up_after
        muting = loop.call_later(self._timing.mute_after, self._mute, True)
        try:
            if remedy_for(loss) is Remedy.RECONNECT_LATER:
                await self._drop()
                await asyncio.sleep(self._timing.rate_limit)
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
                if await self._gateway_returns_within(pause):  # what failed without it says nothing of the next try
                    tries = self._tries()
        finally:
            muting.cancel()
            self._mute(False)

    async def _gateway_returns_within(self, seconds: float) -> bool:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                return await self._gateway_is_back.wait()
        return False

    def _tries(self) -> Iterator[tuple[float, float]]:
        """How long each try may take, and the pause after it: random, so that many calls do not all come at once."""
        timing = self._timing
        timeout, pause = timing.recovery_timeout, timing.recovery_pause
        while True:
            yield timeout, pause * random.uniform(0.5, 1.0)
            timeout, pause = min(2 * timeout, timing.longest_timeout), min(2 * pause, timing.longest_pause)

    def _obstacle(self) -> VoiceLoss | None:
        """What makes joining pointless, as far as Discord has told us."""
        channel = self._current(self._channel)
        if channel is None:
            return VoiceLoss(cause=LossCause.CHANNEL_GONE)
        rights = channel.permissions_for(channel.guild.me)
        if not (rights.view_channel and rights.connect):
            return VoiceLoss(cause=LossCause.FORBIDDEN)
        return None

    def _current(self, channel: VocalChannel) -> VocalChannel | None:
        """The channel as it is now, or None if it is gone; as it was, while Discord has not told us of its guild."""
        guild = self._find_guild(channel.guild.id)
        if guild is None or guild.unavailable:
            return channel
        found = guild.get_channel(channel.id)
        return found if isinstance(found, VocalChannel) else None

    async def _try_to_connect(self, timeout: float) -> VoiceLoss | None:
        """One try, from nothing; what went wrong is returned, and nothing of it is left."""
        await self._drop()
        try:
            await self._connect(timeout)
        except (TimeoutError, OSError, aiohttp.ClientError, discord.DiscordException, VoiceLost) as error:
            _logger.warning("A try to join %s failed: %r", self._channel.name, error)
            lost = self._client.lost if self._client is not None else None
            await self._drop()
            return lost.result() if lost is not None and lost.done() else _loss_of(error)
        _logger.info("✅ Voice connection complete")
        self.live_since = self.live_since or datetime.now(UTC)
        self._enter(CallState.LIVE)
        return None

    async def _connect(self, timeout: float) -> None:
        # reconnect=False: py-cord's own reconnecting hangs, gives up or loops on most losses; `supervise` does it.
        client = await self._channel.connect(timeout=timeout, reconnect=False, cls=self._new_client)
        if client.lost.done():  # such as a kick in the middle of the handshake
            raise VoiceLost(loss=client.lost.result())
        if not client.is_connected():  # connect() may return without a connection
            raise TimeoutError("py-cord returned without a connection")
        if isinstance(self._channel, discord.StageChannel):
            await self._channel.guild.me.edit(suppress=False)
        if self._is_speaking:
            await client.announce_speaking(True)

    def _new_client(self, bot: discord.Client, channel: discord.abc.Connectable) -> CallVoiceClient:
        # Kept from its first moment, so that it is released also when its connect() is cancelled.
        self._client = CallVoiceClient(bot, channel)
        return self._client

    async def _drop(self) -> None:
        client = self._client
        if client is not None:
            self._channel = self.channel
            await client.disconnect(force=True)
            self._client = None  # not before: whoever is cancelled here leaves it to `leave` to release the client

    def _mute(self, is_mute: bool) -> None:
        if self.is_mute is not is_mute:
            self.is_mute = is_mute
            self._on_state()

    def _enter(self, state: CallState) -> None:
        if self.state is not state and self.state is not CallState.ENDED:
            self.state = state
            self._on_state()


def _loss_of(error: Exception) -> VoiceLoss:
    match error:
        case VoiceLost():
            return error.loss
        case ConnectionClosed():
            return VoiceLoss(cause=LossCause.CLOSED, close_code=error.code)
        case _:
            return VoiceLoss(cause=LossCause.NOT_JOINED, detail=str(error) or "no answer in time")
