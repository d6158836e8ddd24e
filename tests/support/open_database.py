"""A process that opens the database of argv[1]: it says "ready", and begins when it is told anything."""

import asyncio
import sys

from alembic import command  # noqa: F401 - imported beforehand, so that all begin at the same moment

from assistant.storage.database import Database


async def main() -> None:
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    async with Database(sys.argv[1]):
        pass


if __name__ == "__main__":
    asyncio.run(main())
