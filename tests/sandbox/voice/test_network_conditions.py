"""What a network does to packets is what was ordered, each time the same."""

from itertools import groupby, pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.voice import NetworkConditions
from sandbox.voice.network_conditions import NetworkPath

FRAME = 0.02
FRACTIONS = st.floats(0, 1)
TIMES = st.floats(0, 0.5)


def courses(conditions: NetworkConditions, count: int) -> list[list[float]]:
    path = NetworkPath(conditions)
    return [path.arrivals(index * FRAME) for index in range(count)]


@pytest.mark.parametrize("burst", [1.0, 2.0, 3.0])
@pytest.mark.parametrize("loss", [0.05, 0.18, 0.5])
def test_as_many_are_lost_as_ordered_and_about_so_many_in_a_row(loss: float, burst: float) -> None:
    lost = [arrivals == [] for arrivals in courses(NetworkConditions(loss=loss, burst=burst, seed=5), 20_000)]
    assert sum(lost) / len(lost) == pytest.approx(loss, rel=0.1)
    runs = [len(list(run)) for is_lost, run in groupby(lost) if is_lost]
    alone = 1 / (1 - loss)  # what independent losses have by chance
    assert burst * 0.9 < sum(runs) / len(runs) < burst * alone * 1.2


def test_all_and_nothing() -> None:
    assert courses(NetworkConditions(loss=1.0), 50) == [[]] * 50
    assert courses(NetworkConditions(), 50) == [[pytest.approx(index * FRAME)] for index in range(50)]
    assert all(len(arrivals) == 2 for arrivals in courses(NetworkConditions(duplicate=1.0), 50))


@given(
    st.builds(NetworkConditions, loss=FRACTIONS, duplicate=FRACTIONS, delay=TIMES, jitter=TIMES, seed=st.integers(0, 9))
)
def test_nothing_arrives_before_its_time_and_jitter_alone_lets_nothing_overtake(conditions: NetworkConditions) -> None:
    course = courses(conditions, 30)
    assert course == courses(conditions, 30)
    firsts = []
    for index, arrivals in enumerate(course):
        earliest = index * FRAME + conditions.delay
        assert all(arrival >= earliest - 1e-9 for arrival in arrivals)
        firsts += arrivals[:1]
    assert all(earlier < later for earlier, later in pairwise(firsts))


def test_what_is_out_of_order_is_overtaken_by_one_or_two() -> None:
    firsts = [arrivals[0] for arrivals in courses(NetworkConditions(reorder=0.05, seed=2), 2000)]
    behind = [sum(later < arrival for later in firsts[index + 1 :]) for index, arrival in enumerate(firsts)]
    assert set(behind) == {0, 1, 2}
    assert sum(map(bool, behind)) / len(behind) == pytest.approx(0.05, abs=0.02)


@pytest.mark.parametrize("wrong", [{"loss": 1.1}, {"duplicate": -0.1}, {"reorder": 2}, {"jitter": -1}, {"burst": 0.5}])
def test_what_cannot_be_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=next(iter(wrong))):
        NetworkConditions(**wrong)
