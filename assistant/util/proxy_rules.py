"""Which way a request takes: HTTP_PROXY, HTTPS_PROXY, ALL_PROXY and NO_PROXY, as curl reads them.

There is no standard; what curl, Go, requests and others agree on is collected at
https://about.gitlab.com/blog/2021/01/27/we-need-to-talk-no-proxy/.
"""

import base64
import ipaddress
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Self
from urllib.parse import urlsplit

from yarl import URL

from assistant.util.env_reader import EnvReader
from assistant.util.redaction import MASK

PROXY_VARIABLES: Final = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")
"""They count in lower case, too, which wins."""
_EXAMPLE: Final = "the address of an HTTP proxy, such as http://user:password@proxy.example:3128"
_PLAIN: Final = {"ws": "http", "wss": "https"}
"""A websocket begins as a request, and takes its way."""
_PORTS: Final = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Proxy:
    """One proxy."""

    variable: str
    """The variable that names it."""
    url: URL
    """Its address, without user and password."""
    authorization: str | None
    """The header Proxy-Authorization; None for a proxy that asks for nothing. Secret."""
    wrong: str | None = None
    """Why it can't be used, as the rest of a sentence; None if it can."""

    def __str__(self) -> str:
        """Its address for people, without what is secret."""
        login = f"{MASK}@" if self.authorization else ""
        return f"{self.url.scheme}://{login}{self.url.host_port_subcomponent}"


@dataclass(frozen=True, slots=True)
class ProxyRules:
    """The proxies of an environment, and what is reached without them."""

    proxies: Mapping[str, str]
    """The values of the variables that are set, by their names in capitals."""
    direct: tuple[str, ...]
    """The entries of NO_PROXY."""

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> Self:
        """Read the variables. Blank ones count as unset."""
        found = {
            name: (environment.get(name.lower()) or environment.get(name) or "").strip() for name in PROXY_VARIABLES
        }
        direct = found.pop("NO_PROXY")
        return cls({name: value for name, value in found.items() if value}, tuple(re.split(r"[\s,]+", direct)))

    def proxy_for(self, url: URL) -> Proxy | None:
        """The proxy for a request to `url`, which may be one that can't be used; None for no proxy."""
        scheme = _PLAIN.get(url.scheme, url.scheme)
        for variable in (f"{scheme.upper()}_PROXY", "ALL_PROXY"):
            if variable in self.proxies:
                return None if self._is_direct(url, scheme) else _read_proxy(variable, self.proxies[variable])
        return None

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must not be shown: passwords, and names that are none but a token."""
        return tuple(secret for value in self.proxies.values() for secret in _secrets_in(value))

    def _is_direct(self, url: URL, scheme: str) -> bool:
        host, port = (url.host or "").rstrip(".").lower(), url.port or _PORTS.get(scheme)
        return any(_covers(entry.lower(), host, port) for entry in self.direct if entry)


def check_proxies(read: EnvReader, rules: ProxyRules) -> None:
    """Add to the mistakes what can't be used. A proxy for all that is used for plain HTTP alone is left to its use."""
    used = [variable for variable in rules.proxies if variable != "ALL_PROXY" or "HTTPS_PROXY" not in rules.proxies]
    for variable in used:
        wrong = _read_proxy(variable, rules.proxies[variable]).wrong
        if wrong is not None:
            read.add_mistake(variable, wrong, _EXAMPLE)


def _read_proxy(variable: str, value: str) -> Proxy:
    unknown = URL("http://invalid")
    if not value.isprintable() or " " in value:
        return Proxy(variable, unknown, None, "contains a space or a control character")
    if re.match("socks\\w*:", value, re.IGNORECASE):
        return Proxy(variable, unknown, None, "is a SOCKS proxy, which the bot can't use")
    try:
        url = _url_of(value)
    except ValueError:
        return Proxy(variable, unknown, None, "is not a valid address")
    if url.scheme not in _PORTS or not url.host:
        return Proxy(variable, unknown, None, "is not the address of an HTTP proxy")
    authorization = None if url.user is None and url.password is None else f"Basic {_credentials(url)}"
    return Proxy(variable, url.with_user(None).origin(), authorization)


def _url_of(value: str) -> URL:
    return URL(value if "://" in value else f"http://{value}")


def _credentials(url: URL) -> str:
    return base64.b64encode(f"{url.user or ''}:{url.password or ''}".encode()).decode()


def _secrets_in(value: str) -> Iterator[str]:
    try:
        url = _url_of(value)
        written = urlsplit(value if "://" in value else f"http://{value}")
    except ValueError:
        yield value  # a secret may be anywhere in it
        return
    if url.user is not None or url.password is not None:
        yield _credentials(url)
        yield from filter(None, {url.password, written.password} if url.password else {url.user, written.username})


def _covers(entry: str, host: str, port: int | None) -> bool:
    """Whether an entry of NO_PROXY covers a host: `*`, a name and those below it, an address, or a network."""
    if entry == "*":
        return True
    address = _address(host)
    if "/" in entry:
        return address is not None and _is_in(address, entry)
    bare, wanted = _without_port(entry)
    if wanted is not None and wanted != port:
        return False
    if address is not None:
        return address == _address(bare)
    name = bare.removeprefix("*").removeprefix(".").rstrip(".")
    return bool(name) and (host == name or host.endswith(f".{name}"))


def _without_port(entry: str) -> tuple[str, int | None]:
    found = re.fullmatch(r"\[(?P<v6>[^\]]*)\](?::(?P<v6port>\d+))?|(?P<name>[^:]*):(?P<port>\d+)", entry)
    if found is None:
        return entry, None
    port = found["v6port"] or found["port"]
    return found["v6"] or found["name"] or "", int(port) if port else None


def _address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return None


def _is_in(address: ipaddress.IPv4Address | ipaddress.IPv6Address, network: str) -> bool:
    try:
        return address in ipaddress.ip_network(network.replace("[", "").replace("]", ""), strict=False)
    except ValueError:
        return False
