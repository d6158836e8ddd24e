import random

from hypothesis import given
from hypothesis import strategies as st

from assistant.hearing.counters import HearingCounters
from assistant.hearing.jitter_buffer import HOLD_SECONDS, JitterBuffer, OrderedPacket
from voicewire.listener import VoicePacket


def packet(sequence: int) -> VoicePacket:
    return VoicePacket(1, 7, sequence & 0xFFFF, sequence * 960 & 0xFFFFFFFF, b"x")


class Buffer:
    """A buffer that began with packet `first`, and a clock."""

    def __init__(self, first: int = 100) -> None:
        self.time = 0.0
        self.counters = HearingCounters()
        self.buffer = JitterBuffer(self.counters)
        self.out: list[OrderedPacket] = []
        for sequence in range(first - 3, first):
            self.put(sequence)
        self.out.clear()

    def put(self, *sequences: int, after: float = 0.0) -> None:
        for sequence in sequences:
            self.time += after
            self.out += self.buffer.put(packet(sequence), self.time)

    def wait(self, seconds: float) -> None:
        self.time += seconds
        self.out += self.buffer.due(self.time)

    @property
    def order(self) -> list[tuple[int, int]]:
        """Sequence number, and how many are missing before it."""
        return [(each.packet.sequence, each.lost) for each in self.out]


def test_what_is_in_order_does_not_wait() -> None:
    buffer = Buffer()
    buffer.put(100)
    assert buffer.order == [(100, 0)]


def test_what_was_overtaken_is_put_in_its_place() -> None:
    buffer = Buffer()
    buffer.put(100, 103, 102, 101, 104)
    assert buffer.order == [(number, 0) for number in range(100, 105)]


def test_the_first_packet_of_a_stream_may_be_overtaken() -> None:
    buffer = Buffer.__new__(Buffer)
    buffer.time, buffer.counters, buffer.out = 0.0, HearingCounters(), []
    buffer.buffer = JitterBuffer(buffer.counters)
    buffer.put(8, 7)
    assert buffer.order == []
    buffer.put(9)
    assert buffer.order == [(7, 0), (8, 0), (9, 0)]
    assert [each.is_first for each in buffer.out] == [True, False, False]


def test_a_stream_of_one_packet_is_heard_too() -> None:
    counters = HearingCounters()
    buffer = JitterBuffer(counters)
    assert buffer.put(packet(5), 0.0) == []
    assert not buffer.due(HOLD_SECONDS / 2)
    assert [each.packet.sequence for each in buffer.due(HOLD_SECONDS)] == [5]


def test_a_missing_packet_is_waited_for_and_then_counted() -> None:
    buffer = Buffer()
    buffer.put(100, 103)
    buffer.wait(HOLD_SECONDS * 0.9)
    assert buffer.order == [(100, 0)]
    buffer.wait(HOLD_SECONDS * 0.2)
    assert buffer.order == [(100, 0), (103, 2)]
    assert buffer.counters.lost == 2


def test_each_gap_has_its_own_time() -> None:
    buffer = Buffer()
    buffer.put(101)
    buffer.wait(HOLD_SECONDS / 2)
    buffer.put(103)
    buffer.wait(HOLD_SECONDS * 0.6)
    assert buffer.order == [(101, 1)]
    buffer.wait(HOLD_SECONDS / 2)
    assert buffer.order == [(101, 1), (103, 1)]


def test_what_comes_too_late_or_twice_is_dropped() -> None:
    buffer = Buffer()
    buffer.put(100, 102)
    buffer.wait(HOLD_SECONDS)
    buffer.put(101, 102, 105, 105)
    assert buffer.order == [(100, 0), (102, 1)]
    assert buffer.counters.late == 3


def test_numbers_wrap() -> None:
    buffer = Buffer(first=0x10000)
    buffer.put(0x10001, 0x10000, 0x10002)
    assert buffer.order == [(0, 0), (1, 0), (2, 0)]


def test_numbers_that_wrap_while_the_first_packets_are_overtaken() -> None:
    buffer = JitterBuffer(HearingCounters())
    out = [each.packet.sequence for sequence in (1, 0, 0xFFFF) for each in buffer.put(packet(sequence), 0.0)]
    assert out == [0xFFFF, 0, 1]


def test_a_jump_is_a_new_stream_and_no_loss() -> None:
    for jump in (30_000, -30_000, 300, -300):
        buffer = Buffer(first=40_000)
        buffer.put(40_000, 40_002, 40_000 + jump, 40_001 + jump, 40_002 + jump)
        assert buffer.order[:2] == [(40_000, 0), (40_002, 1)]
        assert [number for number, _ in buffer.order[2:]] == [(40_000 + jump + step) & 0xFFFF for step in range(3)]
        assert [lost for _, lost in buffer.order[2:]] == [0, 0, 0]
        assert [each.is_first for each in buffer.out] == [False, False, True, False, False]


def test_a_long_gap_does_not_keep_much() -> None:
    buffer = Buffer()
    buffer.put(*range(150, 190))
    assert buffer.order[0] == (150, 50)
    assert len(buffer.order) == 40


@given(
    st.integers(0, 0xFFFF),
    st.lists(st.tuples(st.integers(-400, 400), st.floats(0, 0.2)), max_size=200),
)
def test_any_order_gives_each_packet_at_most_once_and_forwards(first: int, steps: list[tuple[int, float]]) -> None:
    buffer = Buffer(first)
    for taken, (step, wait) in enumerate(steps, 1):
        before = len(buffer.out)
        buffer.put(first + step)
        buffer.wait(wait)
        assert len(buffer.out) - before <= 14
        assert len(buffer.out) <= taken
    for earlier, later in zip(buffer.out, buffer.out[1:], strict=False):
        step = (later.packet.sequence - earlier.packet.sequence) & 0xFFFF
        assert later.is_first or step == later.lost + 1
        assert later.lost <= 200


@given(st.integers(0, 0xFFFF), st.randoms(use_true_random=False), st.integers(1, 4))
def test_a_little_disorder_loses_nothing(first: int, dice: random.Random, swaps: int) -> None:
    """Each packet is at most `swaps` places away from its own."""
    numbers = sorted(range(first, first + 60), key=lambda number: number + dice.random() * swaps)
    buffer = Buffer(first)
    buffer.put(*numbers, after=0.02)
    buffer.wait(HOLD_SECONDS)
    assert [number for number, _ in buffer.order] == [number & 0xFFFF for number in range(first, first + 60)]
    assert buffer.counters.lost == buffer.counters.late == 0
