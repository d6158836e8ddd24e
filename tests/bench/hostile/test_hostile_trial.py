"""The quick attacks, each as a whole call with the program that ships. `python -m bench.hostile` has the others."""

import pytest

from bench.hostile.all_attacks import ATTACKS
from bench.hostile.attack import Attack
from bench.hostile.hostile_row import MOST_MEGABYTES
from bench.hostile.hostile_trial import try_attack

QUICK = [attack for attack in ATTACKS if attack.is_quick]


@pytest.mark.timeout(180)
@pytest.mark.parametrize("attack", QUICK, ids=lambda attack: attack.name)
async def test_memory_holds_each_turn_has_its_text_and_the_other_member_an_answer(attack: Attack) -> None:
    row = await try_attack(attack)
    assert row.peak_megabytes < MOST_MEGABYTES
    assert row.textless == 0
    assert not row.complaint
    assert row.turns > 0
    assert row.late is not None, "the other member's answer did not come"
    assert row.late < 15, "several times the target: the machine may be busy with other tests"


def test_no_two_attacks_have_one_name() -> None:
    assert len({attack.name for attack in ATTACKS}) == len(ATTACKS)
