"""Each row of docs/measured.md's table of faults, for the assistant: production's patience, a process for each call."""

import asyncio
from collections.abc import Mapping

import pytest

from bench.faults.cases import CASES, FaultCase
from bench.faults.combined import combined
from bench.faults.fault_trial import try_all
from bench.faults.verdict import CallResult, Verdict
from bench.subjects.benched_bot import BenchedBot
from tests.support.quick_starts import bots_start_quickly

pytestmark = pytest.mark.timeout(900)

MOVING = 2
"""Frames that may be lost there: between the bot's move and the member's, nobody hears what is on its way."""
UNHEARABLE = {"all UDP lost for 2 s": 110, "moved to another channel": MOVING}
"""Frames that may be lost: what is sent while nothing arrives, or nobody is there, is gone, and nobody tells."""
COMBINED = [combined(seed) for seed in range(6)]
"""A few draws: `python -m bench.faults --combined 100` has more."""
AT_ONCE = 6
"""How many calls there are at a time, beside other tests: each waits for five sixths of the time."""


def name_of(case: FaultCase) -> str:
    """What the row is called."""
    return case.name.partition(":")[0]


@pytest.fixture(scope="module")
def verdicts(request: pytest.FixtureRequest) -> Mapping[str, Verdict]:
    """All rows that are asked for; most of each is waiting, so several are tried at a time."""
    asked = [item for item in request.session.items if isinstance(item, pytest.Function) and item.path == request.path]
    names = {getattr(item.callspec.params["case"], "name", "") for item in asked}
    cases = [case for case in (*CASES, *COMBINED) if case.name in names]
    with bots_start_quickly():
        results = asyncio.run(try_all(cases, [BenchedBot.ASSISTANT], AT_ONCE))
    return {verdict.fault: verdict for verdict in results}


@pytest.mark.parametrize("case", CASES, ids=name_of)
def test_the_row_holds(verdicts: Mapping[str, Verdict], case: FaultCase) -> None:
    verdict = verdicts[case.name]
    assert verdict.is_right, f"{verdict.result.value}: {verdict.notices}; {verdict.log}"
    assert verdict.turns_lost == 0
    assert verdict.doubled == 0
    assert verdict.sent_in_clear == 0
    if not case.should_end:
        assert verdict.lost <= UNHEARABLE.get(case.name, 0)


@pytest.mark.parametrize("case", [case for case in CASES if case.name == "voice close 4006"], ids=name_of)
def test_a_close_in_the_middle_of_speech_is_seen_and_recovered_from(
    verdicts: Mapping[str, Verdict], case: FaultCase
) -> None:
    verdict = verdicts[case.name]
    assert verdict.result is CallResult.RECOVERED, verdict
    assert verdict.silence is not None
    assert (verdict.lost, verdict.doubled, verdict.turns_lost, verdict.sent_in_clear) == (0, 0, 0, 0)


@pytest.mark.parametrize("case", COMBINED, ids=name_of)
def test_a_call_outlives_several_faults_at_once(verdicts: Mapping[str, Verdict], case: FaultCase) -> None:
    verdict = verdicts[case.name]
    assert verdict.is_right, f"{case.name}: {verdict.result.value}: {verdict.notices}; {verdict.log}"
    assert (verdict.turns_lost, verdict.doubled, verdict.sent_in_clear) == (0, 0, 0)
    assert verdict.lost <= (MOVING if "moved" in case.name else 0)
