"""The quick attacks, each as a whole call with the program that ships. `python -m bench.hostile` has the others."""

import asyncio
from collections.abc import Mapping

import pytest

from bench.hostile.all_attacks import ATTACKS
from bench.hostile.hostile_row import MOST_MEGABYTES, HostileRow
from bench.hostile.hostile_trial import try_attacks
from tests.support.quick_starts import bots_start_quickly

QUICK = [attack for attack in ATTACKS if attack.is_quick]
AT_ONCE = 6
"""Most of a row is waiting: for speech, for time-outs, for the process to start."""

pytestmark = pytest.mark.timeout(300)


@pytest.fixture(scope="module")
def rows() -> Mapping[str, HostileRow]:
    """What came of each."""
    with bots_start_quickly():
        return {row.attack: row for row in asyncio.run(try_attacks(QUICK, AT_ONCE))}


@pytest.mark.parametrize("name", [attack.name for attack in QUICK])
def test_memory_holds_each_turn_has_its_text_and_the_other_member_an_answer(
    rows: Mapping[str, HostileRow], name: str
) -> None:
    row = rows[name]
    assert row.peak_megabytes < MOST_MEGABYTES
    assert row.textless == 0
    assert not row.complaint
    assert row.turns > 0
    assert row.late is not None, "the other member's answer did not come"
    assert row.late < 15, "several times the target: the machine may be busy with other tests"


def test_no_two_attacks_have_one_name() -> None:
    assert len({attack.name for attack in ATTACKS}) == len(ATTACKS)
