from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from assistant.storage.database import Database
from assistant.storage.preference_store import PreferenceStore
from tests.support.empty_database import make_empty_database
from tests.support.postgresql import a_database


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """The address of a file that is not there yet, nor its folder."""
    return f"sqlite:///{tmp_path}/data/assistant.db"


@pytest.fixture(params=["sqlite", "postgresql"])
def bare_url(request: pytest.FixtureRequest) -> str:
    """The address of a database of each kind in which there is nothing, not even tables."""
    address: str = request.getfixturevalue(f"{request.param}_url")
    return address


@pytest.fixture
def sqlite_url_with_tables(tmp_path: Path) -> str:
    """The address of a file with all tables."""
    make_empty_database(tmp_path / "assistant.db")
    return f"sqlite:///{tmp_path}/assistant.db"


@pytest.fixture
async def postgresql_url_with_tables(postgresql_server: str, postgresql_template: str) -> AsyncIterator[str]:
    """The address of a database with all tables."""
    async with a_database(postgresql_server, template=postgresql_template) as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest) -> str:
    """The address of a database of each kind, with all tables and nothing in them."""
    address: str = request.getfixturevalue(f"{request.param}_url_with_tables")
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
