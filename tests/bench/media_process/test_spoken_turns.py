import struct

from bench.media_process.spoken_turns import Distances, turns_in
from sandbox.voice import HeaderLog
from sandbox.voice.rtp import SEALED_SILENCE_BYTES

_SPEECH_BYTES = 200


def log_of(*packets: tuple[float, int, bool]) -> HeaderLog:
    """Packets: when they came, their numbers, and whether they are speech."""
    log = HeaderLog()
    for arrival, sequence, is_speech in packets:
        size = _SPEECH_BYTES if is_speech else SEALED_SILENCE_BYTES
        log.append(struct.pack(">BBHII", 0x80, 0x78, sequence, 0, 1).ljust(size, b"\0"), arrival)
    return log


def stretch(first: int, *words: bool, at: float = 100.0) -> list[tuple[float, int, bool]]:
    return [(at + index * 0.02, first + index, word) for index, word in enumerate(words)]


def test_a_turn_ends_with_five_silence_frames() -> None:
    log = log_of(
        *stretch(0, True, True, *[False] * 5),
        *stretch(7, True, True, True, *[False] * 5, at=107.0),
    )
    assert [len(turn.arrivals) for turn in turns_in(log, 0)] == [2, 3]


def test_silence_within_a_turn_belongs_to_it() -> None:
    log = log_of(*stretch(0, True, False, False, False, False, True))
    assert [len(turn.arrivals) for turn in turns_in(log, 0)] == [6]


def test_what_came_before_the_mark_is_left_out() -> None:
    log = log_of(*stretch(0, *[True] * 10))
    assert [len(turn.arrivals) for turn in turns_in(log, 4)] == [6]


def test_the_distance_around_a_lost_frame_is_not_known() -> None:
    log = log_of((100.0, 65534, True), (100.02, 65535, True), (100.06, 1, True), (100.08, 2, True))
    assert Distances.of(turns_in(log, 0)).counts == {200: 2}


def test_seconds_in_which_the_machine_was_busy_are_left_out() -> None:
    log = log_of(*stretch(0, *[True] * 150, at=100.0))
    assert Distances.of(turns_in(log, 0)).total == 149
    assert Distances.of(turns_in(log, 0), {101}).total == 98  # 50 in it, and the one that leads into it


def test_the_percentile_is_the_distance_that_so_many_do_not_exceed() -> None:
    distances = Distances.sum_of([Distances.of(()), *[_one_of(0.02)] * 98, *[_one_of(0.05)] * 2])
    assert distances.percentile(50) == 0.02
    assert distances.percentile(98) == 0.02
    assert distances.percentile(99) == 0.05 == distances.longest
    assert distances.share(0.04, 1.0) == 0.02


def _one_of(seconds: float) -> Distances:
    return Distances.of(turns_in(log_of((100.0, 0, True), (100.0 + seconds, 1, True)), 0))
