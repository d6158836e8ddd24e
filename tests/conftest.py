"""The order of the tests."""

import pytest


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What may take longest comes first, then whole calls, which wait: the rest fills that time, and the end is even.

    How long a test may take is what its `timeout` mark says. Several workers take the tests in this order; those of an
    `xdist_group`, which share what is expensive to make, go to one of them.
    """
    items.sort(key=_rank)


def _rank(item: pytest.Item) -> tuple[float, bool, bool]:
    is_alone = item.get_closest_marker("xdist_group") is None
    return -_seconds_allowed(item), is_alone, "end_to_end" not in item.path.parts


def _seconds_allowed(item: pytest.Item) -> float:
    """The test's own timeout; 0 where it has that of all tests."""
    mark = item.get_closest_marker("timeout")
    return float(mark.args[0]) if mark is not None else 0.0
