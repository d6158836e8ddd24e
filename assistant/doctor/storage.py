"""Whether the database opens."""

from sqlalchemy import make_url, text

from assistant.doctor.finding import Finding, right, wrong
from assistant.domain.errors import StorageUnavailable
from assistant.storage.database import Database
from assistant.storage.migrate import newest_revision


async def database_finding(url: str) -> Finding:
    """Open it as the start does, which makes its tables or brings them up to date, and ask it something."""
    name = "database"
    try:
        async with Database(url) as database:
            await database.execute(text("SELECT 1"))
    except StorageUnavailable as error:
        return wrong(name, f"{error.address}: {error.detail}", "Check DATABASE_URL, and that it may be used from here")
    address = make_url(url).set(query={}).render_as_string(hide_password=True)
    return right(name, f"{address} opens, its tables are at revision {newest_revision()}")
