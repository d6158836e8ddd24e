"""An HTTPS proxy on loopback that leads a few names to a server of ours, and nothing to the internet."""

from __future__ import annotations

import asyncio
import logging
import re
import socket
import sys
from collections.abc import Callable
from types import TracebackType
from typing import Final, Self

_CONNECT: Final = re.compile(rb"CONNECT (?P<host>[^\s:]+):(?P<port>\d+) HTTP/1\.[01]\r\n")
_PIECE: Final = 1 << 16
_HEAD_SECONDS: Final = 10.0

_logger = logging.getLogger(__name__)


class ConnectProxy:
    """Takes CONNECT requests for the hosts it allows, port 443, to one local port. An async context manager."""

    def __init__(self, allowed: re.Pattern[str], target_port: int) -> None:
        """Allow the host names which `allowed` matches as a whole; lead them to 127.0.0.1:`target_port`."""
        self.refused: list[str] = []
        """The first line of every request that was refused."""
        self.tunnels_opened = 0
        """How many connections were led on so far."""
        self._allowed = allowed
        self._target_port = target_port
        self._server: asyncio.Server | None = None
        self._tunnels: set[asyncio.Task[None]] = set()
        self._port = 0

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        self._port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._server is None:
            return
        self._server.close()
        for tunnel in self._tunnels:
            tunnel.cancel()
        await asyncio.gather(*self._tunnels, return_exceptions=True)
        await self._server.wait_closed()

    @property
    def url(self) -> str:
        """What a client is given as HTTPS_PROXY."""
        return f"http://127.0.0.1:{self._port}"

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        # Not a coroutine: a task that asyncio makes from one would be nobody's to cancel.
        tunnel = asyncio.create_task(self._serve(reader, writer))
        self._tunnels.add(tunnel)
        tunnel.add_done_callback(self._tunnels.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            async with asyncio.timeout(_HEAD_SECONDS):
                head = await reader.readuntil(b"\r\n\r\n")
            asked = _CONNECT.match(head)
            if asked and asked["port"] == b"443" and self._allowed.fullmatch(asked["host"].decode("latin-1")):
                await self._tunnel(reader, writer)
            else:
                self.refused.append(head.partition(b"\r\n")[0].decode("latin-1"))
                writer.write(b"HTTP/1.1 502 Not In The Sandbox\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
                await writer.drain()
        except (OSError, EOFError, asyncio.LimitOverrunError, TimeoutError) as error:
            _logger.debug("a connection through the proxy ended: %r", error)
        finally:
            writer.close()

    async def _tunnel(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.tunnels_opened += 1
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._target_port)
        try:
            writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
            both = (
                asyncio.create_task(_copy(reader, far_writer, lambda: _acknowledge(writer))),
                asyncio.create_task(_copy(far_reader, writer, lambda: _acknowledge(far_writer))),
            )
            try:
                # Neither TLS nor HTTP goes on in one direction only: when one side is done, so is the tunnel.
                await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for task in both:
                    task.cancel()
                await asyncio.gather(*both, return_exceptions=True)
        finally:
            far_writer.close()


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
