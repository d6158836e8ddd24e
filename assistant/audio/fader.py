"""Turns one track down and up again while it is played, and lets it wait."""

import asyncio
from contextlib import suppress
from typing import Final

from assistant.audio.envelope import Envelope
from assistant.audio.opus_volume import LEAD_FRAMES, SAMPLES_PER_FRAME, scale_frames
from assistant.audio.track import Track

DUCKED: Final = 0.25
"""The gain while somebody else speaks: -12 dB. It is heard that the speech goes on, and no more."""
_FULL: Final = 1.0

_FADE_DOWN_FRAMES: Final = 2
_FADE_UP_FRAMES: Final = 5
_FADE_IN_FRAMES: Final = 1
_SETTLE_FRAMES: Final = 2
"""So many frames are made at full volume before those that were there take over: what was predicted is forgotten."""
_NEXT_FRAMES: Final = 2
"""A fade begins so many frames behind the one that is sent next, any moment, and what is queued is taken back first;
twice as many where that was too soon."""
_MOST_LEAD_FRAMES: Final = 32
_AHEAD_FRAMES: Final = 50
"""So many frames are made at another volume before they are sent, at most,"""
_LOOK_SECONDS: Final = 0.2
"""and so often it is seen to it that there are enough."""


class Fader:
    """The volume of one track. It does what it is told while `run` runs.

    Only the frames that are about to be sent are made anew, in a worker thread. Where they come too late, the speech is
    too loud for a moment; it never waits for them.
    """

    def __init__(self, track: Track) -> None:
        """The track is at full volume."""
        self.track = track
        """What is turned down."""
        self._wanted = _FULL
        self._is_to_wait = track.is_held
        self._envelope = Envelope()
        self._made_until = 0
        """The index of the first frame for which nothing was made by the present envelope."""
        self._changed = asyncio.Event()
        self._is_closed = False

    def duck(self) -> None:
        """Turn it down to DUCKED."""
        self._want(DUCKED)

    def restore(self) -> None:
        """Turn it up to full volume."""
        self._want(_FULL)

    def hold(self) -> None:
        """Let it wait where it is, from the next frame on. Nothing happens once `run` has ended."""
        if not self._is_closed:
            self._is_to_wait = True
            self.track.hold()

    def go_on(self) -> None:
        """Go on at the very frame, at the volume that is wanted."""
        if self._is_to_wait:
            self._is_to_wait = False
            self._changed.set()

    def close(self) -> None:
        """End `run`: nobody will change the volume any more."""
        self._is_closed = True
        self._changed.set()

    async def run(self) -> None:
        """Return when the track is over, or when closed; then what was held goes on."""
        try:
            while not (self._is_closed or self.track.is_over):
                self._changed.clear()
                if self.track.is_held and not self._is_to_wait:
                    await self._fade_in()
                elif not self.track.is_held:
                    if self._envelope.last[1] != self._wanted:
                        await self._fade()
                    await self._make_more()
                with suppress(TimeoutError):
                    async with asyncio.timeout(_LOOK_SECONDS):
                        await self._changed.wait()
        finally:
            self._is_closed = True  # also where it is broken: nobody would let the track go on any more
            self.track.go_on()

    def _want(self, gain: float) -> None:
        if gain != self._wanted:
            self._wanted = gain
            self._changed.set()

    async def _fade(self) -> None:
        """Begin to change the volume as soon as frames can be made for it."""
        frames = _FADE_DOWN_FRAMES if self._wanted < _FULL else _FADE_UP_FRAMES
        ahead = _NEXT_FRAMES
        while not self.track.is_over:
            start = self.track.cursor + ahead
            envelope = self._envelope.fade(start, frames, self._wanted)
            if await self._make(start, envelope):
                return
            ahead = min(2 * ahead, _MOST_LEAD_FRAMES)

    async def _fade_in(self) -> None:
        """Go on out of the silence."""
        start = self.track.cursor
        envelope = Envelope(((start, 0.0), (start + _FADE_IN_FRAMES, self._wanted)))
        if await self._make(start, envelope) and not self._is_to_wait:
            self.track.go_on()

    async def _make_more(self) -> None:
        start = max(self._made_until, self.track.cursor)
        if start - self.track.cursor <= _AHEAD_FRAMES // 2 and start < self._needed_until:
            await self._make(start, self._envelope)

    @property
    def _needed_until(self) -> float:
        """The index from which on the frames are right as they are."""
        end, gain = self._envelope.last
        return end + _SETTLE_FRAMES if gain == _FULL else float("inf")

    async def _make(self, start: int, envelope: Envelope) -> bool:
        """Make frames from an index on, as an envelope has it; False where the first of them was sent meanwhile."""
        end, gain = envelope.last
        stop = start + _AHEAD_FRAMES if gain < _FULL else max(start, int(end) + _SETTLE_FRAMES)
        first = max(0, start - LEAD_FRAMES)
        is_complete = self.track.is_complete
        frames = self.track.frames(first, stop + 1)
        is_last = is_complete and len(frames) <= stop - first
        following = None if is_last or not frames else frames.pop()
        originals, scaled = frames[start - first :], list[bytes]()
        if originals:
            gains = envelope.gains(first, first + len(frames), SAMPLES_PER_FRAME)
            made = await asyncio.to_thread(scale_frames, frames, following, gains)
            scaled = made[start - first :]
        if not self.track.scale(start, originals, scaled):
            return False
        self._envelope, self._made_until = envelope, start + len(originals)
        return True
