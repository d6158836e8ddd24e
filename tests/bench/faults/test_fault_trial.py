"""The benchmark itself, on the bot that ships."""

import pytest

from bench.faults.cases import FaultCase
from bench.faults.fault_trial import try_fault
from bench.faults.injections import closes
from bench.faults.verdict import CallResult
from bench.subjects.benched_bot import BenchedBot


@pytest.mark.alone  # on a busy machine a frame that leaves while the connection is lost may be lost too
async def test_a_close_in_the_middle_of_speech_is_seen_and_recovered_from() -> None:
    verdict = await try_fault(FaultCase(name="close", fault=closes(4006)), BenchedBot.ASSISTANT)
    assert verdict.result is CallResult.RECOVERED, verdict
    assert verdict.silence is not None
    assert (verdict.lost, verdict.doubled, verdict.turns_lost, verdict.sent_in_clear) == (0, 0, 0, 0)


async def test_a_close_that_is_meant_to_end_the_call_is_told() -> None:
    verdict = await try_fault(FaultCase(name="close", fault=closes(4022), should_end=True), BenchedBot.ASSISTANT)
    assert verdict.result is CallResult.ENDED, verdict
    assert verdict.is_right
