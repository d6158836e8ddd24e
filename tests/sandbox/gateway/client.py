"""A bare gateway client, for what no library does on purpose."""

from __future__ import annotations

import asyncio
import json
import sys
import zlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import pytest

from sandbox import Sandbox
from sandbox.gateway.opcodes import GatewayOp
from sandbox.state.intents import Intent

ALL = Intent(sum(Intent))


class Closed(Exception):
    """The gateway closed the connection."""

    def __init__(self, code: int | None) -> None:
        super().__init__(f"closed with {code}")
        self.code = code


@dataclass
class GatewayClient:
    """One connection."""

    socket: aiohttp.ClientWebSocketResponse
    """The websocket."""
    token: str
    """What it identifies with."""
    inflate: Any = None
    """Decompresses the stream; None: it is not compressed."""
    sequence: int = 0
    """The number of the last event."""
    session_id: str = ""
    """The session, once READY came."""
    received: list[dict[str, Any]] = field(default_factory=list)
    """All payloads, oldest first."""

    @property
    def events(self) -> list[str]:
        """The names of all events, oldest first."""
        return [each["t"] for each in self.received if each["op"] == GatewayOp.DISPATCH]

    async def send(self, op: int, data: Any = None) -> None:
        """Send a payload."""
        await self.socket.send_str(json.dumps({"op": op, "d": data}))

    async def receive(self, timeout: float = 5.0) -> dict[str, Any]:
        """The next payload. Raises Closed."""
        message = await self.socket.receive(timeout)
        if message.type is aiohttp.WSMsgType.CLOSE:
            raise Closed(message.data)
        if message.type is aiohttp.WSMsgType.BINARY:
            text = self.inflate.decompress(message.data).decode()
        elif message.type is aiohttp.WSMsgType.TEXT:
            text = message.data
        else:
            raise Closed(self.socket.close_code)
        payload: dict[str, Any] = json.loads(text)
        self.sequence = payload["s"] or self.sequence
        self.received.append(payload)
        return payload

    async def until(self, accept: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """The next payload that is accepted."""
        async with asyncio.timeout(5):
            while not accept(payload := await self.receive()):
                pass
        return payload

    async def event(self, name: str) -> dict[str, Any]:
        """The data of the next event of this name."""
        data: dict[str, Any] = (await self.until(lambda payload: payload["t"] == name))["d"]
        return data

    async def settle(self) -> None:
        """Receive everything that was sent so far."""
        await self.send(GatewayOp.HEARTBEAT, self.sequence)
        await self.until(lambda payload: payload["op"] == GatewayOp.HEARTBEAT_ACK)

    async def close_code(self) -> int | None:
        """With which code the gateway closes."""
        try:
            async with asyncio.timeout(5):
                while True:
                    await self.receive()
        except Closed as closed:
            return closed.code

    async def identify(self, intents: int = ALL, **more: Any) -> dict[str, Any]:
        """Start a session; the data of READY."""
        await self.send(GatewayOp.IDENTIFY, {"token": self.token, "intents": int(intents), "properties": {}} | more)
        ready = await self.event("READY")
        self.session_id = ready["session_id"]
        return ready

    async def resume(self, session_id: str, sequence: int) -> None:
        """Take up a session."""
        await self.send(GatewayOp.RESUME, {"token": self.token, "session_id": session_id, "seq": sequence})


def zstd_stream() -> Any:
    """A decompressor of zstd, if it is installed."""
    name = "compression.zstd" if sys.version_info >= (3, 14) else "backports.zstd"
    return pytest.importorskip(
        name, reason="in an environment from before requirements-sandbox.txt named it"
    ).ZstdDecompressor()


_DECOMPRESSORS: dict[str | None, Callable[[], Any]] = {
    None: lambda: None,
    "zlib-stream": zlib.decompressobj,
    "zstd-stream": zstd_stream,
}


@asynccontextmanager
async def connected(sandbox: Sandbox, *, compress: str | None = None) -> AsyncIterator[GatewayClient]:
    """A client that has connected, and has not yet said who it is."""
    decompressor = _DECOMPRESSORS[compress]()
    query = "?v=10&encoding=json" + (f"&compress={compress}" if compress else "")
    async with aiohttp.ClientSession() as http, http.get(f"{sandbox.api_url}/gateway") as response:
        url = (await response.json())["url"]
        async with http.ws_connect(url + query) as socket:
            yield GatewayClient(socket, sandbox.bot.token, decompressor)
