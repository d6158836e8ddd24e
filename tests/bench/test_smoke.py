"""The benchmarks of scale in their quick form: they work, and nothing in them is out of all proportion."""

import pytest

from bench.common.frame_pacing import Pacing
from bench.playout.player_kind import PlayerKind
from bench.playout.playout_trial import try_player
from bench.scale.heard_trial import try_heard
from bench.scale.scale_trial import QUICK, try_assistant

pytestmark = pytest.mark.alone


def is_speech(pacing: Pacing, *, seconds: float) -> bool:
    """Whether frames came at about their pace, on a machine that may be busy with other tests."""
    return pacing.frames >= seconds / 0.02 * 0.9 and 0.015 < pacing.p50 < 0.025


async def test_ten_calls_of_one_frame_clock_cost_less_than_ten_processes_of_one_call() -> None:
    one, ten = await try_player(PlayerKind.CLOCK, quick=True)
    assert (one.calls, ten.calls) == (1, 10)
    assert is_speech(one.pacing, seconds=3)
    assert is_speech(ten.pacing, seconds=30)
    assert ten.cores < 10 * max(one.cores, 0.01)


async def test_the_assistant_speaks_in_three_calls_at_once_and_is_measured() -> None:
    nothing, (row,) = await try_assistant([3], QUICK, short=True)
    assert row.calls == 3
    for speaking in (row.same, row.fresh):
        assert is_speech(speaking.pacing, seconds=3)
        assert 0 < speaking.first_audio_p50 <= speaking.first_audio_p95 < 20
        assert speaking.lag is not None
        assert speaking.lag.count > 100
    assert row.same.first_audio_p50 < row.fresh.first_audio_p50
    assert nothing.resident_bytes < row.fresh.resident_bytes < 2 * nothing.resident_bytes


async def test_members_speak_in_two_calls_at_once_and_each_question_is_answered() -> None:
    (row,) = await try_heard([2], QUICK, short=True)
    assert (row.calls, row.answered) == (2, row.asked)
    assert row.asked >= 2
    assert 0.5 < row.wait_p50 <= row.wait_p95 < 20
    assert row.recognized >= row.asked
    assert "committed" in row.steps
    assert 0 <= row.voices_late_p99 <= row.voices_late_most < 1
