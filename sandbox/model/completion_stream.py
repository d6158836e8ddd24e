"""What an OpenAI-compatible endpoint sends: chat completions, whole or as server-sent events.

The forms are those of https://platform.openai.com/docs/api-reference/chat and its streaming events.
"""

from __future__ import annotations

import asyncio
import json
import re
import time
from typing import Any

from aiohttp import web

_TOKEN = re.compile(r"\s*\S{1,5}|\s+$")
_ID = "chatcmpl-sandbox"
_CREATED = 1_700_000_000  # a fixed second: nothing here depends on the date


def completion(model: str, text: str) -> dict[str, Any]:
    """A whole reply as one object."""
    message = {"role": "assistant", "content": text}
    return {
        "id": _ID,
        "object": "chat.completion",
        "created": _CREATED,
        "model": model,
        "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0},
    }


def tokens_of(text: str) -> list[str]:
    """Cut `text` into pieces of words, with the space before a word in front of its first piece."""
    return _TOKEN.findall(text)


class CompletionStream:
    """One reply as server-sent events."""

    def __init__(self, model: str, sent: list[tuple[float, str]]) -> None:
        """`sent` takes every token with the `time.monotonic` of its sending."""
        self.response = web.StreamResponse(headers={"Content-Type": "text/event-stream; charset=utf-8"})
        """The response, for the handler to return."""
        self._model = model
        self._sent = sent

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
        await self.response.write(b"data: [DONE]\n\n")

    async def send(self, document: dict[str, Any]) -> None:
        """Send one event."""
        await self.response.write(b"data: " + json.dumps(document, ensure_ascii=False).encode() + b"\n\n")

    async def _send_delta(self, delta: dict[str, str], finish_reason: str | None = None) -> None:
        chunk = {
            "id": _ID,
            "object": "chat.completion.chunk",
            "created": _CREATED,
            "model": self._model,
            "choices": [{"index": 0, "delta": delta, "finish_reason": finish_reason}],
        }
        await self.send(chunk)
