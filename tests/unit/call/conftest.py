import pytest

from tests.unit.call.registry_fakes import FakeSession


@pytest.fixture(autouse=True)
def sessions() -> list[FakeSession]:
    """All sessions that are made."""
    FakeSession.made = []
    return FakeSession.made
