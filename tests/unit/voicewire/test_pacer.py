"""The pacer's process on loopback: what leaves when, and what becomes of it when it or the bot dies."""

import selectors
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from voicewire.pacer import PacedFlow, Pacer


class Owner:
    """Knows its packets as a sender does."""

    def __init__(self) -> None:
        self.waiting: list[bytes] = []
        self.left: list[bytes] = []
        self.dropped: list[tuple[int | None, list[bytes]]] = []

    @property
    def is_waiting(self) -> bool:
        return bool(self.waiting)

    def packet_left(self) -> None:
        self.left.append(self.waiting.pop(0))

    def packets_dropped(self, request: int | None) -> None:
        self.dropped.append((request, self.waiting))
        self.waiting = []


class Scene:
    """A flow from us to ourselves."""

    def __init__(self, pacer: Pacer) -> None:
        self.pacer = pacer
        self.owner = Owner()
        self.receiver = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.receiver.bind(("127.0.0.1", 0))
        self.receiver.setblocking(False)
        self.sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.sender.connect(self.receiver.getsockname())
        self.sender.setblocking(False)
        self.flow: PacedFlow = pacer.open(self.sender, self.owner)

    def feed(self, *packets: bytes) -> bool:
        for packet in packets:
            if not self.flow.feed(packet):
                return False
            self.owner.waiting.append(packet)
        self.pacer.flush()
        return True

    def wait(self, holds: Callable[[], object], seconds: float = 20.0) -> None:
        end = time.monotonic() + seconds
        while not holds():
            assert time.monotonic() < end, "in vain"
            self.pacer.wait(0.02)

    def received(self) -> list[bytes]:
        packets = []
        while True:
            try:
                packets.append(self.receiver.recv(2048))
            except BlockingIOError:
                return packets

    def process(self) -> psutil.Process:
        assert self.pacer.process_id is not None
        return psutil.Process(self.pacer.process_id)

    def close(self) -> None:
        self.receiver.close()
        self.sender.close()


@pytest.fixture
def scene() -> Iterator[Scene]:
    with Pacer() as pacer:
        scene = Scene(pacer)
        yield scene
        scene.close()


@pytest.fixture(params=[True, False], ids=["process", "thread"])
def either(request: pytest.FixtureRequest) -> Iterator[Scene]:
    """A pacer that is a process, as on Linux and macOS, and one that is a thread, as on Windows."""
    with Pacer(is_process=request.param) as pacer:
        scene = Scene(pacer)
        yield scene
        scene.close()
    assert "pacer" not in {thread.name for thread in threading.enumerate() if not wait_for_end(thread)}


def wait_for_end(thread: threading.Thread) -> bool:
    if thread.name == "pacer":
        thread.join(5)
    return not thread.is_alive()


def words(count: int) -> list[bytes]:
    return [b"%d" % number for number in range(count)]


def test_packets_leave_in_order_over_the_socket_and_it_is_told_which(either: Scene) -> None:
    begun = time.monotonic()
    either.feed(*words(5))
    either.wait(lambda: len(either.owner.left) == 5)
    assert either.received() == either.owner.left == words(5)
    assert time.monotonic() - begun > 0.06, "one each 20 ms, and 15 ms after one that was late"


def test_what_is_taken_back_does_not_leave(either: Scene) -> None:
    either.feed(*words(200))
    either.wait(lambda: either.owner.left)
    either.flow.take_back(3)
    either.wait(lambda: either.owner.dropped)
    ((request, dropped),) = either.owner.dropped
    assert request == 3
    assert either.owner.left + dropped == words(200)
    either.feed(b"next")
    either.wait(lambda: either.owner.left[-1] == b"next")
    assert either.received() == either.owner.left


def test_a_closed_flow_is_forgotten_and_its_socket_with_it(scene: Scene) -> None:
    scene.feed(*words(100))
    scene.flow.close()
    scene.wait(lambda: scene.owner.dropped)
    assert not scene.feed(b"more")
    other = Scene(scene.pacer)
    other.feed(b"hello")
    other.wait(lambda: other.owner.left)
    assert len([each for each in scene.process().net_connections() if each.type == socket.SOCK_DGRAM]) == 1
    other.close()


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGSTOP, signal.SIGSEGV])
def test_another_takes_the_place_of_one_that_dies_or_hangs(
    scene: Scene, end: signal.Signals, caplog: pytest.LogCaptureFixture
) -> None:
    scene.feed(*words(1000))
    scene.wait(lambda: len(scene.owner.left) > 2)
    time.sleep(0.3)  # it was not begun just now
    former = scene.process()
    former.send_signal(end)
    at = time.monotonic()
    scene.wait(lambda: scene.owner.dropped)
    if end is signal.SIGSTOP:
        assert time.monotonic() - at > 0.8, "it may be late"
    ((request, dropped),) = scene.owner.dropped
    assert request is None
    assert scene.owner.left + dropped == words(1000), "nothing is told twice, or not at all"
    assert not former.is_running()
    scene.feed(b"next")
    scene.wait(lambda: scene.owner.left[-1] == b"next")
    received = scene.received()
    assert received[-1] == b"next"
    # What has left just before it died may not have been told any more: then it is heard twice, with one number.
    assert [word for word in received if word != b"next"] in (
        scene.owner.left[:-1],
        [*scene.owner.left[:-1], dropped[0]],
    )
    assert "The pacer is started anew" in caplog.text


def test_a_pacer_that_can_not_live_is_not_started_again_and_again(
    scene: Scene, caplog: pytest.LogCaptureFixture
) -> None:
    begun = time.monotonic()
    while time.monotonic() - begun < 1.0:
        if scene.pacer.process_id is not None:
            scene.process().kill()
        scene.pacer.wait(0.001)
    assert 1 <= caplog.text.count("The pacer is started anew") <= 8
    scene.wait(lambda: scene.owner.left or (not scene.owner.waiting and scene.feed(b"at last") and scene.owner.left))


def test_one_whose_start_is_slow_is_not_taken_for_hung(scene: Scene) -> None:
    former = scene.process()
    former.suspend()  # before it could say anything
    scene.feed(*words(3))
    end = time.monotonic() + 2.0
    while time.monotonic() < end:
        scene.pacer.wait(0.02)
    former.resume()
    scene.wait(lambda: len(scene.owner.left) == 3)
    assert scene.owner.dropped == []


class WokenWhileRead:
    """The socket that `wake` writes to, if it is woken again just before it is read."""

    def __init__(self, real: socket.socket, wake: Callable[[], None]) -> None:
        self._real = real
        self._wake = wake

    def fileno(self) -> int:
        return self._real.fileno()

    def close(self) -> None:
        self._real.close()

    def recv(self, count: int) -> bytes:
        self._wake()
        return self._real.recv(count)


def test_no_wake_is_the_last_one_that_is_heard(scene: Scene) -> None:
    pacer = scene.pacer
    real = pacer._awake
    pacer._selector.unregister(real)
    pacer._awake = WokenWhileRead(real, pacer.wake)  # type: ignore[assignment]
    pacer._selector.register(pacer._awake, selectors.EVENT_READ)
    pacer.wake()
    pacer.wait(5)
    pacer.wake()
    begun = time.monotonic()
    pacer.wait(5)
    assert time.monotonic() - begun < 4


def test_it_is_not_taken_for_hung_because_we_were(scene: Scene) -> None:
    scene.feed(*words(3))
    former = scene.process().pid
    time.sleep(1.0)  # as if we were stopped
    scene.wait(lambda: len(scene.owner.left) == 3)
    assert scene.process().pid == former


def test_a_signal_to_all_processes_of_a_service_does_not_end_it_before_the_bot(scene: Scene) -> None:
    scene.feed(b"a")
    scene.wait(lambda: scene.owner.left)
    scene.process().send_signal(signal.SIGTERM)
    scene.feed(b"b")
    scene.wait(lambda: scene.owner.left == [b"a", b"b"])
    assert scene.owner.dropped == []


def test_it_knows_none_of_our_secrets_and_imports_little(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", "secret")
    with Pacer() as pacer:
        other = Scene(pacer)
        other.feed(b"a")
        other.wait(lambda: other.owner.left)
        assert "DISCORD_TOKEN" not in other.process().environ()
        assert other.process().memory_info().rss < 20 * 1024 * 1024
        other.close()


_BOT = """
import socket, sys, time
from voicewire.pacer import Pacer
from tests.unit.voicewire.test_pacer import Scene
pacer = Pacer().__enter__()
scene = Scene(pacer)
scene.feed(*[b"x"] * 5)
scene.wait(lambda: scene.owner.left)
print(pacer.process_id, flush=True)
time.sleep(60)
"""


def test_it_ends_when_the_bot_is_killed() -> None:
    with subprocess.Popen([sys.executable, "-c", _BOT], stdout=subprocess.PIPE, cwd=Path.cwd()) as bot:
        assert bot.stdout is not None
        pacer = psutil.Process(int(bot.stdout.readline()))
        bot.kill()
    pacer.wait(10)


def test_nothing_is_left_of_it_at_the_end() -> None:
    with Pacer() as pacer:
        scene = Scene(pacer)
        scene.feed(*words(100))
        process = scene.process()
        scene.close()
    assert not process.is_running()
    pacer.warm()
    assert pacer.process_id is None, "it was closed"
