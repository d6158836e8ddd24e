"""Frames leave at their time, whatever becomes of the interpreter or of the process that sends them."""

import asyncio
import ctypes
import socket
import struct
import sys
from collections.abc import Iterator
from itertools import pairwise
from typing import Any, cast

import psutil
import pytest

from assistant.audio.frame_clock import FrameClock
from assistant.audio.player import Player
from assistant.audio.track import Track
from tests.support.child_processes import child_processes
from tests.support.eventually import eventually
from tests.support.expected_speech import LONG_LINE, assert_all_was_heard
from tests.support.scene import Scene
from voicewire import Pacer, QueuedFrame
from voicewire.ciphers import XChaChaCipher
from voicewire.rtp import SILENCE
from voicewire.sender import FrameSender

SO_TIMESTAMPNS = 35
"""In asm-generic/socket.h; the socket module of Python has no name for it."""
HELD_SECONDS = 0.08


async def test_speech_goes_on_at_its_frame_when_the_pacer_is_killed_and_when_it_hangs(scene: Scene) -> None:
    async with scene.assistant():
        await scene.begin_call()
        await scene.ada.type(LONG_LINE, scene.lounge)
        for heard, end in ((10, psutil.Process.kill), (40, psutil.Process.suspend)):
            await scene.call.wait_for_frames(heard)
            (pacer,) = child_processes("pacer_worker")
            end(pacer)
            await eventually(lambda pacer=pacer: not pacer.is_running())  # type: ignore[misc]
        await assert_all_was_heard(scene)
        assert len(scene.call.connections) == 1
        assert scene.call.plaintext_with_dave == 0
    assert not child_processes("pacer_worker")


class Plain:
    """No end-to-end encryption."""

    may_seal = True

    def seal(self, frame: bytes) -> bytes | None:
        return frame


class Line:
    """A way to ourselves. The kernel says when a packet came: nobody here has to look at the time."""

    is_connected = True
    is_mute = False

    def __init__(self, pacer: Pacer) -> None:
        self.receiver = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.receiver.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
        self.receiver.bind(("127.0.0.1", 0))
        self.receiver.setblocking(False)
        self.udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.udp.connect(self.receiver.getsockname())
        sender = self.sender = FrameSender(Plain())
        sender.open(self.udp.send, XChaChaCipher(bytes(32)), 7, pacer.open(self.udp, sender))

    def queue_frame(self, frame: bytes) -> QueuedFrame | None:
        return self.sender.queue(frame)

    async def announce_speaking(self, speaking: bool) -> None:
        """Nobody is told."""

    def arrivals(self) -> Iterator[float]:
        while True:
            try:
                packet, [(_, _, stamp)], *_ = self.receiver.recvmsg(2048, 64)
            except BlockingIOError:
                return
            if len(packet) > 12 + 16 + 4 + len(SILENCE):
                seconds, nanoseconds = struct.unpack("qq", stamp)
                yield seconds + nanoseconds * 1e-9

    def close(self) -> None:
        self.udp.close()
        self.receiver.close()


async def longest_distance(line: Line, clock: FrameClock) -> float:
    """While half a second of speech is sent, and all of this process is held up in between."""
    track = Track()
    utterance = track.begin()
    for number in range(25):
        utterance.append(b"frame %d" % number)
    utterance.finish()
    track.finish()
    playing = asyncio.create_task(Player(clock, line).play(track))
    await eventually(lambda: track.cursor > 3)
    ctypes.PyDLL(None).usleep(round(HELD_SECONDS * 1e6))  # it does not let the interpreter go
    await playing
    arrivals = list(line.arrivals())
    assert len(arrivals) == 25
    return max(later - earlier for earlier, later in pairwise(arrivals))


@pytest.mark.alone
@pytest.mark.skipif(sys.platform != "linux", reason="other kernels say otherwise when packets came")
async def test_nobody_hears_that_the_interpreter_was_held() -> None:
    with Pacer() as pacer, FrameClock(pacer) as clock:
        line = Line(pacer)
        longest = [await longest_distance(line, cast(Any, clock)) for _ in range(5)]
        line.close()
    assert min(longest) < 0.04, "the machine alone may be late, though not each time"
