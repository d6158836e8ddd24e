"""Each test is run once; most workers take them in their order, and one in five from the end."""

from collections.abc import Sequence
from types import SimpleNamespace

import pytest
from xdist.remote import Producer

from tests.support.both_ends import FromBothEnds

TESTS = [f"test_a.py::test_{number}" for number in range(40)]
SHARED = [f"test_b.py::test_{number}" for number in range(10)]


class Worker:
    """A worker that notes what it is given."""

    shutting_down = False

    def __init__(self, number: int) -> None:
        self.gateway = SimpleNamespace(id=f"gw{number}")
        self.given: list[int] = []

    def send_runtest_some(self, indices: Sequence[int]) -> None:
        self.given.extend(indices)

    def shutdown(self) -> None:
        self.shutting_down = True


def runs(workers: int, pytestconfig: pytest.Config, monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """What each of so many workers runs, one test after the other in turn."""
    monkeypatch.setattr(pytestconfig.option, "tx", [f"{workers}*popen"])
    monkeypatch.setattr(pytestconfig.option, "loadscopereorder", False)
    scheduler = FromBothEnds(pytestconfig, Producer("test"), together={"test_b.py"})
    nodes = [Worker(number) for number in range(workers)]
    for node in nodes:
        scheduler.add_node(node)
        scheduler.add_node_collection(node, [*TESTS, *SHARED])
    scheduler.schedule()
    done = [0] * workers
    while scheduler.has_pending:
        for number, node in enumerate(nodes):
            if done[number] < len(node.given):
                scheduler.mark_test_complete(node, node.given[done[number]])
                done[number] += 1
    return [[[*TESTS, *SHARED][index] for index in node.given] for node in nodes]


def test_one_worker_in_five_begins_at_the_end_and_each_test_is_run_once(
    pytestconfig: pytest.Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, *others = runs(5, pytestconfig, monkeypatch)
    assert sorted(each for ran in (first, *others) for each in ran) == sorted([*TESTS, *SHARED])
    assert first[:11] == [*SHARED, TESTS[-1]]
    assert all(ran == sorted(ran, key=TESTS.index) for ran in others)
    assert others[0][0] == TESTS[0]


def test_a_few_workers_take_all_in_their_order(pytestconfig: pytest.Config, monkeypatch: pytest.MonkeyPatch) -> None:
    ran = runs(4, pytestconfig, monkeypatch)
    assert sorted(each for its in ran for each in its) == sorted([*TESTS, *SHARED])
    assert [its[0] for its in ran] == TESTS[:4]
    [shared] = [its for its in ran if SHARED[0] in its]
    assert shared[-10:] == SHARED
