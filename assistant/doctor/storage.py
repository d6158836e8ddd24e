"""Checks that the database opens."""

from sqlalchemy import make_url, text

from assistant.doctor.finding import Finding, failed, ok
from assistant.domain.errors import StorageTooNew, StorageUnavailable
from assistant.storage.database import Database
from assistant.storage.migrate import newest_revision


async def database_finding(url: str) -> Finding:
    """Open the database as a start does (which creates or migrates its tables) and run a query."""
    name = "database"
    try:
        async with Database(url) as database:
            await database.execute(text("SELECT 1"))
    except StorageUnavailable as error:
        return failed(
            name, f"{error.address}: {error.detail}", "Check DATABASE_URL, and that this machine may connect to it"
        )
    except StorageTooNew as error:
        return failed(name, str(error), "Run the newer version, or set DATABASE_URL to another database")
    address = make_url(url).set(query={}).render_as_string(hide_password=True)
    return ok(name, f"{address} opens; schema at revision {newest_revision()}")
