"""A TCP port that strangers may reach: what they can take of the process is bounded."""

import asyncio
import errno
import logging
import os
import socket
from collections.abc import Callable
from contextlib import AsyncExitStack, suppress
from types import TracebackType
from typing import Final, Self

_logger = logging.getLogger(__name__)

_MAX_CONNECTIONS: Final = 64
_MAX_SECONDS: Final = 10.0
"""How long a connection may last, whatever happens on it."""
_BACKLOG: Final = 128
"""How many connections the system keeps for us until they are accepted; they take no file descriptor of ours."""
_RETRY_SECONDS: Final = 1.0
LOCALHOST: Final = "localhost"
"""Stands for the addresses by which this machine reaches itself, whatever its hosts file says."""
_PLACES: Final = {"": (None,), LOCALHOST: ("127.0.0.1", "::1")}
_FAMILIES: Final = {socket.AF_INET: "IPv4", socket.AF_INET6: "IPv6"}
_MISSING_FAMILY: Final = {errno.EAFNOSUPPORT, errno.EADDRNOTAVAIL, errno.EPROTONOSUPPORT}
"""What the system says where it has no IPv6, or no IPv4."""


class BoundedListener:
    """Accepts connections while it is entered.

    asyncio's own server accepts without a limit. Once no file descriptor is left, it tries again 128 times at once, and
    each of these tries does the same a second later, for each of which it logs a line
    (`BaseSelectorEventLoop._accept_connection`, https://github.com/python/cpython/blob/v3.11.7/Lib/asyncio/selector_events.py).

    Of more connections than there may be, the oldest is closed: whoever holds many open keeps nobody out.
    """

    def __init__(
        self,
        address: str,
        port: int,
        make_protocol: Callable[[], asyncio.Protocol],
        *,
        max_connections: int = _MAX_CONNECTIONS,
        max_seconds: float = _MAX_SECONDS,
    ) -> None:
        """Nothing is listened at yet.

        Args:
            address: an IP address of this machine, or LOCALHOST; empty for all of them, IPv4 and IPv6.
            port: the TCP port.
            make_protocol: makes what serves one connection.
            max_connections: how many there may be at once.
            max_seconds: how long each may last.
        """
        self._address = address
        self._port = port
        self._make_protocol = make_protocol
        self._max_connections = max_connections
        self._max_seconds = max_seconds
        self._tasks: list[asyncio.Task[None]] = []
        self._open: dict[asyncio.Transport, asyncio.TimerHandle] = {}
        """The connections and when each is closed, the oldest first."""
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        """Begin to listen.

        Raises:
            OSError: the port can't be listened at.
        """
        async with AsyncExitStack() as opening:
            listeners = [opening.enter_context(each) for each in _listeners(self._address, self._port)]
            self._stack = opening.pop_all()
        self._tasks = [asyncio.create_task(self._accept_all(each), name="HTTP port") for each in listeners]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Accept no more. Connections that are open stay, until their time is over."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._stack.aclose()

    async def _accept_all(self, listener: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        while True:
            try:
                connection, _ = await loop.sock_accept(listener)
            except ConnectionError:  # it was closed before it was accepted
                continue
            except OSError as error:  # mostly no file descriptor is left
                _logger.warning("No connection can be accepted at port %d for now: %s", self._port, error.strerror)
                await asyncio.sleep(_RETRY_SECONDS)
                continue
            await self._serve(connection)

    async def _serve(self, connection: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        self._forget_closed()
        while len(self._open) >= self._max_connections:
            self._close(next(iter(self._open)))
        try:
            transport, _ = await loop.connect_accepted_socket(self._make_protocol, connection)
        except OSError:
            connection.close()
        else:
            self._open[transport] = loop.call_later(self._max_seconds, self._close, transport)

    def _forget_closed(self) -> None:
        for transport in [each for each in self._open if each.is_closing()]:
            self._open.pop(transport).cancel()

    def _close(self, transport: asyncio.Transport) -> None:
        self._open.pop(transport).cancel()
        transport.abort()


def _listeners(address: str, port: int) -> list[socket.socket]:
    """The sockets of one address, or of several; without what the system does not have, of which a line tells."""
    found = [
        each
        for place in _PLACES.get(address, (address,))
        for each in socket.getaddrinfo(place, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    ]
    listeners: list[socket.socket] = []
    missing: OSError | None = None
    absent: list[str] = []
    try:
        for family, _, _, _, place in dict.fromkeys(found):
            try:
                listeners.append(_listener(family, place))
            except OSError as error:
                if error.errno not in _MISSING_FAMILY:
                    raise
                missing = error
                absent.append(_FAMILIES.get(family, str(family)))
    except OSError:
        for each in listeners:
            each.close()
        raise
    if not listeners:
        raise missing or OSError(errno.EADDRNOTAVAIL, os.strerror(errno.EADDRNOTAVAIL))
    if missing is not None:
        _logger.info("There is no %s here (%s): port %d does without", ", ".join(absent), missing.strerror, port)
    return listeners


def _listener(family: int, place: object) -> socket.socket:
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.setblocking(False)
        if os.name == "posix":  # elsewhere it would let two programs have one port
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            with suppress(AttributeError):
                listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        listener.bind(place)  # type: ignore[arg-type] # as getaddrinfo gave it
        listener.listen(_BACKLOG)
    except OSError:
        listener.close()
        raise
    return listener
