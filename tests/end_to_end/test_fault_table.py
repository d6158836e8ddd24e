"""Each row of docs/measured.md's table of faults, for the assistant: production's patience, a process for each call."""

import asyncio
from collections.abc import Mapping

import pytest

from bench.faults.__main__ import try_all
from bench.faults.cases import CASES, FaultCase
from bench.faults.outcome import Outcome

pytestmark = pytest.mark.alone

UNHEARABLE = {"all UDP lost for 2 s": 110}
"""Frames that may be lost: what is sent while nothing arrives is gone, and nobody tells."""


@pytest.fixture(scope="module")
def outcomes() -> Mapping[str, Outcome]:
    """All rows; most of each is waiting, so several are tried at a time."""
    return {outcome.fault: outcome for outcome in asyncio.run(try_all(CASES, ["assistant"]))}


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
