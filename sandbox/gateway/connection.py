"""One websocket of the gateway: what goes out is queued and compressed, what comes in is decoded."""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import AsyncIterator
from typing import Any, Final

from aiohttp import WSMessage, WSMsgType, web

from sandbox.gateway.compression import Compressor
from sandbox.gateway.opcodes import GatewayCloseCode, GatewayOp
from sandbox.state.json_types import Json

MAX_INCOMING: Final = 4096
"""Bytes that Discord takes in one payload."""
MAX_SENDS: Final = 120
"""How many payloads a bot may send in `SEND_WINDOW`."""
SEND_WINDOW: Final = 60.0
"""Seconds."""


class Connection:
    """A bot's websocket. It may be gone while its session lives on."""

    def __init__(
        self,
        socket: web.WebSocketResponse,
        *,
        transport: asyncio.Transport | None = None,
        compressor: Compressor | None,
    ) -> None:
        self._socket = socket
        self._transport = transport
        self._is_frozen = False
        self._compressor = compressor
        self._outgoing: asyncio.Queue[str | int] = asyncio.Queue()
        self._received: deque[float] = deque(maxlen=MAX_SENDS)
        self.closing = False
        """Whether a close was ordered, so that nothing more will be heard."""

    def send(self, op: GatewayOp, data: Any = None) -> None:
        """Send a payload that is no event."""
        self.send_text(json.dumps({"op": op, "d": data, "s": None, "t": None}))

    def send_text(self, text: str) -> None:
        """Send a payload that is JSON already."""
        if not self.closing:
            self._outgoing.put_nowait(text)

    def close(self, code: int) -> None:
        """Close the websocket, after what was sent before."""
        if not self.closing:
            self.closing = True
            self._outgoing.put_nowait(code)

    def freeze(self) -> None:
        """Read nothing more of what is sent to it."""
        if self._transport is not None:
            self._transport.pause_reading()
            self._is_frozen = True

    def abort_if_frozen(self) -> None:
        """Drop a TCP connection of which nothing is read any more, not even its end."""
        if self._transport is not None and self._is_frozen:
            self._transport.abort()

    async def write(self) -> None:
        """Bring out what is sent, in order, until the close."""
        while True:
            item = await self._outgoing.get()
            if isinstance(item, int):
                await self._socket.close(code=item)
                return
            try:
                await self._write_text(item)
            except ConnectionError:
                # The bot is gone; the reader notices it too and ends the connection.
                return

    async def payloads(self) -> AsyncIterator[Json]:
        """What the bot sends, until it or we close.

        What is no payload closes with 4002, and sending too fast with 4008.
        """
        async for message in self._socket:
            if self.closing:
                return
            payload = _decoded(message)
            if payload is None:
                self.close(GatewayCloseCode.DECODE_ERROR)
                return
            if self._too_fast():
                self.close(GatewayCloseCode.RATE_LIMITED)
                return
            yield payload

    @property
    def close_code(self) -> int | None:
        """With which code the bot closed the websocket."""
        return self._socket.close_code

    def _too_fast(self) -> bool:
        now = asyncio.get_running_loop().time()
        too_fast = len(self._received) == MAX_SENDS and now - self._received[0] < SEND_WINDOW
        self._received.append(now)
        return too_fast

    async def _write_text(self, text: str) -> None:
        if self._compressor is None:
            await self._socket.send_str(text)
        else:
            await self._socket.send_bytes(self._compressor.pack(text.encode()))


def _decoded(message: WSMessage) -> Json | None:
    """The payload in a message; None: there is none."""
    # Discord reads JSON from both kinds of frames; hikari sends it in binary ones.
    if message.type not in (WSMsgType.TEXT, WSMsgType.BINARY) or len(message.data) > MAX_INCOMING:
        return None
    try:
        payload = json.loads(message.data)
    except ValueError:
        return None
    return payload if isinstance(payload, dict) and isinstance(payload.get("op"), int) else None
