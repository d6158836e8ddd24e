"""What the database can do: be locked, be something else, or take connections and never answer."""

import asyncio
from collections.abc import Sequence
from contextlib import ExitStack
from typing import Final

from sqlalchemy import text

from bench.hostile.attack import Attack
from bench.hostile.freezable_relay import FreezableRelay
from bench.hostile.hostile_test_bed import HostileTestBed
from tests.support.held_database import held_transaction
from tests.support.postgresql import a_database, a_server

_SECONDS: Final = 10.0


async def _ask_meanwhile(bed: HostileTestBed) -> None:
    await bed.ask(bed.ada, "Where are the ships?", "The ships are at home.")
    await asyncio.sleep(_SECONDS)


async def _lock_file(bed: HostileTestBed) -> None:
    async with held_transaction(f"sqlite:///{bed.folder}/assistant.db"):
        await _ask_meanwhile(bed)


async def _take_away(bed: HostileTestBed) -> None:
    """Its folder can't be written, and what is there is no database."""
    file = bed.folder / "assistant.db"
    content = file.read_bytes()
    file.write_bytes(b"This is no database. " * 100)
    await _ask_meanwhile(bed)
    file.write_bytes(content)


async def _use_postgresql(bed: HostileTestBed) -> None:
    """Let the bot keep its calls on a PostgreSQL server, behind a relay."""
    server = ExitStack()
    bed.stack.push_async_callback(asyncio.to_thread, server.close)
    url = await asyncio.to_thread(server.enter_context, a_server())
    bed.database_url = await bed.stack.enter_async_context(a_database(url))
    bed.relay = await bed.stack.enter_async_context(FreezableRelay(bed.database_url))
    bed.environment["DATABASE_URL"] = bed.relay.url


async def _lock_tables(bed: HostileTestBed) -> None:
    async with held_transaction(bed.database_url) as held:
        await held(lambda connection: connection.execute(text("LOCK TABLE processes, shards, calls, questions")))
        await _ask_meanwhile(bed)


async def _never_answer(bed: HostileTestBed) -> None:
    assert bed.relay is not None
    bed.relay.freeze()
    await _ask_meanwhile(bed)
    bed.relay.thaw()


DATABASE_ATTACKS: Final[Sequence[Attack]] = (
    Attack(
        name="database locked",
        sent=f"a transaction that nobody else gets past, for {_SECONDS:g} s",
        act=_lock_file,
    ),
    Attack(
        name="database overwritten",
        sent=f"other bytes in its file, for {_SECONDS:g} s",
        act=_take_away,
    ),
    Attack(
        name="PostgreSQL, tables locked",
        sent=f"LOCK TABLE on all that the bot uses, for {_SECONDS:g} s",
        act=_lock_tables,
        prepare=_use_postgresql,
    ),
    Attack(
        name="PostgreSQL, never answers",
        sent=f"connections and queries are taken, and nothing comes back, for {_SECONDS:g} s",
        act=_never_answer,
        prepare=_use_postgresql,
    ),
)
"""In the order of the table."""
