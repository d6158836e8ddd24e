"""Plays tracks and short sounds into one call: one frame every 20 ms, and only while the call can take it.

Frames are queued ahead of their time, and taken back where something else is to be heard instead.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Final, Protocol

from assistant.audio.frame_clock import FrameClock
from assistant.audio.opus import SILENCE
from assistant.audio.track import QUEUED_FRAMES, Track
from assistant.domain.errors import CallMute

_logger = logging.getLogger(__name__)

WATCH_SECONDS: Final = 0.5
"""How often playback is checked. Its end is noticed at once."""
_TRAILING_SILENCE: Final = 5
"""The number of silence frames after speech, so that decoders do not fill the pause with an echo of it
(https://discord.com/developers/docs/topics/voice-connections#voice-data-interpolation)."""
_CUE_SECONDS: Final = 1.0
"""How long a short sound may take in all; later it would mean nothing."""
_SETTLE_SECONDS: Final = 1.5
"""How long the end of playback waits to know which frame was the last. The pacer says it at once, unless it hangs."""


class QueuedFrame(Protocol):
    """A frame that is on its way."""

    @property
    def has_left(self) -> bool:
        """Whether it was sent."""

    @property
    def is_dropped(self) -> bool:
        """Whether it will never be sent."""

    @property
    def is_going_back(self) -> bool:
        """Whether it is being taken back; it may still leave until it is dropped."""

    def take_back(self) -> None:
        """Have all frames of its connection that have not left yet dropped."""


class FrameTransport(Protocol):
    """What a player sends its frames into: the call's voice connection."""

    @property
    def is_connected(self) -> bool:
        """Whether there is a voice connection now."""

    @property
    def is_mute(self) -> bool:
        """Whether the call continues in text only for now."""

    def queue_frame(self, frame: bytes) -> QueuedFrame | None:
        """Have one Opus frame sent behind those that are queued; None if it can't be. Called by the clock's thread."""

    async def announce_speaking(self, speaking: bool) -> None:
        """Tell Discord that frames will follow, or that they have ended."""


@dataclass(slots=True)
class _Ahead:
    """A frame that is queued, and where it is from."""

    queued: QueuedFrame
    frame: bytes
    track: Track | None = None
    """None: from a short sound, or silence."""
    index: int = 0
    cue: deque[bytes] | None = None


class Player:
    """One call's player, driven by the frame clock. It plays one track at a time."""

    def __init__(self, clock: FrameClock, transport: FrameTransport) -> None:
        self._clock = clock
        self._transport = transport
        self._loop = asyncio.get_running_loop()
        self._track: Track | None = None
        self._over = asyncio.Event()
        self._cue: deque[bytes] | None = None
        """What is left of a short sound, and not queued yet; None while there is none."""
        self._cue_over = asyncio.Event()
        self._ahead: deque[_Ahead] = deque()
        """What is queued, in order. Only the clock's thread uses it."""
        self._speech_ahead = 0
        """How many of these are of a track."""
        self._settled = asyncio.Event()
        self._silence_due = 0
        self._is_connected = True

    @property
    def is_mute(self) -> bool:
        """Whether the call continues in text only for now."""
        return self._transport.is_mute

    async def play(self, track: Track) -> None:
        """Play to the end of the track, which may still be growing. A cancellation silences it within a frame.

        While the call has no connection, the cursor waits: speech continues where it was. When this returns or raises,
        the cursor is final.

        Raises:
            CallMute: the connection has been lost for so long that the call continues in text only.
        """
        if self.is_mute:
            raise CallMute
        self._over.clear()
        await self._transport.announce_speaking(True)
        self._track = track
        track.on_change = partial(self._clock.wake, self)
        self._clock.add(self)
        try:
            while not track.is_over:
                if self.is_mute:
                    raise CallMute
                await self._watch()
                self._clock.add(self)  # again, in case the clock dropped us after an error
        finally:
            track.on_change = None
            self._track = None  # the clock still sends the silence after speech
            await self._settle_speech()
        await self._transport.announce_speaking(False)

    async def play_cue(self, frames: Sequence[bytes]) -> None:
        """Play a short sound before speech or between it; return when it is over.

        Nothing happens inside of speech, also where that waits, and where nobody would hear it. Speech that is ready
        meanwhile begins behind it.
        """
        if self.is_mute or not self._transport.is_connected or _is_inside(self._track):
            return
        if self._cue is not None:
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
            self._cue = None
            self._clock.wake(self)
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

    async def _settle_speech(self) -> None:
        """Wait until what is left of a track in the queue is taken back, or has left after all."""
        if not self._speech_ahead:
            return
        self._settled.clear()
        self._clock.add(self)
        with suppress(TimeoutError):
            async with asyncio.timeout(_SETTLE_SECONDS):
                await self._settled.wait()

    def close(self) -> None:
        """Send nothing more, not even silence."""
        self._track = None
        self._clock.remove(self)
        if self._ahead:
            self._ahead[0].queued.take_back()

    def tick(self, *, is_due: bool) -> bool:
        """See `frame_clock.Ticking.tick`."""
        track = self._track
        is_silent = not self._speech_ahead
        self._note_what_left()
        if track is not None and track.is_over:
            self._loop.call_soon_threadsafe(self._over.set)
        if not all(map(self._is_wanted, self._ahead)):
            self._ahead[0].queued.take_back()
        elif not (self._ahead and self._ahead[0].queued.is_going_back):
            self._queue_cue(track)
            self._queue_speech(track)
            if not self._ahead:
                self._queue_silence(track, is_missing=is_silent and is_due)
        return track is not None or self._cue is not None or bool(self._ahead or self._silence_due)

    def _note_what_left(self) -> None:
        """Move on by the frames that have left, and forget those that were dropped."""
        while self._ahead and (self._ahead[0].queued.has_left or self._ahead[0].queued.is_dropped):
            one = self._ahead.popleft()
            if one.track is not None:
                self._speech_ahead -= 1
                if one.queued.has_left:
                    one.track.advance()
                if not self._speech_ahead:
                    self._loop.call_soon_threadsafe(self._settled.set)
            if one.queued.has_left and (one.track is not None or one.cue is not None):
                self._silence_due = _TRAILING_SILENCE
            if one.cue is not None and not one.cue and not any(each.cue is one.cue for each in self._ahead):
                self._loop.call_soon_threadsafe(self._cue_over.set)

    def _is_wanted(self, one: _Ahead) -> bool:
        """Whether a frame that is queued is still what is to be heard."""
        if one.track is not None:
            return one.track is self._track and one.track.frame_at(one.index) is one.frame
        return one.cue is None or one.cue is self._cue

    def _queue_cue(self, track: Track | None) -> None:
        """Queue the short sound. It is over where it can't be heard, or speech has begun."""
        cue = self._cue
        while cue and len(self._ahead) < QUEUED_FRAMES:
            queued = None
            if not (self._speech_ahead or _is_inside(track)):
                queued = self._transport.queue_frame(cue[0])
            if queued is None:
                cue.clear()
                self._loop.call_soon_threadsafe(self._cue_over.set)
                return
            self._ahead.append(_Ahead(queued, cue.popleft(), cue=cue))

    def _queue_speech(self, track: Track | None) -> None:
        while track is not None and len(self._ahead) < QUEUED_FRAMES:
            index = track.cursor + self._speech_ahead
            frame = track.frame_at(index)
            queued = None if frame is None else self._transport.queue_frame(frame)
            if frame is None or queued is None:
                return
            self._ahead.append(_Ahead(queued, frame, track, index))
            self._speech_ahead += 1

    def _queue_silence(self, track: Track | None, *, is_missing: bool) -> None:
        """Nothing is queued: speech has ended or is held, or, if `is_missing`, a frame of it was due and not there."""
        if track is not None and not (track.is_over or track.is_held):
            if not is_missing or track.frame_at(track.cursor) is not None:
                return
            track.wait()
        if self._silence_due:
            self._silence_due -= 1
            queued = self._transport.queue_frame(SILENCE)
            if queued is not None:
                self._ahead.append(_Ahead(queued, SILENCE))


def _is_inside(track: Track | None) -> bool:
    return track is not None and track.has_begun and not track.is_over
