"""The order of the tests."""

import pytest


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whole calls first, for they wait: with several workers the rest fills that time, and none is left with a call."""
    items.sort(key=lambda item: "end_to_end" not in item.path.parts)
