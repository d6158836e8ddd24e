"""What comes from a person's browser, as a sound that their member of the sandbox speaks."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Final

import numpy as np

from sandbox.playground.sound_packet import PCM, CapturedPacket
from sandbox.voice.opus_codec import OpusEncoder

_MOST: Final = 50
"""One second. Whoever sends more at once loses the oldest."""
_LATEST: Final = 500
_PAUSE_SECONDS: Final = 0.3
"""What is quiet for that long is two stretches of speech."""
_MOST_STRETCHES: Final = 20


@dataclass(frozen=True, slots=True)
class FrameLatency:
    """How long 20 ms of sound took from the microphone to the packet that left for the bot, in milliseconds."""

    in_page: float
    """Until the sandbox had it."""
    in_sandbox: float
    """From there."""


class MicrophoneFeed:
    """Frames of Opus, in the order in which they came."""

    def __init__(self) -> None:
        self._packets: deque[tuple[bytes, float, float]] = deque(maxlen=_MOST)
        self._news = asyncio.Event()
        self._encoder = OpusEncoder()
        self.latencies: deque[FrameLatency] = deque(maxlen=_LATEST)
        """How long the latest frames took."""
        self.stretches: deque[tuple[float, float]] = deque(maxlen=_MOST_STRETCHES)
        """When the latest sound began and ended, by `time.monotonic()`, without pauses."""

    def put(self, packet: CapturedPacket) -> bytes:
        """Add 20 ms, and return them as Opus."""
        opus = packet.sound
        if packet.kind == PCM:
            opus = self._encoder.encode(np.frombuffer(packet.sound, "<i2").astype(np.int16))
        self._packets.append((opus, packet.captured, _now()))
        self._note(time.monotonic())
        self._news.set()
        return opus

    def _note(self, moment: float) -> None:
        begin = moment
        if self.stretches and moment - self.stretches[-1][1] < _PAUSE_SECONDS:
            begin, _ = self.stretches.pop()
        self.stretches.append((begin, moment))

    async def frames(self) -> AsyncGenerator[bytes, None]:
        """What comes from now on, without end: for `MemberActor.speak`. While nothing comes, nothing is yielded."""
        self._packets.clear()
        while True:
            while not self._packets:
                self._news.clear()
                await self._news.wait()
            opus, captured, arrived = self._packets.popleft()
            yield opus
            # Asked for the next one, the talker has sent this one.
            self.latencies.append(FrameLatency(in_page=arrived - captured, in_sandbox=_now() - arrived))


def _now() -> float:
    """Milliseconds since 1970, as a page has them."""
    return time.time() * 1000
