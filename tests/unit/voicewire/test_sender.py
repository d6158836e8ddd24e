import asyncio
import threading
from typing import cast

import pytest

from sandbox.voice.rtp import TransportCipher
from voicewire.ciphers import XChaChaCipher
from voicewire.pacer import PacedFlow
from voicewire.rtp import SILENCE
from voicewire.sender import SILENCE_SECONDS, FrameSender, QueuedFrame

KEY = bytes(range(32))


class FakeSealer:
    """Seals, passes frames on, or refuses."""

    def __init__(self) -> None:
        self.may_seal = True

    def seal(self, frame: bytes) -> bytes | None:
        return frame if self.may_seal or frame == SILENCE else None


class Scene:
    def __init__(self) -> None:
        self.time = 100.0
        self.sealer = FakeSealer()
        self.sender = FrameSender(self.sealer, lambda: self.time)
        self.datagrams: list[bytes] = []
        self.error: OSError | None = None

    def send_datagram(self, datagram: bytes) -> int:
        if self.error is not None:
            raise self.error
        self.datagrams.append(datagram)
        return len(datagram)

    def open(self, ssrc: int = 42) -> None:
        self.sender.open(self.send_datagram, XChaChaCipher(KEY), ssrc)

    @property
    def sent(self) -> list[tuple[int, int, int, bytes]]:
        packets = [TransportCipher(KEY).decrypt(datagram) for datagram in self.datagrams]
        return [(packet.sequence, packet.timestamp, packet.ssrc, packet.payload) for packet in packets]


@pytest.fixture
def scene() -> Scene:
    scene = Scene()
    scene.open()
    return scene


def test_nothing_is_sent_before_the_session_is_described() -> None:
    assert not Scene().sender.send(b"one")


def test_packets_are_numbered_and_timed(scene: Scene) -> None:
    assert [scene.sender.send(word) for word in (b"one", b"two")] == [True, True]
    assert scene.sent == [(1, 0, 42, b"one"), (2, 960, 42, b"two")]


def test_a_frame_that_may_not_leave_takes_no_number(scene: Scene) -> None:
    scene.sealer.may_seal = False
    assert not scene.sender.send(b"secret")
    scene.sealer.may_seal = True
    scene.sender.send(b"secret")
    assert scene.sent == [(1, 0, 42, b"secret")]


def test_a_frame_that_the_system_does_not_take_is_to_be_given_again(scene: Scene) -> None:
    scene.error = ConnectionRefusedError()
    assert not scene.sender.send(b"one")
    scene.error = None
    assert scene.sender.send(b"one")
    assert scene.sent == [(1, 0, 42, b"one")]


def test_after_a_pause_the_numbers_go_on(scene: Scene) -> None:
    scene.sender.send(b"one")
    scene.sender.close()
    assert not scene.sender.send(b"two")
    assert not scene.sender.may_send
    scene.sender.reopen()
    scene.sender.send(b"two")
    assert [number for number, *_ in scene.sent] == [1, 2]


def test_what_was_never_open_is_not_reopened() -> None:
    scene = Scene()
    scene.sender.reopen()
    assert not scene.sender.send(b"one")


def test_silence_is_due_when_nothing_was_sent_for_long(scene: Scene) -> None:
    quiet = [scene.sender.is_quiet]
    scene.time += SILENCE_SECONDS
    quiet.append(scene.sender.is_quiet)
    scene.sender.send_silence()
    quiet.append(scene.sender.is_quiet)
    scene.time += SILENCE_SECONDS
    scene.sender.close()
    quiet.append(scene.sender.is_quiet)
    assert quiet == [False, True, False, False]


def test_silence_leaves_also_while_nothing_may_be_said(scene: Scene) -> None:
    scene.sealer.may_seal = False
    assert scene.sender.send_silence()
    assert not scene.sender.may_send


def test_numbers_wrap(scene: Scene) -> None:
    scene.sender._sequence, scene.sender._timestamp = 0xFFFF, 0xFFFFFFFF
    scene.sender.send(b"one")
    scene.sender.send(b"two")
    assert [(number, timestamp) for number, timestamp, *_ in scene.sent] == [(0, 0xFFFFFFFF), (1, 959)]


async def test_a_frame_that_is_being_sent_has_left_before_a_close_returns_and_none_follows() -> None:
    is_sending, may_send = threading.Event(), threading.Event()
    sent: list[bytes] = []

    def send(packet: bytes) -> int:
        is_sending.set()
        assert may_send.wait(10)
        sent.append(packet)
        return len(packet)

    sender = FrameSender(FakeSealer())
    sender.open(send, XChaChaCipher(KEY), 7)
    sending = asyncio.create_task(asyncio.to_thread(sender.send, b"frame"))
    assert await asyncio.to_thread(is_sending.wait, 10)
    threading.Timer(0.1, may_send.set).start()
    await asyncio.to_thread(sender.close)
    assert len(sent) == 1
    assert await sending
    assert not sender.send(b"another")


class FakeFlow:
    """A pacer that does as the test says."""

    def __init__(self) -> None:
        self.packets: list[bytes] = []
        self.requests: list[int] = []
        self.is_there = True

    def feed(self, packet: bytes) -> bool:
        if self.is_there:
            self.packets.append(packet)
        return self.is_there

    def take_back(self, request: int) -> None:
        self.requests.append(request)

    @property
    def numbers(self) -> list[tuple[int, int]]:
        packets = [TransportCipher(KEY).decrypt(packet) for packet in self.packets]
        return [(packet.sequence, packet.timestamp) for packet in packets]


class PacedScene(Scene):
    """With a pacer."""

    def __init__(self) -> None:
        super().__init__()
        self.flow = FakeFlow()
        self.sender.open(self.send_datagram, XChaChaCipher(KEY), 42, cast(PacedFlow, self.flow))

    def queue(self, frame: bytes) -> QueuedFrame:
        queued = self.sender.queue(frame)
        assert queued is not None
        return queued


@pytest.fixture
def paced() -> PacedScene:
    return PacedScene()


def test_frames_are_queued_sealed_and_numbered_and_count_once_they_have_left(paced: PacedScene) -> None:
    one, two = paced.queue(b"one"), paced.queue(b"two")
    assert paced.flow.numbers == [(1, 0), (2, 960)]
    assert (paced.sender.sent, one.has_left) == (0, False)
    paced.sender.packet_left()
    assert (paced.sender.sent, one.has_left, two.has_left, two.is_dropped) == (1, True, False, False)


def test_nothing_overtakes_what_is_queued(paced: PacedScene) -> None:
    paced.queue(b"one")
    assert not paced.sender.send_silence()
    paced.sender.packet_left()
    assert paced.sender.send_silence()


def test_the_numbers_of_what_was_dropped_are_used_again_and_its_nonces_are_not(paced: PacedScene) -> None:
    first, *others = [paced.queue(word) for word in (b"one", b"two", b"three")]
    paced.sender.take_back()
    assert paced.sender.queue(b"four") is None, "it is not known yet what has left"
    paced.sender.packet_left()
    paced.sender.packets_dropped(paced.flow.requests[0])
    assert (first.has_left, [each.is_dropped for each in others]) == (True, [True, True])
    paced.queue(b"two")
    assert paced.flow.numbers[-1] == paced.flow.numbers[1] == (2, 960)
    assert len({packet[-4:] for packet in paced.flow.packets}) == 4


def test_frames_are_taken_back_once_however_often_that_is_wanted(paced: PacedScene) -> None:
    paced.sender.take_back()
    assert paced.flow.requests == [], "nothing is queued"
    queued = paced.queue(b"one")
    for _ in range(3):
        queued.take_back()
    assert len(paced.flow.requests) == 1
    assert queued.is_going_back


def test_an_answer_to_what_was_asked_of_a_former_pacer_means_nothing(paced: PacedScene) -> None:
    paced.queue(b"one").take_back()
    paced.sender.packets_dropped(None)
    queued = paced.queue(b"one")
    paced.sender.packets_dropped(paced.flow.requests[0])
    assert not queued.is_dropped
    paced.sender.packet_left()
    assert queued.has_left


@pytest.mark.parametrize("how", ["close", "another key"])
def test_what_is_queued_is_taken_back_when(paced: PacedScene, how: str) -> None:
    queued = paced.queue(b"one")
    if how == "close":
        paced.sender.close()
    else:
        paced.sender.open(paced.send_datagram, XChaChaCipher(KEY[::-1]), 42, cast(PacedFlow, paced.flow))
    assert queued.is_going_back


def test_without_a_pacer_no_frame_is_queued(scene: Scene, paced: PacedScene) -> None:
    assert scene.sender.queue(b"one") is None
    paced.flow.is_there = False
    assert paced.sender.queue(b"one") is None
    paced.flow.is_there = True
    paced.queue(b"one")
    assert paced.flow.numbers == [(1, 0)]


def test_a_frame_that_may_not_leave_is_not_queued(paced: PacedScene) -> None:
    paced.sealer.may_seal = False
    assert paced.sender.queue(b"secret") is None
    paced.sealer.may_seal = True
    paced.sender.close()
    assert paced.sender.queue(b"late") is None
    assert paced.flow.packets == []
