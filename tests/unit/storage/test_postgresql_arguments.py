"""What the driver is told, and that a server takes it."""

import asyncio
import ssl
from pathlib import Path

import pytest
from sqlalchemy import Connection, make_url, text

from assistant.config.database_url import read_database_url
from assistant.domain.errors import StorageUnavailable
from assistant.storage.database import Database
from assistant.storage.postgresql_arguments import connect_arguments
from assistant.util.env_reader import EnvReader
from sandbox.loopback_tls import make_loopback_tls
from tests.support.pgbouncer import a_pooler
from tests.support.postgresql_tls import tls_before

VERIFYING = ("verify-ca", "verify-full")
NO_NAMES = {"statement_cache_size": 0, "prepared_statement_cache_size": 0}


def url_of(address: str) -> str:
    """DATABASE_URL as the settings give it."""
    return read_database_url(EnvReader({"DATABASE_URL": address}))


def arguments_of(address: str) -> dict[str, object]:
    return connect_arguments(make_url(url_of(address)))[1]


def with_query(url: str, query: str) -> str:
    """An address with more options."""
    return url_of(f"{url}{'&' if '?' in url else '?'}{query}")


@pytest.fixture(autouse=True)
def no_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """There are no certificates of the user."""
    monkeypatch.setenv("HOME", str(tmp_path))


@pytest.mark.parametrize(
    "address",
    [
        "postgres://u@h/db",
        "postgresql://fly-user:p@direct.abc123.flympg.net/fly-db",
        "postgresql://u@db-postgresql-fra1-1.b.db.ondigitalocean.com:25060/defaultdb?sslmode=require",
        "postgres://pooler@spooler.example/pgbouncer",
    ],
)
def test_elsewhere_statements_are_kept(address: str) -> None:
    assert not {*NO_NAMES, "prepared_statement_name_func"} & arguments_of(address).keys()


def test_a_server_in_the_query_keeps_the_port_of_the_address() -> None:
    arguments = arguments_of("postgres://u@other:6000/db?host=localhost")
    assert (arguments["host"], arguments["port"]) == (["localhost"], [6000])


@pytest.mark.parametrize(
    "address",
    [
        "postgres://u@h/db?pgbouncer=true",
        "postgres://u@h/db?pool_mode=transaction",
        "postgres://u@h:6432/db",
        "postgres://u@aws-0-eu.pooler.supabase.com:6543/db",
        "postgres://u@ep-cool-1-pooler.eu-central-1.aws.neon.tech/db",
        "postgres://u@h1:6432,h2:6432/db",
        "postgresql://fly-user:p@pgbouncer.abc123.flympg.net/fly-db",
        "postgresql://u@db-postgresql-fra1-1-do-user-1.b.db.ondigitalocean.com:25061/pool?sslmode=require",
        "postgres://u@aws-0-eu.pooler.supabase.com:5432/db",
        "postgres://u@pooled.db.prisma.io/db",
        "postgres://u@pgbouncer/db",
        "postgres://u@PgBouncer.bot.svc.cluster.local/db",
        "postgres://u@pooler-cluster-rw:5432/db",
    ],
)
def test_behind_a_pooler_no_statement_has_a_name(address: str) -> None:
    arguments = arguments_of(address)
    assert arguments.items() >= NO_NAMES.items()
    name = arguments["prepared_statement_name_func"]
    assert callable(name)
    assert name() == ""


@pytest.mark.parametrize(
    ("address", "hosts", "ports"),
    [
        ("postgres://u@h/db", ["h"], [5432]),
        ("postgres://u@[::1]:5433/db", ["::1"], [5433]),
        ("postgres://u@h1:5433,[::1],h3/db", ["h1", "::1", "h3"], [5433, 5432, 5432]),
        ("postgres:///db?host=h1,h2&port=1,2", ["h1", "h2"], [1, 2]),
        ("postgres:///db?host=h1,h2&port=6000", ["h1", "h2"], [6000, 6000]),
        ("postgres://u@localhost/db?host=/cloudsql/a:b:c", ["/cloudsql/a:b:c"], [5432]),
        ("postgres://u@%2Frun%2Fpg:6000/db", ["/run/pg"], [6000]),
    ],
)
def test_each_server_has_its_port(address: str, hosts: list[str], ports: list[int]) -> None:
    arguments = arguments_of(address)
    assert (arguments["host"], arguments["port"]) == (hosts, ports)


@pytest.mark.parametrize(
    ("query", "checks_name"),
    [("sslmode=verify-full", True), ("sslmode=verify-ca", False), ("sslmode=require&sslrootcert=system", True)],
)
def test_a_server_is_verified_by_whom_the_machine_trusts_where_nobody_else_is_named(
    query: str, checks_name: bool
) -> None:
    context = arguments_of(f"postgres://u@h/db?{query}")["ssl"]
    assert isinstance(context, ssl.SSLContext)
    assert (context.verify_mode, context.check_hostname) == (ssl.CERT_REQUIRED, checks_name)


async def test_the_server_is_told_the_options(postgresql_url: str) -> None:
    query = "application_name=molly&options=-c%20statement_timeout%3D4321&channel_binding=require&keepalives=1"

    def shown(connection: Connection) -> list[str]:
        return [
            connection.execute(text(f"SHOW {name}")).scalar_one() for name in ("application_name", "statement_timeout")
        ]

    async with Database(with_query(postgresql_url, query)) as database:
        assert await database.run(shown) == ["molly", "4321ms"]


async def test_a_schema_holds_the_tables(postgresql_url: str) -> None:
    async with Database(url_of(postgresql_url)) as database:
        await database.execute(text('CREATE SCHEMA "Molly"'))
    async with Database(with_query(postgresql_url, "schema=Molly")) as database:
        found = text("SELECT count(*) FROM pg_tables WHERE schemaname = 'Molly' AND tablename = 'alembic_version'")
        assert await database.run(lambda connection: connection.execute(found).scalar_one()) == 1


async def test_where_a_server_is_away_the_next_one_is_used(postgresql_url: str) -> None:
    folder = make_url(postgresql_url).query.get("host")
    if not isinstance(folder, str):
        pytest.skip("the server is not at a socket")
    several = make_url(postgresql_url).update_query_dict({"host": ("127.0.0.1:9", folder)})
    async with Database(url_of(several.render_as_string(hide_password=False))) as database:
        await database.execute(text("SELECT 1"))


async def test_a_server_without_tls_is_refused_where_tls_is_required() -> None:
    async def decline(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(8)
        writer.write(b"N")
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(decline, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        for mode in ("require", "verify-ca", "verify-full"):
            with pytest.raises(StorageUnavailable, match="SSL"):
                async with Database(url_of(f"postgres://u:hidden@127.0.0.1:{port}/db?sslmode={mode}")):
                    raise AssertionError("it was opened")


async def test_over_tls_a_server_is_verified_as_asked(postgresql_url: str, tmp_path: Path) -> None:
    if not isinstance(make_url(postgresql_url).query.get("host"), str):
        pytest.skip("the server is not at a socket")
    (tmp_path / "other").mkdir()
    tls, other = make_loopback_tls(tmp_path), make_loopback_tls(tmp_path / "other")
    async with tls_before(postgresql_url, tls.server) as url:
        for query in ("sslmode=require", *(f"sslmode={mode}&sslrootcert={tls.ca_file}" for mode in VERIFYING)):
            async with Database(url_of(f"{url}?{query}")) as database:
                await database.execute(text("SELECT 1"))
        for query in (*(f"sslmode={mode}&sslrootcert={other.ca_file}" for mode in VERIFYING), "sslmode=verify-full"):
            with pytest.raises(StorageUnavailable, match=r"(?i)certificate"):
                async with Database(url_of(f"{url}?{query}")):
                    raise AssertionError("it was opened")


async def test_behind_pgbouncer_transactions_work_side_by_side(postgresql_url: str) -> None:
    async def ask(database: Database, number: int) -> int:
        statement = text("SELECT CAST(:number AS integer)").bindparams(number=number)
        return await database.run(lambda connection: int(connection.execute(statement).scalar_one()))

    with a_pooler(postgresql_url) as pooled:
        async with Database(url_of(f"{pooled}&pgbouncer=true")) as database:
            for _ in range(5):
                assert await asyncio.gather(*(ask(database, number) for number in range(20))) == list(range(20))
