"""The check that work grows with its text and no faster: it sees the one kind, and lets the other pass."""

import time

import pytest

from tests.support.linear_time import assert_linear_time


def keep_busy(seconds: float) -> None:
    begun = time.thread_time()
    while time.thread_time() - begun < seconds:
        pass


def test_work_that_grows_with_the_square_is_seen() -> None:
    with pytest.raises(AssertionError, match="of which a quarter"):
        assert_linear_time(lambda text: keep_busy(0.1 * (len(text) / 400) ** 2), "ab", 400)


def test_linear_work_passes_though_the_machine_paused_once() -> None:
    pauses = iter([1.0])
    assert_linear_time(lambda text: keep_busy(0.12 * len(text) / 400 + next(pauses, 0.0)), "ab", 400)
