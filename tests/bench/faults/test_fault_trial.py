"""The benchmark itself, on the bot that ships."""

import pytest

from bench.faults.cases import FaultCase
from bench.faults.fault_trial import try_fault
from bench.faults.injections import closes
from bench.faults.verdict import State


@pytest.mark.alone  # on a busy machine a frame that leaves while the connection is lost may be lost too
async def test_a_close_in_the_middle_of_speech_is_seen_and_recovered_from() -> None:
    outcome = await try_fault(FaultCase(name="close", fault=closes(4006)), "assistant")
    assert outcome.state is State.RECOVERED, outcome
    assert outcome.silence is not None
    assert (outcome.lost, outcome.doubled, outcome.turns_lost, outcome.sent_in_clear) == (0, 0, 0, 0)


async def test_a_close_that_is_meant_to_end_the_call_is_told() -> None:
    outcome = await try_fault(FaultCase(name="close", fault=closes(4022), should_end=True), "assistant")
    assert outcome.state is State.ENDED, outcome
    assert outcome.as_it_should
