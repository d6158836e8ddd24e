"""Each row of docs/measured.md's table of faults, for the assistant: production's patience, a process for each call."""

import asyncio
from collections.abc import Mapping

import pytest

from bench.faults.__main__ import try_all
from bench.faults.cases import CASES, FaultCase
from bench.faults.combined import combined
from bench.faults.verdict import Outcome

pytestmark = pytest.mark.alone

UNHEARABLE = {"all UDP lost for 2 s": 110}
"""Frames that may be lost: what is sent while nothing arrives is gone, and nobody tells."""


COMBINED = [combined(seed) for seed in range(10)]
MOVING = 2
"""Frames that may be lost there: between the bot's move and the member's, nobody hears what is on its way."""


@pytest.fixture(scope="module")
def outcomes() -> Mapping[str, Outcome]:
    """All rows; most of each is waiting, so several are tried at a time."""
    return {outcome.fault: outcome for outcome in asyncio.run(try_all([*CASES, *COMBINED], ["assistant"]))}


@pytest.mark.timeout(900)
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_row_holds(outcomes: Mapping[str, Outcome], case: FaultCase) -> None:
    outcome = outcomes[case.name]
    assert outcome.as_it_should, f"{outcome.state.value}: {outcome.told}; {outcome.log}"
    assert outcome.turns_lost == 0
    assert outcome.doubled == 0
    assert outcome.sent_in_clear == 0
    if not case.should_end:
        assert outcome.lost <= UNHEARABLE.get(case.name, 0)


@pytest.mark.timeout(900)
@pytest.mark.parametrize("case", COMBINED, ids=lambda case: case.name.partition(":")[0])
def test_a_call_outlives_several_faults_at_once(outcomes: Mapping[str, Outcome], case: FaultCase) -> None:
    outcome = outcomes[case.name]
    assert outcome.as_it_should, f"{case.name}: {outcome.state.value}: {outcome.told}; {outcome.log}"
    assert (outcome.turns_lost, outcome.doubled, outcome.sent_in_clear) == (0, 0, 0)
    assert outcome.lost <= (MOVING if "moved" in case.name else 0)
