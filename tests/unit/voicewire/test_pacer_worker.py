"""What the pacer sends when, in virtual time."""

import errno
from itertools import pairwise
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voicewire.pacer_worker import COMMAND, INTERVAL_SECONDS, REPORT, SHORTEST_SECONDS, Command, PacketQueues, Report


class FakeSocket:
    """Notes what is sent, and when."""

    def __init__(self, scene: "Scene") -> None:
        self.scene = scene
        self.sent: list[tuple[float, bytes]] = []
        self.seconds = 0.0
        self.error: OSError | None = None
        self.is_closed = False

    def send(self, packet: bytes) -> int:
        if self.error is not None:
            raise self.error
        self.sent.append((self.scene.time, packet))
        self.scene.time += self.seconds
        return len(packet)

    def close(self) -> None:
        self.is_closed = True

    @property
    def packets(self) -> list[bytes]:
        return [packet for _, packet in self.sent]


class Scene:
    """The pacer without its process."""

    def __init__(self) -> None:
        self.time = 100.0
        self.queues = PacketQueues(lambda: self.time)
        self.told: list[tuple[Report, int, int]] = []

    def open(self, number: int) -> FakeSocket:
        udp = FakeSocket(self)
        self.take(COMMAND.pack(Command.OPEN, number, 0), udp)
        return udp

    def feed(self, number: int, *packets: bytes) -> None:
        self.take(b"".join(COMMAND.pack(Command.PACKET, number, len(packet)) + packet for packet in packets))

    def take(self, data: bytes, *sockets: FakeSocket) -> None:
        self._note(self.queues.take(data, cast(Any, sockets)))

    def run(self, seconds: float) -> None:
        """Let time pass, and send whatever is due."""
        end = self.time + seconds + 1e-6
        while self.queues.waiting and self.queues.due <= end:
            self.time = max(self.time, self.queues.due)
            self._note(self.queues.send())
        self.time = end

    def _note(self, reports: bytes) -> None:
        self.told += [(Report(kind), number, value) for kind, number, value in REPORT.iter_unpack(reports)]


def distances(udp: FakeSocket) -> list[float]:
    times = [at for at, _ in udp.sent]
    return [later - earlier for earlier, later in pairwise(times)]


def test_a_packet_of_each_flow_leaves_every_20_ms_and_the_first_at_once() -> None:
    scene = Scene()
    one, other = scene.open(1), scene.open(2)
    scene.feed(1, b"a", b"b", b"c")
    scene.run(0)
    assert one.packets == [b"a"]
    scene.run(0.010)
    scene.feed(2, b"x", b"y")
    scene.run(1)
    assert (one.packets, other.packets) == ([b"a", b"b", b"c"], [b"x", b"y"])
    assert distances(one) == pytest.approx([0.02, 0.02], abs=1e-5)
    assert scene.told.count((Report.LEFT, 1, 0)) == 3


@pytest.mark.parametrize("late", [0.001, 0.006, 0.030, 0.5])
def test_what_is_late_is_not_followed_by_a_burst(late: float) -> None:
    scene = Scene()
    udp = scene.open(1)
    scene.feed(1, b"a", b"b", b"c", b"d")
    scene.run(0)
    scene.time += INTERVAL_SECONDS + late
    scene.run(1)
    assert udp.packets == [b"a", b"b", b"c", b"d"]
    first, *rest = distances(udp)
    assert first == pytest.approx(INTERVAL_SECONDS + late, abs=1e-4)
    assert min(rest) >= SHORTEST_SECONDS - 1e-9
    assert max(rest) < INTERVAL_SECONDS + 1e-4


def test_nor_is_what_is_held_up_between_two_flows() -> None:
    scene = Scene()
    one, other = scene.open(1), scene.open(2)
    for number in (1, 2):
        scene.feed(number, b"a", b"b", b"c")
    one.seconds = 0.012
    scene.run(0)
    one.seconds = 0.0
    scene.run(1)
    assert len(one.sent) == len(other.sent) == 3
    assert min(distances(one) + distances(other)) >= SHORTEST_SECONDS - 1e-9


def test_a_flow_that_was_empty_for_a_moment_is_not_fed_faster() -> None:
    scene = Scene()
    udp = scene.open(1)
    scene.feed(1, b"a")
    scene.run(0.005)
    scene.feed(1, b"b")
    scene.run(0.1)
    scene.feed(1, b"c")
    scene.run(0)
    assert len(udp.sent) == 3, "after a pause it leaves at once"
    assert distances(udp)[0] == pytest.approx(0.02, abs=1e-4)


def test_a_packet_that_the_system_does_not_take_is_tried_again_and_the_others_wait_behind_it() -> None:
    scene = Scene()
    broken, well = scene.open(1), scene.open(2)
    broken.error = OSError(errno.ENOBUFS, "full")
    scene.feed(1, b"a", b"b")
    scene.feed(2, b"x", b"y")
    scene.run(0.025)
    assert (Report.FAILED, 1, errno.ENOBUFS) in scene.told
    broken.error = None
    scene.run(0.1)
    assert (broken.packets, well.packets) == ([b"a", b"b"], [b"x", b"y"])


def test_what_is_taken_back_does_not_leave_and_others_do() -> None:
    scene = Scene()
    one, other = scene.open(1), scene.open(2)
    scene.feed(1, b"a", b"b", b"c")
    scene.feed(2, b"x", b"y")
    scene.run(0)
    scene.take(COMMAND.pack(Command.TAKE_BACK, 1, 7))
    assert scene.told[-1] == (Report.DROPPED, 1, 7)
    scene.run(0.1)
    assert (one.packets, other.packets) == ([b"a"], [b"x", b"y"])
    scene.feed(1, b"d")
    scene.run(0.1)
    assert one.packets == [b"a", b"d"]


def test_a_flow_that_is_closed_sends_nothing_and_its_socket_is_closed() -> None:
    scene = Scene()
    udp = scene.open(1)
    scene.feed(1, b"a")
    scene.take(COMMAND.pack(Command.CLOSE, 1, 0))
    scene.run(0.1)
    assert udp.is_closed
    assert not udp.sent
    assert scene.queues.waiting == 0


@given(st.lists(st.integers(1, 30), max_size=40))
def test_commands_may_come_in_any_pieces(lengths: list[int]) -> None:
    scene = Scene()
    udp = FakeSocket(scene)
    packets = [bytes([number]) * (number % 40) for number in range(30)]
    stream = COMMAND.pack(Command.OPEN, 9, 0)
    stream += b"".join(COMMAND.pack(Command.PACKET, 9, len(packet)) + packet for packet in packets)
    scene.take(stream[:1], udp)  # a socket comes with the first byte
    place = 1
    for length in [*lengths, len(stream)]:
        scene.take(stream[place : place + length])
        place += length
    scene.run(10)
    assert udp.packets == packets
