import threading
import time

import pytest

from assistant.audio.frame_clock import FrameClock
from assistant.audio.opus import FRAME_SECONDS
from tests.support.fake_pacing import FakePacing


class Counting:
    """Ticks a given number of times."""

    def __init__(self, ticks: int) -> None:
        self.left = ticks
        self.times: list[float] = []
        self.done = threading.Event()

    def tick(self, *, is_due: bool) -> bool:
        self.times.append(time.perf_counter())
        self.left -= 1
        if not self.left:
            self.done.set()
        return self.left > 0


class Broken:
    def tick(self, *, is_due: bool) -> bool:
        raise RuntimeError("this call cannot be played")


@pytest.mark.alone
def test_players_are_ticked_every_twenty_milliseconds_without_drift() -> None:
    player = Counting(50)
    with FrameClock(FakePacing()) as clock:
        clock.add(player)
        assert player.done.wait(10)
    taken = player.times[-1] - player.times[0]
    assert taken == pytest.approx(49 * FRAME_SECONDS, rel=0.2)


def test_a_player_that_says_it_is_done_is_left_alone() -> None:
    one, other = Counting(2), Counting(10)
    with FrameClock(FakePacing()) as clock:
        clock.add(one)
        clock.add(other)
        assert other.done.wait(10)
    assert len(one.times) == 2


def test_a_broken_player_does_not_silence_the_others(caplog: pytest.LogCaptureFixture) -> None:
    player = Counting(5)
    with FrameClock(FakePacing()) as clock:
        clock.add(Broken())
        clock.add(player)
        assert player.done.wait(10)
    assert caplog.text.count("Playback in a call is given up after an error") == 1


def test_a_clock_that_has_slept_goes_on_without_a_burst() -> None:
    with FrameClock(FakePacing()) as clock:
        first = Counting(1)
        clock.add(first)
        assert first.done.wait(10)
        time.sleep(0.3)
        second = Counting(3)
        clock.add(second)
        assert second.done.wait(10)
    assert second.times[-1] - second.times[0] > FRAME_SECONDS


def test_leaving_the_clock_ends_its_thread() -> None:
    with FrameClock(FakePacing()) as clock:
        clock.add(Counting(1000))
    assert "frame-clock" not in {thread.name for thread in threading.enumerate()}
