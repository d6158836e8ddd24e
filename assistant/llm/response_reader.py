"""The body of a language model's answer, read to its end whichever way the endpoint sends it."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from typing import Final

import aiohttp

from assistant.domain.errors import ModelError
from assistant.llm.answer_clock import AnswerClock
from assistant.llm.chat_completion import CompletionChunk, NotACompletionError, ReportedError, read_answer, read_chunk
from assistant.llm.error_mapping import ModelErrorMapper
from assistant.llm.sse import EventParser, EventTooLongError
from assistant.util.breather import Breather

MAX_ANSWER_BYTES: Final = 2 << 20
"""The largest answer in one JSON body that is read."""
MAX_ERROR_BYTES: Final = 4096
"""How much of an error's body is read."""
FINISH_GRACE_SECONDS: Final = 3.0
"""How long after a `finish_reason` to wait for the stream's end. Some endpoints send a `finish_reason` with
every chunk, so it does not end the reply by itself; others neither send `[DONE]` nor close the connection."""
DRAIN_SECONDS: Final = 0.2
"""How long after `[DONE]` to wait for the end of the body, so that the connection can be used again."""
_DRAINED_BYTES: Final = 1 << 16
"""How much is read for that: what goes on is not waited for."""
_BITE: Final = 4096
"""How many bytes of a stream are taken apart at a time, before others have their turn."""

_logger = logging.getLogger(__name__)


class ResponseReader:
    """Reads one response. It raises ModelError only; the response stays its owner's to release."""

    def __init__(self, response: aiohttp.ClientResponse, failures: ModelErrorMapper, clock: AnswerClock) -> None:
        self._response = response
        self._failures = failures
        self._clock = clock
        self._breather = Breather()
        self._grace_end: float | None = None

    async def pieces(self) -> AsyncGenerator[CompletionChunk, None]:
        """Yield the pieces of the reply, and end only where the reply is whole."""
        kind = self._response.content_type
        encoding = self._response.headers.get("Content-Encoding", "identity")
        if encoding.strip().lower() != "identity":  # which was all that we take: a kilobyte can be a gigabyte
            raise self._failures.invalid("garbage", f"an answer with the Content-Encoding {encoding}")
        if kind == "text/event-stream":
            async with aclosing(self._streamed()) as pieces:
                async for piece in pieces:
                    yield piece
        elif kind == "application/json":  # an endpoint that takes no notice of `stream`
            body = await self._read(MAX_ANSWER_BYTES)
            yield self._parse(read_answer, body.decode(errors="replace"))
        else:
            raise self._failures.invalid("garbage", f"{kind}: {await self.read_beginning()}")

    async def read_beginning(self) -> str:
        """The body's beginning as text, enough of it for an error message."""
        return (await self._read(MAX_ERROR_BYTES)).decode(errors="replace")

    async def read_error(self) -> ModelError:
        """What it means when the status is another one than 200."""
        try:
            said = await self.read_beginning()
        except ModelError as error:  # the status alone says enough
            said = error.detail
        return self._failures.status(self._response.status, self._response.headers, said)

    async def _streamed(self) -> AsyncGenerator[CompletionChunk, None]:
        parser = EventParser()
        ended = False
        while not ended:
            chunk = await self._next_bytes()
            ended = not chunk
            for start in range(0, max(1, len(chunk)), _BITE):
                for event in self._events(parser, chunk[start : start + _BITE]):
                    if event.strip() == "[DONE]":
                        await self._drain()
                        return
                    piece = self._parse(read_chunk, event, cut=ended)
                    self._note_time(piece)
                    yield piece
                    await self._breather.breathe()
                await self._breather.breathe()
        if self._grace_end is None:
            raise self._failures.invalid("truncated", "the stream ended without [DONE] or a finish_reason")

    def _events(self, parser: EventParser, part: bytes) -> list[str]:
        """The events that a part of the stream completes; b"" is its end."""
        try:
            return parser.feed(part) if part else parser.close()
        except EventTooLongError as error:
            raise self._failures.invalid("garbage", str(error)) from error

    def _note_time(self, piece: CompletionChunk) -> None:
        if piece.text or piece.is_thinking:
            self._clock.text_came()
        if piece.finish_reason is not None or (piece.text and self._grace_end is not None):
            self._grace_end = time.monotonic() + FINISH_GRACE_SECONDS

    async def _next_bytes(self) -> bytes:
        """The next bytes of a stream, b"" at its end. A reply with a `finish_reason` can't fail any more."""
        grace = None if self._grace_end is None else self._grace_end - time.monotonic()
        if grace is not None and grace <= 0:
            return b""
        try:
            async with self._clock.running(), asyncio.timeout(grace):
                return await self._response.content.readany()
        except (aiohttp.ClientError, TimeoutError) as error:
            if grace is not None:
                _logger.debug("the stream did not end well after its finish_reason: %r", error)
                return b""
            raise self._body_failure(error) from error

    async def _read(self, limit: int) -> bytes:
        """The body's first `limit` bytes, or all of it if it is shorter."""
        body = bytearray()
        try:
            while len(body) < limit:
                async with self._clock.running():
                    chunk = await self._response.content.read(limit - len(body))
                if not chunk:
                    break
                body += chunk
                await self._breather.breathe()
        except (aiohttp.ClientError, TimeoutError) as error:
            raise self._body_failure(error) from error
        return bytes(body)

    async def _drain(self) -> None:
        left = _DRAINED_BYTES
        try:
            async with asyncio.timeout(DRAIN_SECONDS):
                while left > 0 and (chunk := await self._response.content.readany()):
                    left -= len(chunk)
        except (aiohttp.ClientError, TimeoutError) as error:
            _logger.debug("the connection can't be used again: %r", error)

    def _body_failure(self, error: aiohttp.ClientError | TimeoutError) -> ModelError:
        if isinstance(error, TimeoutError):
            return self._failures.timeout(self._clock)
        return self._failures.invalid("truncated", f"{type(error).__name__}: {error}")

    def _parse(self, read: Callable[[str], CompletionChunk], text: str, *, cut: bool = False) -> CompletionChunk:
        """Read `text`; where it is unreadable and was the last thing sent (`cut`), its end is missing."""
        # `from None`: the causes hold the server's own words, which are not free of secrets yet.
        try:
            return read(text)
        except ReportedError as error:
            raise self._failures.reported(error) from None
        except NotACompletionError as error:
            raise self._failures.invalid("truncated" if cut else "garbage", str(error)) from None
