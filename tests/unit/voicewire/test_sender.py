import asyncio
import threading

import pytest

from sandbox.voice.rtp import TransportCipher
from voicewire.ciphers import XChaChaCipher
from voicewire.rtp import SILENCE
from voicewire.sender import SILENCE_SECONDS, FrameSender

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
