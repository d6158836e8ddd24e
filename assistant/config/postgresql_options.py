"""What stands behind the question mark of a PostgreSQL address: the options of libpq, and those of other drivers."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

_SSL_MODES: Final = ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")
_OTHER_SSL_MODES: Final[Mapping[str, str]] = {
    **dict.fromkeys(("true", "1", "on", "yes", "no-verify"), "require"),
    **dict.fromkeys(("false", "0", "off", "no"), "disable"),
}
"""What drivers for other languages call them."""
_TRUE: Final = ("true", "1", "on", "yes")
_SAME_NAME: Final = frozenset(
    {
        *("port", "application_name", "options", "target_session_attrs", "passfile", "krbsrvname", "gsslib"),
        *("sslcert", "sslkey", "sslpassword", "sslcrl", "sslrootcert", "sslnegotiation"),
        *("ssl_min_protocol_version", "ssl_max_protocol_version"),
        *("search_path", "statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout", "timezone"),
    }
)
"""What our driver knows by the same name; the last line goes on to the server."""
_FILES: Final = ("sslcert", "sslkey", "sslcrl", "sslrootcert", "passfile")
_SYSTEM: Final = "system"
"""The value of sslrootcert that means: those whom this machine trusts."""
_CHECKED: Final[Mapping[str, re.Pattern[str]]] = {
    "port": re.compile("[0-9]{1,5}(,[0-9]{1,5})*"),
    "target_session_attrs": re.compile("any|primary|standby|read-write|read-only|prefer-standby"),
}
_SCHEMA: Final = ("schema", "currentschema")
_POOLER: Final[Mapping[str, tuple[str, ...]]] = {
    "pgbouncer": _TRUE,
    "pool_mode": ("transaction", "statement"),
    **dict.fromkeys(("statement_cache_size", "prepared_statement_cache_size"), ("0",)),
    **dict.fromkeys(("prepare_threshold", "preparethreshold"), ("0", "none")),
}
"""By which options and values other drivers are told that a pooler gives each transaction another connection."""
_HOST: Final = re.compile(
    r"/.*|\[[\w:.%]+\](:[0-9]{1,5})?|[0-9a-f.]*(:[0-9a-f.]*){2,}|[^:\[\]]+(:[0-9]{1,5})?", re.IGNORECASE
)
"""A socket's folder, an IPv6 address with brackets or without, or any other host."""
_PLAIN_NAME: Final = re.compile("[a-z_][a-z0-9_]*")


@dataclass(frozen=True, slots=True)
class PostgresqlOptions:
    """Options as our driver takes them, with what had to be left out."""

    taken: dict[str, str | tuple[str, ...]] = field(default_factory=dict)
    """Those that hold, by their names here: see `assistant/storage/postgresql_arguments.py`."""
    left_out: list[str] = field(default_factory=list)
    """The names of those that our driver has nothing for."""
    wrong: list[str] = field(default_factory=list)
    """What is wrong with the others, as the rest of a sentence; shows no value that could be a secret."""

    @classmethod
    def of(cls, query: Mapping[str, str | Sequence[str]]) -> "PostgresqlOptions":
        """Translate a query."""
        options = cls()
        for name, given in query.items():
            value = (given if isinstance(given, str) else given[-1]).strip()
            if name == "host":
                options._take_hosts(given)
            elif value:
                options._take(name, value)
        return options

    def _take(self, name: str, value: str) -> None:
        folded = name.lower()
        if folded in ("sslmode", "ssl"):
            self._take_ssl_mode(value)
        elif folded == "connect_timeout":
            self._take_timeout(value)
        elif folded in _SCHEMA:
            self.taken["search_path"] = value if _PLAIN_NAME.fullmatch(value) else f'"{value.replace(chr(34), "")}"'
        elif folded in _POOLER:
            if value.lower() in _POOLER[folded]:
                self.taken["pgbouncer"] = "true"
        elif folded in _FILES:
            self._take_file(folded, value)
        elif folded in _CHECKED and not _CHECKED[folded].fullmatch(value):
            self.wrong.append(f"has an unknown {folded}")
        elif folded in _SAME_NAME:
            self.taken[folded] = value
        else:
            self.left_out.append(name)

    def _take_hosts(self, hosts: str | Sequence[str]) -> None:
        self.taken["host"] = hosts if isinstance(hosts, str) else tuple(hosts)
        for host in hosts.split(",") if isinstance(hosts, str) else hosts:
            if not _HOST.fullmatch(host):
                self.wrong.append(
                    "names a server that is no host, host:port, [IPv6 address]:port or folder of a socket"
                )

    def _take_ssl_mode(self, value: str) -> None:
        mode = _OTHER_SSL_MODES.get(value.lower(), value.lower())
        if mode in _SSL_MODES:
            self.taken["ssl"] = mode
        else:
            self.wrong.append(f"has an sslmode that is none of {', '.join(_SSL_MODES)}")

    def _take_timeout(self, value: str) -> None:
        if not re.fullmatch("-?[0-9]{1,6}", value):
            self.wrong.append("has a connect_timeout that is no number of seconds")
        elif int(value) > 0:  # else libpq waits for ever, and we as long as ever
            self.taken["connect_timeout"] = value

    def _take_file(self, name: str, value: str) -> None:
        if (name, value) != ("sslrootcert", _SYSTEM) and not Path(value).expanduser().is_file():
            self.wrong.append(f"has an {name} that is not a file here")
        else:
            self.taken[name] = value if value == _SYSTEM else str(Path(value).expanduser())
