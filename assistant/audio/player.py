"""Plays tracks and short sounds into one call: one frame every 20 ms, and only while the call can take it."""

import asyncio
import logging
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from typing import Final, Protocol

from assistant.audio.frame_clock import FrameClock
from assistant.audio.opus import SILENCE
from assistant.audio.track import Track
from assistant.domain.errors import CallMute

_logger = logging.getLogger(__name__)

WATCH_SECONDS: Final = 0.5
"""How often playback is checked. Its end is noticed at once."""
_TRAILING_SILENCE: Final = 5
"""The number of silence frames after speech, so that decoders do not fill the pause with an echo of it
(https://discord.com/developers/docs/topics/voice-connections#voice-data-interpolation)."""
_CUE_SECONDS: Final = 1.0
"""How long a short sound may take in all; later it would mean nothing."""


class FrameTransport(Protocol):
    """What a player sends its frames into: the call's voice connection."""

    @property
    def is_connected(self) -> bool:
        """Whether there is a voice connection now."""

    @property
    def is_mute(self) -> bool:
        """Whether the call continues in text only for now."""

    def send_frame(self, frame: bytes) -> bool:
        """Send one Opus frame; False if it was not sent. Called from the clock's thread."""

    async def announce_speaking(self, speaking: bool) -> None:
        """Tell Discord that frames will follow, or that they have ended."""


class Player:
    """One call's player, driven by the frame clock. It plays one track at a time."""

    def __init__(self, clock: FrameClock, transport: FrameTransport) -> None:
        self._clock = clock
        self._transport = transport
        self._loop = asyncio.get_running_loop()
        self._track: Track | None = None
        self._over = asyncio.Event()
        self._cue: deque[bytes] = deque()
        self._cue_over = asyncio.Event()
        self._silence_due = 0
        self._is_connected = True

    @property
    def is_mute(self) -> bool:
        """Whether the call continues in text only for now."""
        return self._transport.is_mute

    async def play(self, track: Track) -> None:
        """Play to the end of the track, which may still be growing. A cancellation silences it within a frame.

        While the call has no connection, the cursor waits: speech continues where it was.

        Raises:
            CallMute: the connection has been lost for so long that the call continues in text only.
        """
        if self.is_mute:
            raise CallMute
        self._over.clear()
        await self._transport.announce_speaking(True)
        self._track = track
        self._clock.add(self)
        try:
            while not track.is_over:
                if self.is_mute:
                    raise CallMute
                await self._watch()
                self._clock.add(self)  # again, in case the clock dropped us after an error
        finally:
            self._track = None  # the clock still sends the silence after speech
        await self._transport.announce_speaking(False)

    async def play_cue(self, frames: Sequence[bytes]) -> None:
        """Play a short sound before speech or between it; return when it is over.

        Nothing happens inside of speech, also where that waits, and where nobody would hear it. Speech that is ready
        meanwhile begins behind it.
        """
        if self.is_mute or not self._transport.is_connected or _is_inside(self._track) or self._cue:
            return
        if self._track is None:
            await self._transport.announce_speaking(True)
        self._cue_over.clear()
        self._cue = deque(frames)
        self._clock.add(self)
        try:
            with suppress(TimeoutError):
                async with asyncio.timeout(_CUE_SECONDS):
                    await self._cue_over.wait()
        finally:
            self._cue = deque()  # another one: the clock may be taking from it
        if self._track is None:
            await self._transport.announce_speaking(False)

    async def _watch(self) -> None:
        """Return at the end of the track, or when it is time to check again."""
        with suppress(TimeoutError):
            async with asyncio.timeout(WATCH_SECONDS):
                await self._over.wait()
        was_connected, self._is_connected = self._is_connected, self._transport.is_connected
        if was_connected and not self._is_connected:
            _logger.warning("⚠️ Voice client not connected")

    def close(self) -> None:
        """Send nothing more, not even silence."""
        self._track = None
        self._clock.remove(self)

    def tick(self) -> bool:
        """See `frame_clock.Ticking.tick`."""
        track = self._track
        cue = self._cue
        if cue and self._tick_cue(cue, track):
            return True
        frame = track.current if track is not None else None
        if track is not None and frame is not None:
            if self._transport.send_frame(frame):
                track.advance()
                self._silence_due = _TRAILING_SILENCE
                if track.is_over:
                    self._loop.call_soon_threadsafe(self._over.set)
            return True
        if track is not None:
            if track.is_over:
                self._loop.call_soon_threadsafe(self._over.set)
            else:
                track.wait()
        if self._silence_due:
            self._silence_due -= 1
            self._transport.send_frame(SILENCE)
            return True
        return track is not None

    def _tick_cue(self, cue: deque[bytes], track: Track | None) -> bool:
        """Send a frame of the short sound; False, and it is over, where it can't be heard, or speech has begun."""
        is_sent = not _is_inside(track) and self._transport.send_frame(cue[0])
        if is_sent:
            self._silence_due = _TRAILING_SILENCE
            cue.popleft()
        else:
            cue.clear()
        if not cue:
            self._loop.call_soon_threadsafe(self._cue_over.set)
        return is_sent


def _is_inside(track: Track | None) -> bool:
    return track is not None and track.has_begun and not track.is_over
