"""What the tests of ChatClient share: asking it, and endpoints that answer in exact bytes."""

import asyncio
import json
import re
from collections.abc import Sequence
from contextlib import aclosing, closing
from typing import Any, Self

import pytest

from assistant.domain.errors import ModelError
from assistant.llm.chat_client import ChatClient
from assistant.llm.chat_message import ChatMessage
from assistant.llm.retractable_text import Retraction
from sandbox.standins.faults import Body
from sandbox.standins.language_model.model_server import LanguageModel

KEY = "sk-a-very-secret-key"
REPLY = "The quick brown fox — naïve, 狐 and 🦊 — jumps over the lazy dog.\nTwice."
HELLO = (ChatMessage("system", "You are Molly."), ChatMessage("user", "hello", "Ada"))


class Pauses:
    """Stands in for `asyncio.sleep`: notes the pauses and does not take them."""

    def __init__(self) -> None:
        self.taken: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.taken.append(seconds)
        await asyncio.sleep(0)


def a_chat(server: LanguageModel, **changes: Any) -> ChatClient:
    settings: dict[str, Any] = {"base_url": server.base_url, "api_key": KEY, "model": "sandbox-model"}
    return ChatClient(**settings | changes)


async def whole(chat: ChatClient, messages: Sequence[ChatMessage] = HELLO) -> str:
    """What is left of a reply at its end."""
    got = ""
    async with aclosing(chat.reply(messages)) as pieces:
        async for piece in pieces:
            got = "" if isinstance(piece, Retraction) else got + piece
    return got


async def until_error(chat: ChatClient, messages: Sequence[ChatMessage] = HELLO) -> tuple[str, ModelError]:
    """What came, and the error it ended in."""
    got = ""
    with pytest.raises(ModelError) as caught:
        async with aclosing(chat.reply(messages)) as pieces:
            async for piece in pieces:
                got = "" if isinstance(piece, Retraction) else got + piece
    return got, caught.value


def stream_of(*events: object, ending: bytes = b"") -> Body:
    lines = [event if isinstance(event, bytes) else b"data: " + json.dumps(event).encode() for event in events]
    return Body("text/event-stream", b"".join(line + b"\n\n" for line in lines) + ending)


def chunk(content: object, finish_reason: object = None) -> dict[str, object]:
    return {"choices": [{"index": 0, "delta": {"content": content}, "finish_reason": finish_reason}]}


def delta(finish_reason: str | None = None, **fields: object) -> dict[str, object]:
    return {"choices": [{"index": 0, "delta": fields, "finish_reason": finish_reason}]}


def refused(status: int, document: object, **headers: str) -> Body:
    named = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return Body("application/json", json.dumps(document).encode(), status, named)


async def the_failure(server: LanguageModel, chat: ChatClient, body: Body) -> ModelError:
    server.order(body)
    got, error = await until_error(chat)
    assert got == ""
    assert len(server.requests) == 1, "asked again in vain"
    return error


def chunked(body: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(body), body)


STREAM_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"


class Script:
    """A server that answers every request with the same bytes. None among them is a short pause.

    After the last part the connection stays open and silent.
    """

    def __init__(self, *parts: bytes | None) -> None:
        self.asked: list[bytes] = []
        self.base_url = ""
        self._parts = parts
        self._tasks: list[asyncio.Task[None]] = []

    @property
    def connections(self) -> int:
        return len(self._tasks)

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        self.base_url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}/v1"
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._tasks.append(asyncio.create_task(self._answer(reader, writer)))

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with closing(writer):
            while head := await reader.readuntil(b"\r\n\r\n"):
                self.asked.append(head.partition(b"\r\n")[0])
                length = re.search(rb"Content-Length: (\d+)", head)
                await reader.readexactly(int(length[1]) if length else 0)
                for part in self._parts[:1] if head.startswith(b"HEAD") else self._parts:
                    if part is None:
                        await asyncio.sleep(0.02)
                    else:
                        writer.write(part)
