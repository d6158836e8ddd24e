from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from assistant.storage.database import Database
from assistant.storage.preference_store import PreferenceStore


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """The address of a file that is not there yet, nor its folder."""
    return f"sqlite:///{tmp_path}/data/assistant.db"


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest) -> str:
    """The address of an empty database of each kind."""
    address: str = request.getfixturevalue(f"{request.param}_url")
    return address


@pytest.fixture
async def database(url: str) -> AsyncIterator[Database]:
    """An open database of each kind."""
    async with Database(url) as database:
        yield database


@pytest.fixture
def store(database: Database) -> PreferenceStore:
    """An empty store in a database of each kind."""
    return PreferenceStore(database)
