"""What an OpenAI-compatible endpoint sends: chat completions, whole or as server-sent events.

The forms are those of https://platform.openai.com/docs/api-reference/chat and its streaming events.
"""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import Mapping, Sequence
from typing import Any, Final

from aiohttp import web

_TOKEN: Final = re.compile(r"\s*\S{1,5}|\s+$")
_ID: Final = "chatcmpl-sandbox"
_CREATED: Final = 1_700_000_000  # a fixed second: nothing here depends on the date


def completion(model: str, text: str, usage: dict[str, int]) -> dict[str, Any]:
    """A whole reply as one object."""
    message = {"role": "assistant", "content": text}
    return {
        "id": _ID,
        "object": "chat.completion",
        "created": _CREATED,
        "model": model,
        "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
        "usage": usage,
    }


def text_of(content: str | list[dict[str, Any]]) -> str:
    """What can be read of a message's content, which may have parts: pictures beside its text."""
    if isinstance(content, str):
        return content
    return "".join(part["text"] for part in content if part["type"] == "text")


def usage_of(messages: Sequence[Mapping[str, Any]], text: str) -> dict[str, int]:
    """How many tokens a reply to these messages takes."""
    read = sum(len(tokens_of(text_of(message["content"]))) for message in messages)
    written = len(tokens_of(text))
    return {"prompt_tokens": read, "completion_tokens": written, "total_tokens": read + written}


def tokens_of(text: str) -> list[str]:
    """Cut `text` into pieces of words, with the space before a word in front of its first piece."""
    return _TOKEN.findall(text)


class CompletionStream:
    """One reply as server-sent events."""

    def __init__(self, model: str, sent: list[tuple[float, str]], usage: dict[str, int] | None) -> None:
        """`sent` takes every token with the `time.monotonic` of its sending.

        `usage` is told at the end of a whole reply, in a chunk without choices; None where nobody asked for it.
        """
        self.response = web.StreamResponse(headers={"Content-Type": "text/event-stream; charset=utf-8"})
        """The response, for the handler to return."""
        self._model = model
        self._sent = sent
        self._usage = usage

    async def begin(self, request: web.Request) -> None:
        """Send the headers and the chunk that names the role, as OpenAI does before the first token."""
        await self.response.prepare(request)
        await self._send_delta({"role": "assistant", "content": ""})

    async def say(self, text: str, *, first_token_at: float, tokens_per_second: float, limit: int | None) -> None:
        """Send the tokens of `text`, at most `limit` of them, the first at `first_token_at` (monotonic)."""
        for index, token in enumerate(tokens_of(text)[:limit]):
            wait = first_token_at + index / tokens_per_second - time.monotonic()
            if wait > 0:
                await asyncio.sleep(wait)
            self._sent.append((time.monotonic(), token))
            await self._send_delta({"content": token})

    async def finish(self) -> None:
        """Send what ends a whole reply."""
        await self._send_delta({}, finish_reason="stop")
        if self._usage is not None:
            await self.send(self._chunk([]) | {"usage": self._usage})
        await self.response.write(b"data: [DONE]\n\n")

    async def send(self, document: dict[str, Any]) -> None:
        """Send one event."""
        await self.response.write(b"data: " + json.dumps(document, ensure_ascii=False).encode() + b"\n\n")

    async def _send_delta(self, delta: dict[str, str], finish_reason: str | None = None) -> None:
        chunk = self._chunk([{"index": 0, "delta": delta, "finish_reason": finish_reason}])
        await self.send(chunk if self._usage is None else chunk | {"usage": None})

    def _chunk(self, choices: list[dict[str, Any]]) -> dict[str, Any]:
        return {
            "id": _ID,
            "object": "chat.completion.chunk",
            "created": _CREATED,
            "model": self._model,
            "choices": choices,
        }
