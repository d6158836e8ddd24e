"""Whatever happens to a queue of frames, each is heard once and in order, and the cursor says which."""

import asyncio
import random
from collections import deque
from collections.abc import Callable
from itertools import pairwise
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.audio.opus import SILENCE
from assistant.audio.player import Player
from assistant.audio.track import QUEUED_FRAMES, Track
from sandbox.voice.rtp import TransportCipher
from voicewire.ciphers import COUNTER_BYTES, XChaChaCipher
from voicewire.pacer_worker import COMMAND, REPORT, Command, PacketQueues, Report
from voicewire.sender import FrameSender, QueuedFrame

KEY = bytes(range(32))
FRAMES = [b"\x78" + number.to_bytes(2, "big") for number in range(40)]


class Sealer:
    """End-to-end encryption that is not always ready."""

    may_seal = True

    def seal(self, frame: bytes) -> bytes | None:
        return frame if self.may_seal or frame == SILENCE else None


class Line:
    """A voice connection whose pacer gets commands and tells reports when the test says so, and may die."""

    def __init__(self) -> None:
        self.is_connected = True
        self.is_mute = False
        self.sealer = Sealer()
        self.sender = FrameSender(self.sealer)
        self.datagrams: list[bytes] = []
        self._time = 0.0
        self._commands: deque[bytes] = deque()
        self._reports = b""
        self._start_pacer()
        self.sender.open(lambda _: 0, XChaChaCipher(KEY), 42, cast(Any, self))

    # What is used of a socket and of a flow

    def send(self, datagram: bytes) -> int:
        self.datagrams.append(datagram)
        return len(datagram)

    def feed(self, packet: bytes) -> bool:
        self._commands.append(COMMAND.pack(Command.PACKET, 1, len(packet)) + packet)
        return True

    def take_back(self, request: int) -> None:
        self._commands.append(COMMAND.pack(Command.TAKE_BACK, 1, request))

    # What may happen

    def deliver(self, commands: int) -> None:
        for _ in range(min(commands, len(self._commands))):
            self._reports += self._queues.take(self._commands.popleft(), [])

    def send_one(self) -> None:
        self._time += 0.02
        self._reports += self._queues.send()

    def tell(self, reports: int) -> None:
        end = min(reports * REPORT.size, len(self._reports))
        for kind, _, value in REPORT.iter_unpack(self._reports[:end]):
            if kind == Report.LEFT:
                self.sender.packet_left()
            else:
                self.sender.packets_dropped(value)
        self._reports = self._reports[end:]

    def die(self) -> None:
        self.tell(1000)  # what it had told is read to its end
        self._start_pacer()
        self.sender.packets_dropped(None)

    def _start_pacer(self) -> None:
        self._commands.clear()
        self._reports = b""
        self._queues = PacketQueues(lambda: self._time)
        self._queues.take(COMMAND.pack(Command.OPEN, 1, 0), [cast(Any, self)])

    # What a player uses

    def queue_frame(self, frame: bytes) -> QueuedFrame | None:
        return self.sender.queue(frame)

    async def announce_speaking(self, speaking: bool) -> None:
        """Nobody is told."""


class Clock:
    """Ticks when the test says so."""

    def add(self, player: Player) -> None:
        player.tick(is_due=False)

    wake = add

    def remove(self, player: Player) -> None:
        """It ticks no more."""


class Happenings:
    """What may happen to speech, by name."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.line, self.track = Line(), Track()
        self.player = Player(cast(Any, Clock()), self.line)
        self.utterance = self.track.begin()
        self.left = deque(FRAMES)
        sender, sealer = self.line.sender, self.line.sealer
        self.by_name: dict[str, Callable[[], object]] = {
            "make": self._make,
            "tick": lambda: self.player.tick(is_due=chance.random() < 0.7),
            "deliver": lambda: self.line.deliver(chance.randrange(1, 8)),
            "send": self.line.send_one,
            "tell": lambda: self.line.tell(chance.randrange(1, 8)),
            "hold": self.track.hold,
            "go on": self.track.go_on,
            "lose": sender.close,
            "recover": sender.reopen,
            "another key": sender.take_back,
            "no key": lambda: setattr(sealer, "may_seal", not sealer.may_seal),
            "quieter": self._scale,
            "die": self.line.die,
        }

    def _make(self) -> None:
        for _ in range(min(len(self.left), self.chance.randrange(1, 8))):
            self.utterance.append(self.left.popleft())

    def _scale(self) -> None:
        start = self.track.cursor + self.chance.randrange(0, 8)
        frames = self.track.frames(start, start + 6)
        self.track.scale(start, frames, [bytes(bytearray(frame)) for frame in frames])

    def end(self) -> None:
        """All is made, and nothing is in the way any more."""
        self.track.go_on()
        self.line.sender.reopen()
        self.line.sealer.may_seal = True
        for frame in self.left:
            self.utterance.append(frame)
        self.utterance.finish()
        self.track.finish()


async def play_through(actions: list[str], chance: random.Random) -> None:
    scene = Happenings(chance)
    line, track, player = scene.line, scene.track, scene.player
    playing = asyncio.create_task(player.play(track))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    for action in actions:
        scene.by_name[action]()
        assert len(line.sender._queued) <= QUEUED_FRAMES
    if chance.random() < 0.3:
        playing.cancel()
    scene.end()
    for _ in range(3 * len(FRAMES)):
        player.tick(is_due=True)
        line.deliver(100)
        line.send_one()
        line.tell(100)
        await asyncio.sleep(0)
    await asyncio.wait({playing}, timeout=2)
    packets = [TransportCipher(KEY).decrypt(datagram) for datagram in line.datagrams]
    assert [packet.payload for packet in packets if packet.payload != SILENCE] == FRAMES[: track.cursor]
    assert playing.cancelled() or track.cursor == len(FRAMES)
    assert all(later.sequence - earlier.sequence == 1 for earlier, later in pairwise(packets))
    assert all(later.timestamp - earlier.timestamp == 960 for earlier, later in pairwise(packets))
    assert len({datagram[-COUNTER_BYTES:] for datagram in line.datagrams}) == len(packets), "a nonce was used twice"
    assert line.sender.sent == len(packets)


class Stage:
    """A player whose first frames are queued, and the pacer has them."""

    def __init__(self) -> None:
        self.line, self.track = Line(), Track()
        self.player = Player(cast(Any, Clock()), self.line)
        utterance = self.track.begin()
        for frame in FRAMES:
            utterance.append(frame)
        utterance.finish()
        self.track.finish()
        self.playing = asyncio.create_task(self.player.play(self.track))

    @property
    def heard(self) -> list[bytes]:
        return [TransportCipher(KEY).decrypt(datagram).payload for datagram in self.line.datagrams]

    def is_anything_queued(self) -> bool:
        return self.line.sender.is_waiting

    async def begin(self) -> None:
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        self.pass_20_ms()
        assert self.heard == FRAMES[:1]

    def pass_20_ms(self) -> None:
        self.line.deliver(100)
        self.line.send_one()
        for _ in range(2):  # once for what has left, and once for what is taken back
            self.line.tell(100)
            self.player.tick(is_due=True)
            self.line.deliver(100)


@pytest.mark.parametrize("how", ["stop", "hold", "cancel", "close", "lose"])
async def test_what_is_queued_is_not_heard_once_it_is_not_wanted(how: str) -> None:
    stage = Stage()
    await stage.begin()
    match how:
        case "stop":
            stage.track.stop()
        case "hold":
            stage.track.hold()
        case "cancel":
            stage.playing.cancel()
            await asyncio.sleep(0)
        case "close":
            stage.player.close()
        case "lose":
            stage.line.sender.close()
    for _ in range(8):
        stage.pass_20_ms()
        await asyncio.sleep(0)
    assert [frame for frame in stage.heard if frame != SILENCE] == FRAMES[:1]
    assert stage.track.cursor == 1
    if how == "hold":
        stage.track.go_on()
        stage.pass_20_ms()
        assert stage.heard[-1] == FRAMES[1]
    stage.playing.cancel()
    await asyncio.wait({stage.playing})


async def test_frames_that_are_queued_are_replaced_by_others_without_a_gap() -> None:
    stage = Stage()
    await stage.begin()
    quieter = [b"quieter" + frame for frame in FRAMES[2:12]]
    assert stage.track.scale(2, FRAMES[2:12], quieter)
    stage.line.deliver(100)
    stage.line.tell(100)
    stage.player.tick(is_due=False)
    for _ in range(12):
        stage.pass_20_ms()
    assert stage.heard == [*FRAMES[:2], *quieter, FRAMES[12]]
    stage.playing.cancel()
    await asyncio.wait({stage.playing})


async def test_speech_is_not_queued_elsewhere_before_it_is_known_what_has_left() -> None:
    stage = Stage()
    await stage.begin()
    former = stage.line.sender
    former.close()
    stage.line.sender = FrameSender(stage.line.sealer)
    stage.line.sender.open(lambda _: 0, XChaChaCipher(KEY), 43, cast(Any, stage.line))
    stage.line.send_one()  # the pacer has not heard of it yet
    former.packet_left()
    stage.player.tick(is_due=True)
    assert not stage.is_anything_queued()
    former.packets_dropped(None)
    stage.player.tick(is_due=True)
    assert stage.track.cursor == 2
    assert stage.is_anything_queued()
    stage.playing.cancel()
    await asyncio.wait({stage.playing})


USUAL = ["make", "tick", "deliver", "send", "tell"]
UNUSUAL = ["hold", "go on", "lose", "recover", "another key", "no key", "quieter", "die"]


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.sampled_from([*USUAL * 4, *UNUSUAL]), max_size=80),
    st.integers(0, 1000),
)
def test_each_frame_leaves_once_and_in_order_or_the_cursor_has_not_passed_it(actions: list[str], seed: int) -> None:
    asyncio.run(play_through(actions, random.Random(seed)))
