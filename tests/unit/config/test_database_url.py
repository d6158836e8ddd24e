"""DATABASE_URL as hosts, ORMs and other drivers write it: translated, or left out with a line."""

import pytest
from sqlalchemy import make_url

from assistant.config.database_url import passwords_in, read_database_url
from assistant.util.env_reader import EnvReader


def read(url: str) -> tuple[str, list[str]]:
    """The address as it is used, and the notes."""
    reader = EnvReader({"DATABASE_URL": url})
    address = read_database_url(reader)
    assert not reader.mistakes, reader.mistakes
    return address, reader.notes


@pytest.mark.parametrize(
    ("query", "taken"),
    [
        ("sslmode=require&channel_binding=require", {"ssl": "require"}),
        ("sslmode=prefer&sslmode=disable", {"ssl": "disable"}),
        ("sslmode=verify-ca", {"ssl": "verify-ca"}),
        ("SSLMODE=Verify-Full", {"ssl": "verify-full"}),
        ("sslmode=allow&keepalives=1&keepalives_idle=30&tcp_user_timeout=5", {"ssl": "allow"}),
        ("sslmode=no-verify", {"ssl": "require"}),
        ("ssl=true", {"ssl": "require"}),
        ("ssl=false", {"ssl": "disable"}),
        ("sslrootcert=system", {"sslrootcert": "system"}),
        (f"sslrootcert={__file__}", {"sslrootcert": __file__}),
        ("application_name=molly", {"application_name": "molly"}),
        ("fallback_application_name=molly", {}),
        ("options=-c%20search_path%3Dbot", {"options": "-c search_path=bot"}),
        ("options=-c search_path=bot", {"options": "-c search_path=bot"}),
        ("options=endpoint%3Dep-cool-1", {"options": "endpoint=ep-cool-1"}),
        ("connect_timeout=3", {"connect_timeout": "3"}),
        ("connect_timeout=0", {}),
        ("target_session_attrs=read-write", {"target_session_attrs": "read-write"}),
        ("pgbouncer=true&connection_limit=1&pool_timeout=20", {"pgbouncer": "true"}),
        ("pgbouncer=false", {}),
        ("pool_mode=transaction", {"pgbouncer": "true"}),
        ("pool_mode=session", {}),
        ("statement_cache_size=0&prepared_statement_cache_size=0", {"pgbouncer": "true"}),
        ("prepareThreshold=0", {"pgbouncer": "true"}),
        ("schema=public", {"search_path": "public"}),
        ("currentSchema=Molly", {"search_path": '"Molly"'}),
        ("gssencmode=disable&sslaccept=strict&uselibpqcompat=true", {}),
        ("application_name=", {}),
    ],
)
def test_an_option_is_translated_or_left_out(query: str, taken: dict[str, str]) -> None:
    address, _ = read(f"postgresql://ada:hid%2Fden@h/db?{query}")
    assert dict(make_url(address).query) == taken


def test_what_is_left_out_is_said_in_one_line_without_its_value() -> None:
    _, notes = read("postgres://ada:hidden@h/db?sslmode=require&channel_binding=require&keepalives=1&supa=secretly")
    assert len(notes) == 1
    assert all(name in notes[0] for name in ("DATABASE_URL", "channel_binding", "keepalives", "supa"))
    assert not {"hidden", "secretly"} & set(notes[0].split())
    assert read("postgres://ada@h/db?sslmode=require")[1] == []


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ("postgres://u@h/db", "postgresql+asyncpg://u@h/db"),
        ("postgresql+psycopg2://u@h/db", "postgresql+asyncpg://u@h/db"),
        ("postgresql+psycopg://u@h/db", "postgresql+asyncpg://u@h/db"),
        ("postgres://u@h1:5432,h2:5433/db", "postgresql+asyncpg://u@/db?host=h1%3A5432&host=h2%3A5433"),
        (
            "postgres://u:p@h1,[::1]:5433/db?sslmode=require",
            "postgresql+asyncpg://u:p@/db?host=h1&host=%5B%3A%3A1%5D%3A5433&ssl=require",
        ),
        ("postgres://u@%2Frun%2Fpg/db", "postgresql+asyncpg://u@/db?host=%2Frun%2Fpg"),
        ("postgres://u@h/db?host=/cloudsql/a:b:c", "postgresql+asyncpg://u@h/db?host=%2Fcloudsql%2Fa%3Ab%3Ac"),
        ("postgres:///?host=h&user=u&password=p&dbname=db", "postgresql+asyncpg://u:p@/db?host=h"),
        ("postgres://u:a%2Bb+c%20d@h/db", "postgresql+asyncpg://u:a%2Bb%2Bc d@h/db"),
    ],
)
def test_servers_and_parts_may_stand_where_others_put_them(given: str, used: str) -> None:
    assert make_url(read(given)[0]) == make_url(used)


@pytest.mark.parametrize(
    "query",
    [
        "sslmode=banana",
        "sslrootcert=/no/such/file.pem",
        "connect_timeout=soon",
        "target_session_attrs=fast",
        "port=http",
        "host=a:b",
    ],
)
def test_a_value_that_cannot_be_meant_is_a_mistake_that_does_not_show_the_password(query: str) -> None:
    reader = EnvReader({"DATABASE_URL": f"postgres://ada:hidden@h/db?{query}"})
    read_database_url(reader)
    assert [mistake.variable for mistake in reader.mistakes] == ["DATABASE_URL"]
    assert "hidden" not in str(reader.mistakes)


def test_passwords_are_secrets_wherever_they_stand() -> None:
    assert passwords_in(read("postgres://u@h/db?password=hidden&sslpassword=covered")[0]) == ("hidden", "covered")
