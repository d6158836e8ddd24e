"""From the address of a PostgreSQL database to the arguments of asyncpg and of SQLAlchemy's dialect for it."""

import os
import re
import ssl
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

from sqlalchemy import URL

_CONNECT_SECONDS: Final = 10.0
_PORT: Final = 5432
_VERIFYING: Final = ("verify-ca", "verify-full")
_SYSTEM: Final = "system"
_OWN_ROOTS: Final = Path("~/.postgresql/root.crt")
"""Where libpq, and so asyncpg, looks for whom to trust."""
_POOLER_PORTS: Final = (6432, 6543, 25061)
"""PgBouncer's own port, that of Supabase's pooler for transactions, and that of DigitalOcean's pools."""
_POOLER_NAME: Final = re.compile(r"(^|[.-])(pgbouncer|pooler|pooled|pgcat)([.-]|$)", re.IGNORECASE)
"""In the names of hosts: those of Neon (`ep-…-pooler`), Supabase, Fly (`pgbouncer.….flympg.net`), Prisma, and services
in Compose and Kubernetes (`pgbouncer`, `pooler-…-rw`). One that does keep a connection for each client loses little."""


def connect_arguments(address: URL) -> tuple[URL, dict[str, Any]]:
    """Split an address that `read_database_url` returned: what SQLAlchemy reads, and what it hands to the driver.

    Raises:
        OSError: a certificate can't be read.
    """
    options = {name: value if isinstance(value, str) else value[-1] for name, value in address.query.items()}
    arguments: dict[str, Any] = {"timeout": float(options.pop("connect_timeout", _CONNECT_SECONDS))}
    hosts = _hosts(address)
    if hosts:
        arguments["host"], arguments["port"] = [host for host, _ in hosts], [port for _, port in hosts]
    if options.pop("pgbouncer", None) or any(map(_is_pooler, hosts)):
        # A pooler may give each transaction another of its connections: a prepared statement with a name would be
        # missing there, or there already. Those without a name last as long as they are needed.
        arguments |= {"statement_cache_size": 0, "prepared_statement_cache_size": 0}
        arguments["prepared_statement_name_func"] = _no_name
    for name in ("host", "port"):
        options.pop(name, None)
    if (mode := options.pop("ssl", None)) is not None:
        options["sslmode"] = mode
    if _trusts_the_machine(options):
        arguments["ssl"] = _context(options)
    if options:
        arguments["dsn"] = f"postgresql://?{urlencode(options)}"  # asyncpg knows some of them only from there
    return address.set(query={}), arguments


def _no_name() -> str:
    return ""


def _hosts(address: URL) -> list[tuple[str, int]]:
    """The servers with their ports; none where the driver's default is meant."""
    ports = str(address.query.get("port") or address.port or "").split(",")
    named = address.query.get("host", ())
    hosts = named.split(",") if isinstance(named, str) else list(named)
    if address.host and not hosts:
        hosts = [address.host]
    found = []
    for number, host in enumerate(hosts):
        name, port = _split(host)
        if not port and ports[0]:
            port = ports[min(number, len(ports) - 1)]
        found.append((name, int(port or _PORT)))
    return found


def _split(host: str) -> tuple[str, str]:
    if host.startswith("["):
        name, _, port = host[1:].partition("]")
        return name, port.removeprefix(":")
    if host.startswith("/") or host.count(":") > 1:  # the folder of a socket, or an IPv6 address
        return host, ""
    name, _, port = host.partition(":")
    return name, port


def _is_pooler(place: tuple[str, int]) -> bool:
    host, port = place
    return port in _POOLER_PORTS or _POOLER_NAME.search(host) is not None


def _trusts_the_machine(options: dict[str, str]) -> bool:
    """Whether those are trusted whom this machine trusts; libpq would refuse to connect where no others are named."""
    root = options.get("sslrootcert") or os.environ.get("PGSSLROOTCERT")
    if root == _SYSTEM:
        return True
    try:
        has_own = bool(root) or _OWN_ROOTS.expanduser().is_file()
    except RuntimeError:  # a user without a home
        has_own = False
    return options.get("sslmode") in _VERIFYING and not has_own


def _context(options: dict[str, str]) -> ssl.SSLContext:
    """A context that verifies; it takes what it needs out of `options`."""
    mode = options.pop("sslmode", None)
    root = options.pop("sslrootcert", None)
    context = ssl.create_default_context()
    context.check_hostname = mode != "verify-ca" or root == _SYSTEM
    if (certificate := options.pop("sslcert", None)) is not None:
        password = options.pop("sslpassword", "")
        context.load_cert_chain(certificate, options.pop("sslkey", None), password=password)
    return context
