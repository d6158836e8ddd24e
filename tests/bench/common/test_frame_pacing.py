import struct

import pytest

from bench.common.frame_pacing import Pacing, Stretch, pacing_of, passes, percentile
from sandbox.voice import HeaderLog

SILENCE_BYTES = 35
SPEECH_BYTES = 180


def stretch(*arrivals: float, first: int = 0) -> Stretch:
    return Stretch(arrivals, [(first + index) & 0xFFFF for index in range(len(arrivals))])


def log_of(*packets: tuple[float, int]) -> HeaderLog:
    """Packets as pairs of arrival and size."""
    log = HeaderLog()
    for number, (arrival, size) in enumerate(packets):
        log.append(struct.pack(">BBHII", 0x80, 0x78, number, number * 960, 7).ljust(size, b"\0"), arrival)
    return log


def pacing(p99: float) -> Pacing:
    return Pacing(frames=100, p50=0.02, p99=p99, longest=p99, holes=0, first=0.02, lost=0)


def test_an_answer_reaches_from_its_first_speech_to_its_last_and_holds_the_silence_between() -> None:
    sizes = (SILENCE_BYTES, SPEECH_BYTES, SILENCE_BYTES, SPEECH_BYTES, SILENCE_BYTES)
    log = log_of(*((index * 0.02, size) for index, size in enumerate(sizes)))
    assert list(Stretch.of(log, 0).sequences) == [1, 2, 3]
    assert list(Stretch.of(log, 2).sequences) == [3]
    assert list(Stretch.of(log, 0, 2).sequences) == [1]


def test_silence_alone_is_no_answer() -> None:
    assert not Stretch.of(log_of((0.0, SILENCE_BYTES)), 0).arrivals
    assert not Stretch.of(HeaderLog(), 0).arrivals


def test_a_distance_over_a_lost_packet_is_not_counted_and_the_packet_is() -> None:
    lossy = Stretch([0.0, 0.02, 0.06, 0.08], [65534, 65535, 1, 2])
    summed = pacing_of([lossy])
    assert lossy.distances == pytest.approx([0.02, 0.02])
    assert (summed.lost, summed.holes, summed.frames) == (1, 0, 4)


def test_distances_between_answers_are_not_counted() -> None:
    summed = pacing_of([stretch(0.0, 0.02, 0.04), stretch(5.0, 5.02)])
    assert summed.longest == pytest.approx(0.02)
    assert summed.frames == 5


def test_a_hole_is_a_distance_over_40_ms() -> None:
    summed = pacing_of([stretch(0.0, 0.039, 0.1, 0.12)])
    assert summed.holes == 1
    assert summed.longest == pytest.approx(0.061)


def test_the_first_distance_is_the_longest_of_those_that_begin_an_answer() -> None:
    assert pacing_of([stretch(0.0, 0.02, 0.09), stretch(1.0, 1.04, 1.06)]).first == pytest.approx(0.04)


def test_nothing_heard_is_no_pacing() -> None:
    assert pacing_of([]) == Pacing(frames=0, p50=0, p99=0, longest=0, holes=0, first=0, lost=0)


def test_a_percentile_is_one_of_the_values() -> None:
    assert percentile(range(1, 101), 99) == 99
    assert percentile([7.0], 50) == 7.0
    assert percentile([1.0, 2.0], 50) == 1.0


def test_the_number_of_calls_that_passes_the_limit_is_named() -> None:
    rows = [(1, pacing(0.020)), (50, pacing(0.025)), (100, pacing(0.026)), (200, pacing(0.021))]
    assert passes(0.025, rows) == "between 50 and 100 calls"
    assert passes(0.025, rows[:2]) == "not with 50 calls"
    assert passes(0.025, rows[2:]) == "already with 100 calls"
    assert passes(0.025, rows[:1]) == "not with 1 call"
