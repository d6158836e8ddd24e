"""One member's voice on the wire: in real time, through a microphone and a network of its own."""

import asyncio
import time
from collections.abc import Callable
from contextlib import aclosing
from typing import Final

import numpy as np

from sandbox.voice.audience import Audience
from sandbox.voice.captured_sound import LiveSound, Sound, captured_frames
from sandbox.voice.microphone import Captured, Microphone
from sandbox.voice.network_conditions import NetworkConditions, NetworkPath
from sandbox.voice.opus_codec import FRAME_SECONDS, OpusEncoder
from sandbox.voice.rtcp import SenderReport
from sandbox.voice.rtp import SILENCE
from sandbox.voice.voice_member import Member

SILENCE_FRAMES: Final = 5
"""After the last frame of speech, and before nothing at all
(https://discord.com/developers/docs/topics/voice-connections#voice-data-interpolation)."""
_REPORT_FRAMES: Final = 250
"""Five seconds from one RTCP report to the next, the least that RFC 3550, 6.2, recommends; half of it to the first."""


class Talker:
    """Sends what a member says. It says one thing at a time."""

    def __init__(self, member: Member, audience: Audience, is_present: Callable[[], bool]) -> None:
        """Whoever is not present any more sends nothing more."""
        self._member = member
        self._audience = audience
        self._is_present = is_present
        self._path = NetworkPath(NetworkConditions())
        self._on_the_way: set[asyncio.TimerHandle] = set()
        self._last_arrival = 0.0
        self._next_frame = 0.0
        self._is_talking = False
        self._packets = 0
        self._payload_bytes = 0

    async def talk(
        self,
        sound: Sound,
        microphone: Microphone,
        network: NetworkConditions,
        *,
        announce: Callable[[], None],
        is_muted: Callable[[], bool],
    ) -> None:
        """Says something, and returns when the last packet has arrived. If cancelled, what is on its way arrives.

        Args:
            sound: what is said.
            microphone: when it is sent.
            network: what happens to it on its way.
            announce: called before the first packet leaves.
            is_muted: whether the member's own microphone is off at the moment.

        Raises:
            RuntimeError: the member is speaking.
        """
        if self._is_talking:
            raise RuntimeError(f"user {self._member.user_id} is speaking already")
        self._is_talking = True
        self._path = NetworkPath(network)
        try:
            await self._talk(sound, microphone, announce, is_muted)
        finally:
            self._is_talking = False

    def close(self) -> None:
        """Loses what is on its way."""
        for handle in self._on_the_way:
            handle.cancel()
        self._on_the_way.clear()

    async def _talk(
        self, sound: Sound, microphone: Microphone, announce: Callable[[], None], is_muted: Callable[[], bool]
    ) -> None:
        loop = asyncio.get_running_loop()
        start, lets_through, encoder = max(loop.time(), self._next_frame), microphone.begin(), OpusEncoder()
        self._skip(start)
        said, silences, is_live = 0, 0, isinstance(sound, LiveSound)
        async with aclosing(captured_frames(sound)) as captured:
            async for frame in captured:
                if not is_live:
                    await self._wait(start + said * FRAME_SECONDS)
                if not self._is_present():
                    return
                if frame is not None and lets_through(frame, said * FRAME_SECONDS) and not is_muted():
                    if not silences and is_live:
                        said = self._skip_pause(start, said)
                    if not silences:
                        announce()
                    silences = SILENCE_FRAMES
                    self._send(_encoded(frame, encoder))
                elif silences:
                    silences -= 1
                    self._send(SILENCE)
                elif is_live:
                    continue
                else:
                    self._member.packets.skip(1)
                said += 1
                self._next_frame = start + said * FRAME_SECONDS
        for _ in range(silences):
            await self._wait(self._next_frame)
            if not self._is_present():
                return
            self._send(SILENCE)
            self._next_frame += FRAME_SECONDS
        await self._wait(max(self._next_frame, self._last_arrival))

    async def _wait(self, until: float) -> None:
        await asyncio.sleep(max(0.0, until - asyncio.get_running_loop().time()))

    def _skip(self, now: float) -> None:
        """The clock of the timestamps has gone on since the last frame."""
        if self._next_frame:
            self._member.packets.skip(round((now - self._next_frame) / FRAME_SECONDS))

    def _skip_pause(self, start: float, said: int) -> int:
        """Let the timestamps be as late as a live sound is by now; returns how many frames that is from its start."""
        now = round((asyncio.get_running_loop().time() - start) / FRAME_SECONDS)
        self._member.packets.skip(max(0, now - said))
        return max(now, said)

    def _send(self, opus: bytes) -> None:
        packet = self._member.speak(opus)
        sender = self._member.user_id
        self._deliver(lambda: self._audience.forward(sender, packet))
        self._packets += 1
        self._payload_bytes += len(packet.payload)
        if self._packets % _REPORT_FRAMES == _REPORT_FRAMES // 2:
            report = SenderReport(packet.ssrc, time.time(), packet.timestamp, self._packets, self._payload_bytes).pack()
            self._deliver(lambda: self._audience.forward_report(sender, report))

    def _deliver(self, arrive: Callable[[], None]) -> None:
        loop = asyncio.get_running_loop()
        now = loop.time()
        for arrival in self._path.arrivals(now):
            self._last_arrival = max(self._last_arrival, arrival)
            if arrival <= now:
                arrive()
            else:
                self._deliver_at(arrival, arrive)

    def _deliver_at(self, arrival: float, arrive: Callable[[], None]) -> None:
        def deliver() -> None:
            self._on_the_way.discard(handle)
            arrive()

        handle = asyncio.get_running_loop().call_at(arrival, deliver)
        self._on_the_way.add(handle)


def _encoded(frame: Captured, encoder: OpusEncoder) -> bytes:
    return encoder.encode(frame) if isinstance(frame, np.ndarray) else frame
