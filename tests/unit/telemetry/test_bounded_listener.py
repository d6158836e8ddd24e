import asyncio
import errno
import logging
import os
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing, suppress
from typing import Any

import pytest

from assistant.telemetry.bounded_listener import BoundedListener


class Served(asyncio.Protocol):
    """Answers the first byte with "!" and closes; counts those that are open."""

    open = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        Served.open += 1

    def data_received(self, _: bytes) -> None:
        self._transport.write(b"!")
        self._transport.close()

    def connection_lost(self, _: Exception | None) -> None:
        Served.open -= 1


@asynccontextmanager
async def listening(address: str = "", **bounds: float) -> AsyncIterator[int]:
    """A listener at a port that was free."""
    with socket.create_server(("0.0.0.0", 0)) as nobody:
        port: int = nobody.getsockname()[1]
    Served.open = 0
    async with BoundedListener(address, port, Served, **bounds):  # type: ignore[arg-type] # a whole number is a float
        yield port


async def is_served(host: str, port: int) -> bool:
    """Whether a client gets its answer."""
    reader, writer = await asyncio.open_connection(host, port)
    with closing(writer):
        writer.write(b"?")
        return await reader.read() == b"!"


def has_ipv6() -> bool:
    try:
        with socket.create_server(("::1", 0), family=socket.AF_INET6):
            return True
    except OSError:
        return False


async def test_all_addresses_are_those_of_both_families() -> None:
    async with listening() as port:
        assert await is_served("127.0.0.1", port)
        if has_ipv6():
            assert await is_served("::1", port)


async def test_one_address_is_that_one_alone() -> None:
    async with listening("127.0.0.2") as port:
        assert await is_served("127.0.0.2", port)
        with pytest.raises(ConnectionRefusedError):
            await is_served("127.0.0.1", port)


async def test_localhost_is_both_families() -> None:
    async with listening("localhost") as port:
        assert await is_served("127.0.0.1", port)
        if has_ipv6():
            assert await is_served("::1", port)
        with pytest.raises(ConnectionRefusedError):
            await is_served("127.0.0.2", port)


async def test_an_address_of_ipv6_is_that_one_alone() -> None:
    if not has_ipv6():
        pytest.skip("this machine has no IPv6")
    async with listening("::1") as port:
        assert await is_served("::1", port)
        with pytest.raises(ConnectionRefusedError):
            await is_served("127.0.0.1", port)


@pytest.mark.parametrize("address", ["", "localhost"])
async def test_where_ipv6_is_off_ipv4_serves_and_a_line_says_so(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, address: str
) -> None:
    caplog.set_level(logging.INFO)
    bind = socket.socket.bind

    class WithoutIpv6(socket.socket):
        def bind(self, place: Any, /) -> None:
            if self.family == socket.AF_INET6:  # as where a sysctl has turned it off
                raise OSError(errno.EADDRNOTAVAIL, os.strerror(errno.EADDRNOTAVAIL))
            bind(self, place)

    monkeypatch.setattr("assistant.telemetry.bounded_listener.socket.socket", WithoutIpv6)
    async with listening(address) as port:
        assert await is_served("127.0.0.1", port)
    said = f"There is no IPv6 here (Cannot assign requested address): port {port} does without"
    assert said in [record.getMessage() for record in caplog.records]


async def test_where_a_family_is_missing_the_other_serves(monkeypatch: pytest.MonkeyPatch) -> None:
    make = socket.socket

    def without_ipv6(family: int, *rest: int) -> socket.socket:
        if family == socket.AF_INET6:
            raise OSError(errno.EAFNOSUPPORT, os.strerror(errno.EAFNOSUPPORT))
        return make(family, *rest)

    with monkeypatch.context() as patched:
        patched.setattr("assistant.telemetry.bounded_listener.socket.socket", without_ipv6)
        listener = BoundedListener("", 0, Served)
        await listener.__aenter__()
    await listener.__aexit__(None, None, None)
    with pytest.raises(OSError, match="address"):
        async with BoundedListener("192.0.2.1", 0, Served):
            pass


async def test_of_many_connections_that_ask_nothing_few_are_kept_and_who_asks_is_served() -> None:
    async with listening(max_connections=8) as port:
        held = [await asyncio.open_connection("127.0.0.1", port) for _ in range(200)]
        assert await is_served("127.0.0.1", port)
        assert Served.open <= 8
        for _, writer in held:
            writer.close()


async def test_a_connection_that_asks_nothing_is_closed_after_its_time() -> None:
    async with listening(max_seconds=0.1) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        with closing(writer), suppress(ConnectionResetError):
            assert await asyncio.wait_for(reader.read(), 5) == b""


async def test_without_file_descriptors_it_waits_with_one_line_and_serves_again(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    monkeypatch.setattr("assistant.telemetry.bounded_listener._RETRY_SECONDS", 0.05)
    loop, refused = asyncio.get_running_loop(), 3
    accept = loop.sock_accept

    async def fail_first(listener: socket.socket) -> tuple[socket.socket, object]:
        nonlocal refused
        if refused:
            refused -= 1
            raise OSError(errno.EMFILE, os.strerror(errno.EMFILE))
        return await accept(listener)

    monkeypatch.setattr(loop, "sock_accept", fail_first)
    async with listening("127.0.0.1") as port:
        assert await is_served("127.0.0.1", port)
    assert [record.getMessage() for record in caplog.records] == [
        f"No connection can be accepted at port {port} for now: Too many open files"
    ] * 3
