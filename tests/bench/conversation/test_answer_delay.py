"""How soon an answer begins, and by whom it is asked."""

import math
import sys
from pathlib import Path

import numpy as np
import pytest

from bench.conversation.answer_delay import AnswerDelay, delay_figures
from bench.conversation.latency_trial import quick_voice
from bench.conversation.rivals.rival_order import RivalOrder, RivalTurn
from bench.conversation.rivals.rival_trial import Rival, RivalFailed, rival_delays


def test_an_answer_counts_from_the_last_voice() -> None:
    assert AnswerDelay.of([3.0, 3.02], 1.5) == AnswerDelay(1.5, is_early=False)
    assert AnswerDelay.of([1.0, 3.0], 1.5) == AnswerDelay(1.5, is_early=True)
    assert AnswerDelay.of([], 1.5) == AnswerDelay(None, is_early=False)


def test_what_is_answered_too_early_or_never_is_counted_apart() -> None:
    delays = [AnswerDelay(1.0, is_early=False), AnswerDelay(0.1, is_early=True), AnswerDelay(None, is_early=False)]
    median, most, count = delay_figures("it", delays, 1.2, 0.9)
    assert (median.value, median.holds, most.value, most.holds) == ("1.00 s", True, "1.00 s", False)
    assert count.value == "3, 1, 1"


def test_who_answers_nothing_is_infinitely_late() -> None:
    median, *_ = delay_figures("it", [AnswerDelay(None, is_early=False)], 1.2, 1.5)
    assert median.holds is False
    assert str(math.inf) in median.value


def test_a_rival_is_told_and_tells_in_lines() -> None:
    order, turn = RivalOrder("m", "s", ["python", "w"], ["a", "b"]), RivalTurn("Is it late?\nYes.", [0.1, 2.0])
    assert order.to_line().count("\n") == turn.to_line().count("\n") == 1
    assert RivalOrder.of_line(order.to_line()) == order
    assert RivalTurn.of_line(turn.to_line()) == turn


async def test_a_rival_that_is_not_installed_is_named() -> None:
    spoken = [(np.zeros(1600, np.float32), 0.1)]
    with pytest.raises(RivalFailed, match=r"(?s)livekit has heard 0 of 1.*No module named 'livekit'"):
        await rival_delays(Rival.LIVEKIT, Path(sys.executable), spoken, quick_voice)
