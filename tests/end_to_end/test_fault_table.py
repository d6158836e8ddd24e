"""Each row of docs/measured.md's table of faults, for the assistant: production's patience, a process for each call."""

import asyncio
from collections.abc import Mapping

import pytest

from bench.faults.cases import CASES, FaultCase
from bench.faults.combined import combined
from bench.faults.fault_trial import try_all
from bench.faults.verdict import CallResult, Verdict
from bench.subjects.benched_bot import BenchedBot

pytestmark = pytest.mark.alone

UNHEARABLE = {"all UDP lost for 2 s": 110}
"""Frames that may be lost: what is sent while nothing arrives is gone, and nobody tells."""


COMBINED = [combined(seed) for seed in range(6)]
"""A few draws: `python -m bench.faults --combined 100` has more."""
AT_ONCE = 14
"""How many calls there are at a time: both cores are busy then for two thirds of the time."""
MOVING = 2
"""Frames that may be lost there: between the bot's move and the member's, nobody hears what is on its way."""


@pytest.fixture(scope="module")
def verdicts() -> Mapping[str, Verdict]:
    """All rows; most of each is waiting, so several are tried at a time."""
    return {
        verdict.fault: verdict for verdict in asyncio.run(try_all([*CASES, *COMBINED], [BenchedBot.ASSISTANT], AT_ONCE))
    }


@pytest.mark.timeout(900)
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_row_holds(verdicts: Mapping[str, Verdict], case: FaultCase) -> None:
    verdict = verdicts[case.name]
    assert verdict.is_right, f"{verdict.result.value}: {verdict.notices}; {verdict.log}"
    assert verdict.turns_lost == 0
    assert verdict.doubled == 0
    assert verdict.sent_in_clear == 0
    if not case.should_end:
        assert verdict.lost <= UNHEARABLE.get(case.name, 0)


@pytest.mark.timeout(900)
def test_a_close_in_the_middle_of_speech_is_seen_and_recovered_from(verdicts: Mapping[str, Verdict]) -> None:
    verdict = verdicts["voice close 4006"]
    assert verdict.result is CallResult.RECOVERED, verdict
    assert verdict.silence is not None
    assert (verdict.lost, verdict.doubled, verdict.turns_lost, verdict.sent_in_clear) == (0, 0, 0, 0)


@pytest.mark.timeout(900)
@pytest.mark.parametrize("case", COMBINED, ids=lambda case: case.name.partition(":")[0])
def test_a_call_outlives_several_faults_at_once(verdicts: Mapping[str, Verdict], case: FaultCase) -> None:
    verdict = verdicts[case.name]
    assert verdict.is_right, f"{case.name}: {verdict.result.value}: {verdict.notices}; {verdict.log}"
    assert (verdict.turns_lost, verdict.doubled, verdict.sent_in_clear) == (0, 0, 0)
    assert verdict.lost <= (MOVING if "moved" in case.name else 0)
