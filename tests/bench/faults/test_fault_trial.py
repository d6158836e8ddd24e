"""The benchmark itself, on the bot that ships; tests/end_to_end/test_fault_table.py has the whole table."""

from bench.faults.cases import FaultCase
from bench.faults.fault_trial import try_fault
from bench.faults.injections import closes
from bench.faults.verdict import CallResult
from bench.subjects.benched_bot import BenchedBot


async def test_a_close_that_is_meant_to_end_the_call_is_told() -> None:
    verdict = await try_fault(FaultCase(name="close", fault=closes(4022), should_end=True), BenchedBot.ASSISTANT)
    assert verdict.result is CallResult.ENDED, verdict
    assert verdict.is_right
