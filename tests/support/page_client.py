"""A page of the playground without a browser: its websocket."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import aiohttp

from sandbox.playground import Playground

Json = dict[str, Any]


class PageClient:
    """What an open page knows, and what it asks for."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket
        self._number = 0
        self._answers: dict[int, Json] = {}
        self._news = asyncio.Event()
        self.state: Json = {}
        self.messages: dict[str, Json] = {}
        self.typing: list[Json] = []
        self.sounds: list[bytes] = []
        self.curtain: Json = {}
        self.log: list[str] = []

    async def read(self) -> None:
        """Take what comes, until the page is closed."""
        async for message in self._socket:
            if message.type is aiohttp.WSMsgType.BINARY:
                self.sounds.append(message.data)
            else:
                self._take(json.loads(message.data))
            self._news.set()
            self._news.clear()

    async def ask(self, action: str, **fields: Any) -> Json:
        """Do something; returns `{"result": …}` or `{"error": …}`."""
        self._number += 1
        number = self._number
        await self._socket.send_json(fields | {"do": action, "number": number})
        await self.until(lambda: number in self._answers)
        return self._answers.pop(number)

    async def until(self, holds: Callable[[], object], seconds: float = 10.0) -> None:
        """Return once the page knows something.

        Raises:
            TimeoutError: it does not learn it.
        """
        async with asyncio.timeout(seconds):
            while not holds():
                await self._news.wait()

    async def send(self, data: bytes | str) -> None:
        """Send anything at all."""
        await (self._socket.send_bytes(data) if isinstance(data, bytes) else self._socket.send_str(data))

    @property
    def texts(self) -> list[str]:
        """The texts of all messages that the page shows."""
        return [each["content"] for each in self.messages.values()]

    def _take(self, message: Json) -> None:
        if "answers" in message:
            self._answers[message["answers"]] = message
        self.state = message.get("state", self.state)
        self.messages |= {each["id"]: each for each in message.get("messages", [])}
        for number in message.get("gone", []):
            self.messages.pop(number, None)
        if "curtain" in message:
            self.log += message["curtain"].pop("log", [])
            self.curtain |= message["curtain"]
        if "typing" in message:
            self.typing.append(message["typing"])


@asynccontextmanager
async def open_page(playground: Playground, person: str = "", sound: str = "opus") -> AsyncIterator[PageClient]:
    """A page of a person, by their user id; without one, of the first."""
    address = f"{playground.url}socket?person={person}&sound={sound}"
    async with aiohttp.ClientSession() as session, session.ws_connect(address) as socket:
        page = PageClient(socket)
        reading = asyncio.create_task(page.read())
        try:
            await page.until(lambda: page.state)
            yield page
        finally:
            reading.cancel()
            await asyncio.gather(reading, return_exceptions=True)
