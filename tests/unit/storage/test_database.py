import asyncio
import sys
import threading
from contextlib import AsyncExitStack
from pathlib import Path

import psutil
import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, delete, inspect, make_url, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import create_async_engine

from assistant.config.database_url import read_database_url
from assistant.domain.errors import StorageTooNew, StorageUnavailable
from assistant.storage.database import Database
from assistant.storage.migrate import alembic_config, newest_revision
from assistant.storage.sql_engine import make_engine
from assistant.storage.sqlite import prepare_place
from assistant.storage.tables import METADATA, PROCESSES
from assistant.storage.write_behind import WriteBehind
from assistant.util.env_reader import EnvReader
from tests.support.eventually import eventually
from tests.support.held_database import held_transaction

PROJECT = Path(__file__).parents[3]
NEWEST = newest_revision()


async def run(*arguments: str, **environment: str) -> str:
    """What `python …` prints, which must succeed, in the project's folder."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *arguments,
        env=environment,
        cwd=PROJECT,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    output, _ = await process.communicate()
    assert process.returncode == 0, output.decode()
    return output.decode()


async def tables_of(url: str) -> set[str]:
    """The names of the tables, looked up without anything being upgraded."""
    engine = make_engine(make_url(url))
    names = await engine.run(lambda connection: inspect(connection).get_table_names())
    await engine.dispose()
    return set(names)


async def revisions_of(database: Database) -> list[str]:
    versions = text("SELECT version_num FROM alembic_version")
    return await database.run(lambda connection: list(connection.execute(versions).scalars()))


async def test_an_empty_database_is_brought_to_the_newest_revision(bare_url: str) -> None:
    async with Database(bare_url) as database:
        assert await revisions_of(database) == [NEWEST]
    assert await tables_of(bare_url) == {*METADATA.tables, "alembic_version"}


def test_the_newest_file_is_alembics_newest_revision() -> None:
    assert ScriptDirectory.from_config(alembic_config()).get_heads() == [newest_revision()]


async def test_a_database_at_the_newest_revision_stays_as_it_is(bare_url: str) -> None:
    for _ in range(2):
        async with Database(bare_url) as database:
            assert await revisions_of(database) == [NEWEST]


async def test_alembic_takes_no_memory_where_no_old_tables_are_to_be_changed(bare_url: str) -> None:
    program = f"""if True:
        import asyncio, sys
        from assistant.storage.database import Database

        async def main():
            for when in ("empty", "at the newest revision"):
                async with Database({bare_url!r}):
                    print("alembic" in sys.modules)

        asyncio.run(main())"""
    assert await run("-c", program) == "False\nFalse\n"


def migrate(connection: Connection) -> None:
    """Bring a database to the newest revision by Alembic alone, from the first one on."""
    config = alembic_config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def schema_of(connection: Connection) -> dict[str, list[str]]:
    """What each table has."""
    tables = inspect(connection)
    return {
        name: sorted(
            map(
                repr,
                (
                    *tables.get_columns(name),
                    tables.get_pk_constraint(name),
                    *tables.get_foreign_keys(name),
                    *tables.get_indexes(name),
                    *tables.get_unique_constraints(name),
                    *tables.get_check_constraints(name),
                ),
            )
        )
        for name in tables.get_table_names()
    }


async def test_a_new_database_has_the_tables_that_the_migrations_make(bare_url: str) -> None:
    def differences(connection: Connection) -> list[object]:
        return list(compare_metadata(MigrationContext.configure(connection), METADATA))

    prepare_place(make_url(bare_url))
    engine = make_engine(make_url(bare_url))
    await engine.run(migrate)
    assert await engine.run(differences) == []
    migrated = await engine.run(schema_of)
    await engine.run(lambda connection: [connection.execute(text(f"DROP TABLE {name}")) for name in dropped(migrated)])
    await engine.dispose()
    async with Database(bare_url) as database:
        assert await database.run(schema_of) == migrated


def dropped(schema: dict[str, list[str]]) -> list[str]:
    """The tables in an order in which they can be dropped."""
    return sorted(schema, key=lambda name: "referred_table" not in "".join(schema[name]))


async def test_processes_that_start_at_the_same_time_all_get_the_database(bare_url: str) -> None:
    program = str(Path(__file__).parents[2] / "support" / "open_database.py")
    processes = [
        await asyncio.create_subprocess_exec(
            sys.executable,
            program,
            bare_url,
            env={"PYTHONPATH": str(PROJECT)},
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        for _ in range(4)
    ]
    for process in processes:
        assert process.stdout is not None
        assert await process.stdout.readline() == b"ready\n"
    outputs = await asyncio.gather(*(process.communicate(b"go\n") for process in processes))
    assert [process.returncode for process in processes] == [0] * len(processes), outputs
    async with Database(bare_url) as database:
        assert await revisions_of(database) == [NEWEST]


async def test_an_upgrade_that_fails_leaves_the_database_as_it_was(bare_url: str) -> None:
    address = make_url(bare_url)
    if address.database and address.get_backend_name() == "sqlite":
        Path(address.database).parent.mkdir()
    async with held_transaction(bare_url) as held:
        theirs = text("CREATE TABLE member_preferences (of_somebody_else INTEGER)")
        await held(lambda connection: connection.execute(theirs).close())
    with pytest.raises(StorageUnavailable, match="member_preferences"):
        await Database(bare_url).__aenter__()
    assert await tables_of(bare_url) == {"member_preferences"}


async def test_a_database_of_a_newer_program_is_not_touched(bare_url: str) -> None:
    async with Database(bare_url) as database:
        await database.execute(text("UPDATE alembic_version SET version_num = 'from-the-future'"))
    with pytest.raises(StorageTooNew, match=f"is at revision from-the-future, .* none newer than {NEWEST}"):
        await Database(bare_url).__aenter__()


async def test_a_database_that_hangs_holds_up_neither_those_who_write_nor_the_end(bare_url: str) -> None:
    time = asyncio.get_running_loop().time
    async with AsyncExitStack() as stack:
        database = Database(bare_url)
        await database.__aenter__()
        held = await stack.enter_async_context(held_transaction(bare_url))
        if database.dialect == "postgresql":  # in SQLite, a transaction has the file for itself
            await held(lambda connection: connection.execute(text("LOCK TABLE processes")))
        began = time()
        async with WriteBehind() as writes:
            for _ in range(20):
                await writes.write(1, lambda: database.execute(delete(PROCESSES)), otherwise=0)
            assert time() - began < 3, "one of them is waited for"
        await database.__aexit__(None, None, None)
        assert time() - began < 8


async def test_a_transaction_that_raises_changes_nothing(database: Database) -> None:
    def fail(connection: Connection) -> None:
        connection.execute(text("DELETE FROM alembic_version"))
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await database.run(fail)
    assert await revisions_of(database) == [NEWEST]


async def spoken_seconds(database: Database) -> int:
    """What was chosen for the one guild that chose."""
    chosen = text("SELECT spoken_seconds FROM guild_preferences")
    return await database.run(lambda connection: connection.execute(chosen).scalar_one())


async def test_who_reads_and_then_writes_loses_nothing_to_another_process(url: str, database: Database) -> None:
    def count(connection: Connection) -> None:
        lock = "" if connection.dialect.name == "sqlite" else " FOR UPDATE"
        read = connection.execute(text(f"SELECT spoken_seconds FROM guild_preferences{lock}"))
        more = {"more": read.scalar_one() + 1}
        connection.execute(text("UPDATE guild_preferences SET spoken_seconds = :more"), more)

    await database.execute(
        text("INSERT INTO guild_preferences (guild_id, spoken_seconds, changed_at) VALUES (1, 0, '2026-01-01')")
    )
    async with Database(url) as another:
        await asyncio.gather(*(each.run(count) for each in (database, another) * 10))
    assert await spoken_seconds(database) == 20


async def test_closing_leaves_no_thread_no_task_and_no_file(bare_url: str) -> None:
    def open_things() -> tuple[int, int, int]:
        return threading.active_count(), len(asyncio.all_tasks()), psutil.Process().num_fds()

    async def use() -> None:
        async with Database(bare_url) as database:
            await asyncio.gather(*(revisions_of(database) for _ in range(8)))

    await use()  # what is imported, and the event loop's own threads, stay
    before = open_things()
    for _ in range(5):  # so that something left each time is more than what was just about to end before
        await use()
    await eventually(lambda: all(now <= then for now, then in zip(open_things(), before, strict=True)))


async def test_a_transaction_comes_to_its_end_although_who_waits_for_it_is_cancelled(
    url: str, database: Database
) -> None:
    await database.execute(
        text("INSERT INTO guild_preferences (guild_id, spoken_seconds, changed_at) VALUES (1, 0, '2026-01-01')")
    )
    count = text("UPDATE guild_preferences SET spoken_seconds = spoken_seconds + 1")
    async with held_transaction(url) as held:
        await held(lambda connection: connection.execute(count).rowcount)  # the others wait for this row
        counting = [asyncio.create_task(database.execute(count)) for _ in range(10)]
        await asyncio.wait(counting, timeout=0.1)
        for task in counting:
            task.cancel()
        await asyncio.wait(counting)
        assert all(task.cancelled() for task in counting)

    async with asyncio.timeout(10):
        while await spoken_seconds(database) < 11:  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0.02)


async def test_outside_of_its_block_it_can_not_be_used(bare_url: str) -> None:
    with pytest.raises(RuntimeError, match="outside"):
        await Database(bare_url).execute(text("SELECT 1"))


async def test_sqlite_writes_ahead_waits_for_others_and_enforces_foreign_keys(sqlite_url: str) -> None:
    def values(connection: Connection) -> list[object]:
        names = ("journal_mode", "busy_timeout", "foreign_keys")
        return [connection.execute(text(f"PRAGMA {name}")).scalar_one() for name in names]

    async with Database(sqlite_url) as database:
        assert await database.run(values) == ["wal", 3000, 1]


@pytest.mark.parametrize(
    "place",
    [
        "sqlite:////proc/no/such/folder.db",
        f"sqlite:///{__file__}",  # a file, and no database
        "postgresql+asyncpg://ada:hidden@127.0.0.1:1/assistant?ssl=disable",
        "postgresql+asyncpg://ada:hidden@127.0.0.1/assistant?hidden=1",
    ],
)
async def test_what_can_not_be_opened_is_told_on_one_line_without_the_password(place: str) -> None:
    with pytest.raises(StorageUnavailable) as caught:
        await Database(place).__aenter__()
    told = str(caught.value)
    assert place.partition(":")[0] in told
    assert "hidden@" not in told
    assert ":hidden" not in told
    assert "\n" not in told


async def test_a_wrong_user_is_told_without_the_password(postgresql_server: str) -> None:
    place = make_url(postgresql_server).set(username="nobody-we-know", password="hidden")
    with pytest.raises(StorageUnavailable, match="nobody-we-know") as caught:
        await Database(place.render_as_string(hide_password=False)).__aenter__()
    assert "hidden" not in str(caught.value)


async def test_a_server_that_is_away_is_told_and_used_again_once_it_is_back(
    postgresql_server: str, postgresql_url: str
) -> None:
    name = make_url(postgresql_url).database
    server = create_async_engine(postgresql_server, isolation_level="AUTOCOMMIT")
    async with Database(postgresql_url) as database, server.connect() as connection:
        await revisions_of(database)
        await connection.execute(text(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false"))
        await connection.execute(
            text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name"), {"name": name}
        )
        with pytest.raises(StorageUnavailable):
            await revisions_of(database)
        await connection.execute(text(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true"))
        assert await revisions_of(database) == [NEWEST]
    await server.dispose()


async def test_a_server_that_goes_away_within_a_transaction_is_told(
    postgresql_server: str, postgresql_url: str
) -> None:
    name = make_url(postgresql_url).database
    server = create_async_engine(postgresql_server, isolation_level="AUTOCOMMIT")
    async with Database(postgresql_url) as database, server.connect() as other:
        sleeping = asyncio.create_task(database.execute(text("SELECT pg_sleep(60)")))
        is_asleep = text("SELECT count(*) FROM pg_stat_activity WHERE datname = :name AND wait_event = 'PgSleep'")
        while not (await other.execute(is_asleep, {"name": name})).scalar_one():  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0.02)
        await other.execute(
            text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name"), {"name": name}
        )
        with pytest.raises(StorageUnavailable):
            await sleeping
        assert await revisions_of(database) == [NEWEST]
    await server.dispose()


async def test_a_mistake_in_a_statement_is_not_taken_for_a_database_that_is_away(database: Database) -> None:
    with pytest.raises(IntegrityError):
        await database.execute(text("INSERT INTO guild_preferences (guild_id) VALUES (1)"))


async def test_the_command_for_developers_sees_no_difference_and_can_go_back(bare_url: str) -> None:
    # The scheme as an owner writes it: the command reads DATABASE_URL as the bot does.
    environment = {"DATABASE_URL": bare_url.replace("+asyncpg", "")}
    assert read_database_url(EnvReader(environment)) == bare_url
    async with Database(bare_url):
        pass
    alembic = ("-m", "alembic", "-c", "assistant/storage/alembic.ini")
    assert "No new upgrade operations detected" in await run(*alembic, "check", **environment)
    await run(*alembic, "downgrade", "base", **environment)
    assert await tables_of(bare_url) == {"alembic_version"}
    async with Database(bare_url) as database:
        assert await revisions_of(database) == [NEWEST]
