"""An HTTP proxy on loopback that leads a few names to servers of ours, and nothing to the internet."""

from __future__ import annotations

import asyncio
import base64
import ipaddress
import logging
import re
import socket
import ssl
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Final, Self
from urllib.parse import urlsplit

_REQUEST: Final = re.compile(rb"(?P<method>[A-Z]+) (?P<target>\S+) HTTP/1\.[01]\r\n")
_FOR_PROXY: Final = re.compile(rb"^(?:proxy-authorization|proxy-connection):.*\r\n", re.IGNORECASE | re.MULTILINE)
_CONNECTION: Final = re.compile(rb"^connection:.*\r\n", re.IGNORECASE | re.MULTILINE)
_AUTHORIZATION: Final = re.compile(rb"^proxy-authorization: *(?P<given>.*)\r\n", re.IGNORECASE | re.MULTILINE)
_UPGRADE: Final = re.compile(rb"^upgrade:", re.IGNORECASE | re.MULTILINE)
_PIECE: Final = 1 << 16
_HEAD_SECONDS: Final = 10.0

_logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ProxiedRequest:
    """What a client asked for."""

    method: str
    """CONNECT for a tunnel, else that of the request which is passed on."""
    host: str
    """The host's name or address, as it was given, without brackets."""
    port: int
    """Its port."""
    is_websocket: bool = False
    """Whether it begins a websocket; inside a tunnel that is not known."""


class HttpProxy:
    """Leads loopback addresses to themselves, and names to the local ports they have. An async context manager.

    TLS goes through a tunnel (CONNECT), plain HTTP is passed on, one request a connection.
    """

    def __init__(
        self,
        names: Mapping[re.Pattern[str], int] | None = None,
        *,
        login: str | None = None,
        host: str = "127.0.0.1",
        tls: ssl.SSLContext | None = None,
    ) -> None:
        """Describe the proxy.

        Args:
            names: patterns of host names, each of which leads from port 443 to this port of 127.0.0.1.
            host: where it listens, 127.0.0.1 or ::1.
            tls: with which it is reached over TLS, as an `https:` proxy; None: without.
            login: the user name and password that it asks for, with a colon between; None: it asks for nothing.
        """
        self.requests: list[ProxiedRequest] = []
        """All that was led on so far."""
        self.refused: list[str] = []
        """The first line of every request that was refused."""
        self.answer_instead: int | None = None
        """The HTTP status with which everything is refused, until this is None again."""
        self._host = host
        self._tls = tls
        self._names = dict(names or {})
        self._login = None if login is None else base64.b64encode(login.encode())
        self._server: asyncio.Server | None = None
        self._connections: set[asyncio.Task[None]] = set()
        self._port = 0

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._accept, self._host, 0, ssl=self._tls)
        self._port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._server is None:
            return
        self._server.close()
        for connection in self._connections:
            connection.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)
        await self._server.wait_closed()

    @property
    def port(self) -> int:
        """The port at which it listens."""
        return self._port

    @property
    def url(self) -> str:
        """What a client is given as HTTPS_PROXY, without user and password."""
        host = f"[{self._host}]" if ":" in self._host else self._host
        return f"{'https' if self._tls else 'http'}://{host}:{self._port}"

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        # Not a coroutine: a task that asyncio makes from one would be nobody's to cancel.
        connection = asyncio.create_task(self._serve(reader, writer))
        self._connections.add(connection)
        connection.add_done_callback(self._connections.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            async with asyncio.timeout(_HEAD_SECONDS):
                head = await reader.readuntil(b"\r\n\r\n")
            asked = _read_request(head)
            if (status := self._refusal(head)) is not None:
                await self._refuse(writer, head, status)
            elif asked is None or (place := self._place_of(asked)) is None:
                await self._refuse(writer, head, "502 Not In The Sandbox")
            else:
                await self._lead(reader, writer, head, asked, place)
        except (OSError, EOFError, asyncio.LimitOverrunError, TimeoutError) as error:
            _logger.debug("a connection through the proxy ended: %r", error)
        finally:
            writer.close()

    def _refusal(self, head: bytes) -> str | None:
        if self.answer_instead is not None:
            return f"{self.answer_instead} Ordered By The Test"
        given = _AUTHORIZATION.search(head)
        if self._login is not None and (given is None or given["given"].strip() != b"Basic " + self._login):
            return "407 Proxy Authentication Required"
        return None

    def _place_of(self, asked: ProxiedRequest) -> tuple[str, int] | None:
        """Where a request is led: never off this machine."""
        try:
            is_loopback = ipaddress.ip_address(asked.host).is_loopback
        except ValueError:
            is_loopback = asked.host == "localhost"
        if is_loopback:
            return asked.host, asked.port
        if asked.method != "CONNECT" or asked.port != 443:
            return None
        ports = (port for pattern, port in self._names.items() if pattern.fullmatch(asked.host))
        return next((("127.0.0.1", port) for port in ports), None)

    async def _refuse(self, writer: asyncio.StreamWriter, head: bytes, status: str) -> None:
        self.refused.append(head.partition(b"\r\n")[0].decode("latin-1"))
        writer.write(f"HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode())
        await writer.drain()

    async def _lead(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        head: bytes,
        asked: ProxiedRequest,
        place: tuple[str, int],
    ) -> None:
        try:
            far_reader, far_writer = await asyncio.open_connection(*place)
        except OSError:
            await self._refuse(writer, head, "502 Bad Gateway")
            return
        self.requests.append(asked)
        try:
            if asked.method == "CONNECT":
                writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
            else:
                far_writer.write(_passed_on(head))
            both = (
                asyncio.create_task(_copy(reader, far_writer, lambda: _acknowledge(writer))),
                asyncio.create_task(_copy(far_reader, writer, lambda: _acknowledge(far_writer))),
            )
            try:
                # Neither TLS nor HTTP goes on in one direction only: when one side is done, so is the connection.
                await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for task in both:
                    task.cancel()
                await asyncio.gather(*both, return_exceptions=True)
        finally:
            far_writer.close()


def _read_request(head: bytes) -> ProxiedRequest | None:
    line = _REQUEST.match(head)
    if line is None:
        return None
    method, target = line["method"].decode(), line["target"].decode("latin-1")
    try:
        parts = urlsplit(f"//{target}" if method == "CONNECT" else target)
        port = parts.port
    except ValueError:
        return None
    if not parts.hostname or (method == "CONNECT" and port is None):
        return None
    return ProxiedRequest(method, parts.hostname, port or 80, is_websocket=_UPGRADE.search(head) is not None)


def _passed_on(head: bytes) -> bytes:
    """The head as the server gets it: the path alone, and nothing that was for the proxy."""
    line, _, rest = head.partition(b"\r\n")
    method, target, version = line.split(b" ")
    parts = urlsplit(target)
    path = (parts.path or b"/") + (b"?" + parts.query if parts.query else b"")
    rest = _FOR_PROXY.sub(b"", rest)
    if not _UPGRADE.search(rest):  # so that the next request comes with a connection of its own
        rest = b"Connection: close\r\n" + _CONNECTION.sub(b"", rest)
    return b" ".join((method, path, version)) + b"\r\n" + rest


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, acknowledge: Callable[[], None]) -> None:
    while data := await reader.read(_PIECE):
        acknowledge()
        writer.write(data)
        await writer.drain()


def _acknowledge(writer: asyncio.StreamWriter) -> None:
    """Acknowledge at once what has come from the peer of `writer`.

    Through a proxy, and only there, urllib3 leaves Nagle's algorithm on: the body of a request would wait for the
    acknowledgement of its head, which Linux puts off by 40 ms. Linux forgets the wish, so it is told after each read.
    """
    if sys.platform == "linux":
        writer.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
