"""The body of a language model's answer, read to its end whichever way the endpoint sends it."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from typing import Final, TypeVar

import aiohttp

from assistant.domain.errors import ModelError
from assistant.llm.answer_clock import AnswerClock
from assistant.llm.body_form import LONGEST_BEGINNING, BodyForm, body_form
from assistant.llm.chat_completion import CompletionChunk, NotACompletionError, read_answer, read_chunk
from assistant.llm.chunk_selector import ChunkSelector
from assistant.llm.error_mapping import ModelErrorMapper
from assistant.llm.reported_error import ReportedError, refusal
from assistant.llm.stream_events import is_end, keeps_alive
from assistant.util.breather import Breather
from assistant.util.sse import Event, EventParser, EventTooLongError

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

_NO_CODINGS: Final = frozenset({"", "identity", "none", "chunked", "binary", "7bit", "8bit", "utf-8", "utf8", "text"})
"""What stands in Content-Encoding where nothing is encoded: `none` keeps proxies from compressing a stream."""
Read = TypeVar("Read")

_logger = logging.getLogger(__name__)


class ResponseReader:
    """Reads one response. It raises ModelError only; the response stays its owner's to release."""

    def __init__(self, response: aiohttp.ClientResponse, failures: ModelErrorMapper, clock: AnswerClock) -> None:
        self._response = response
        self._failures = failures
        self._clock = clock
        self._breather = Breather()
        self._grace_end: float | None = None
        self._noise = ""
        self._has_chunks = False
        self._selector = ChunkSelector()

    async def pieces(self) -> AsyncGenerator[CompletionChunk, None]:
        """Yield the pieces of the reply, and end only where the reply is whole."""
        if self._is_compressed:  # which we have not asked for: a kilobyte can be a gigabyte
            encoding = self._response.headers["Content-Encoding"]
            raise self._failures.invalid("garbage", f"an answer with the Content-Encoding {encoding}")
        beginning = await self._read_until_known()
        is_declared_stream = self._response.content_type == "text/event-stream"
        by_type = BodyForm.STREAM if is_declared_stream else BodyForm.OTHER
        match body_form(beginning, self._response.content_type) or by_type:
            case BodyForm.STREAM:
                async with aclosing(self._streamed(beginning)) as pieces:
                    async for piece in pieces:
                        yield piece
            case BodyForm.JSON:  # an endpoint that takes no notice of `stream`
                body = beginning + await self._read(MAX_ANSWER_BYTES - len(beginning))
                for piece in self._parse(read_answer, body.decode("utf-8-sig", errors="replace")):
                    yield piece
            case BodyForm.OTHER:
                kind = self._response.content_type
                body = beginning + await self._read(MAX_ERROR_BYTES)
                said = refusal(body.decode(errors="replace")).message
                raise self._failures.invalid("garbage", f"{kind}: {said}")

    async def _read_until_known(self) -> bytes:
        """As much of the body as it takes to know its form."""
        beginning = b""
        while body_form(beginning, self._response.content_type) is None and len(beginning) < LONGEST_BEGINNING:
            chunk = await self._next_bytes()
            if not chunk:
                break
            beginning += chunk
        return beginning

    async def read_beginning(self) -> str:
        """The body's beginning as text, enough of it for an error message."""
        if self._is_compressed:
            return f"its words are compressed, though that was not asked for: {self._response.reason}"
        return (await self._read(MAX_ERROR_BYTES)).decode(errors="replace")

    @property
    def _is_compressed(self) -> bool:
        codings = self._response.headers.get("Content-Encoding", "").lower().split(",")
        return any(coding.strip() not in _NO_CODINGS for coding in codings)

    async def read_error(self) -> ModelError:
        """What it means when the status is another one than 200."""
        try:
            said = await self.read_beginning()
        except ModelError as error:  # the status alone says enough
            said = error.detail
        return self._failures.status(self._response.status, self._response.headers, said)

    async def _streamed(self, beginning: bytes) -> AsyncGenerator[CompletionChunk, None]:
        parser = EventParser()
        chunk, ended = beginning, False
        while not ended:
            chunk = chunk or await self._next_bytes()
            ended = not chunk
            bites = [chunk[start : start + _BITE] for start in range(0, max(1, len(chunk)), _BITE)]
            chunk = b""
            for bite in bites:
                for event in self._events(parser, bite):
                    if is_end(event):
                        await self._drain()
                        self._check_noise()
                        return
                    if keeps_alive(event):
                        continue
                    if event.name.lower() == "error":
                        raise self._failures.reported(refusal(event.data))
                    piece = self._selector.select(self._parse(read_chunk, event.data, cut=ended))
                    self._note(piece)
                    yield piece
                    await self._breather.breathe()
                await self._breather.breathe()
        self._check_noise()
        if self._grace_end is None:
            said = self._noise or ("" if parser.has_fields else refusal(beginning.decode(errors="replace")).message)
            missing = "the stream ended without [DONE] or a finish_reason"
            raise self._failures.invalid("truncated", f"{missing}: {said}" if said else missing)

    def _check_noise(self) -> None:
        """What is no chunk is passed over, unless there was nothing else."""
        if self._noise and not self._has_chunks:
            raise self._failures.invalid("garbage", self._noise)

    def _events(self, parser: EventParser, part: bytes) -> list[Event]:
        """The events that a part of the stream completes; b"" is its end."""
        try:
            return parser.feed(part) if part else parser.close()
        except EventTooLongError as error:
            raise self._failures.invalid("garbage", str(error)) from error

    def _note(self, piece: CompletionChunk) -> None:
        self._noise = self._noise or piece.noise
        self._has_chunks = self._has_chunks or bool(piece.text or piece.is_thinking or piece.finish_reason)
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
            async with self._clock.running():
                if grace is None:
                    return await self._response.content.readany()
                async with asyncio.timeout(grace):
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

    def _parse(self, read: Callable[[str], Read], text: str, *, cut: bool = False) -> Read:
        """Read `text`; where it is unreadable and was the last thing sent (`cut`), its end is missing."""
        # `from None`: the causes hold the server's own words, which are not free of secrets yet.
        try:
            return read(text)
        except ReportedError as error:
            raise self._failures.reported(error) from None
        except NotACompletionError as error:
            raise self._failures.invalid("truncated" if cut else "garbage", str(error)) from None
