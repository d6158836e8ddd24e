"""One request to the language model, and the reply to it."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import aclosing, closing
from functools import partial
from typing import Final

import aiohttp

from assistant.domain.errors import ModelError
from assistant.domain.token_usage import TokenUsage
from assistant.llm.answer_clock import AnswerClock
from assistant.llm.error_mapping import ModelErrorMapper
from assistant.llm.reply_reader import ReplyReader
from assistant.llm.request_meter import RequestMeter
from assistant.llm.response_reader import ResponseReader
from assistant.llm.retractable_text import Retraction
from assistant.telemetry.metrics import Metrics
from assistant.util.breather import Breather
from assistant.util.openai_http import OpenAiHttp

_GOOD: Final = range(200, 300)
"""The statuses of an answer; a few proxies say 201."""
_BITE: Final = 4096
"""How many characters are read at a time, before others have their turn."""


class RequestSender:
    """Sends requests to one endpoint, each once. It knows how the model there begins its replies."""

    def __init__(
        self, api: OpenAiHttp, failures: ModelErrorMapper, metrics: Metrics, *, connect_timeout: float
    ) -> None:
        """Nothing is sent yet.

        Args:
            api: where to send to.
            failures: makes the errors.
            metrics: who counts the requests.
            connect_timeout: seconds for one attempt to connect.
        """
        self._api = api
        self._failures = failures
        self._metrics = metrics
        self._connect_timeout = connect_timeout
        self._begins_in_thought = False

    async def send(
        self, body: Mapping[str, object], told: str, clock: AnswerClock, count: Callable[[TokenUsage], None] | None
    ) -> AsyncGenerator[str | Retraction, None]:
        """Send a request; yield the pieces of a whole reply that is not blank.

        Args:
            body: the request.
            told: what the model is told with it, as text.
            clock: how long it may take.
            count: see `ChatClient.reply`.

        Raises:
            ModelError: one of its subclasses.
        """
        breather = Breather()
        reply = ReplyReader(self._failures, begins_in_thought=self._begins_in_thought)
        with closing(RequestMeter(self._metrics, told, count)) as meter:
            try:
                opened = await self._open(body, clock)
            except ModelError:
                meter.refused()
                raise
            async with (
                opened as response,
                aclosing(ResponseReader(response, self._failures, clock).pieces()) as chunks,
            ):
                async for chunk in chunks:
                    meter.add(chunk)
                    reply.note(chunk)
                    for start in range(0, len(chunk.text), _BITE):
                        for piece in reply.read(chunk.text[start : start + _BITE]):
                            self._begins_in_thought = reply.begins_in_thought
                            yield piece
                        await breather.breathe()
            try:
                for piece in reply.finish():
                    yield piece
            finally:
                self._begins_in_thought = reply.begins_in_thought

    async def _open(self, body: Mapping[str, object], clock: AnswerClock) -> aiohttp.ClientResponse:
        try:
            async with clock.running(grace=self._connect_timeout) as countdown:
                begin_again = partial(clock.begin_again, countdown)
                response = await self._api.post("/chat/completions", body, on_connected=begin_again)
        except aiohttp.ClientError as error:
            raise self._failures.transport(error) from error
        except TimeoutError:
            raise self._failures.timeout(clock) from None
        if response.status in _GOOD:
            return response
        async with response:
            raise await ResponseReader(response, self._failures, clock).read_error()
