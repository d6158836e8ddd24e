"""The language model: a reply streamed from an OpenAI-compatible endpoint."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import aclosing
from types import TracebackType
from typing import Final, Self

import aiohttp
from prometheus_client import CollectorRegistry

from assistant.domain.errors import (
    ModelContextExceeded,
    ModelError,
    ModelFailed,
    ModelRateLimited,
)
from assistant.domain.token_usage import TokenUsage
from assistant.llm.answer_clock import AnswerClock
from assistant.llm.chat_message import ChatMessage
from assistant.llm.endpoint_address import EndpointAddress
from assistant.llm.endpoint_lessons import EndpointLessons, LessonTrial
from assistant.llm.error_mapping import ModelErrorMapper, is_transient
from assistant.llm.model_list import LONGEST_LIST_BYTES, model_names
from assistant.llm.pictures import PictureSupport, with_pictures
from assistant.llm.request_options import RequestOptions
from assistant.llm.request_sender import RequestSender
from assistant.llm.retractable_text import Retraction
from assistant.telemetry.metrics import Metrics
from assistant.util.backoff import MAX_RETRY_AFTER_SECONDS, backoff_seconds
from assistant.util.openai_http import OpenAiHttp

_logger = logging.getLogger(__name__)

DEFAULT_MAX_CHARACTERS: Final = 32_000
"""Half an hour of speech."""
_LIST_SECONDS: Final = 5.0
"""How long the list of models may take."""
DEFAULT_TOTAL_TIMEOUT: Final = 300.0
"""Seconds: slow models on small machines write some hundred words in that time."""


class ChatClient:
    """One OpenAI-compatible endpoint, over one long-lived HTTP session. Any number of replies run at once.

    Use it as an async context manager.
    """

    def __init__(
        self,
        *,
        base_url: str,
        api_key: str | None,
        model: str,
        connect_timeout: float = 10.0,
        read_timeout: float = 30.0,
        total_timeout: float = DEFAULT_TOTAL_TIMEOUT,
        max_tokens: int = 0,
        max_characters: int = DEFAULT_MAX_CHARACTERS,
        asks_for_usage: bool = False,
        is_openai: bool = False,
        reasoning_effort: str | None = None,
        metrics: Metrics | None = None,
        tries: int = 3,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        """Describe the endpoint; nothing is sent yet.

        Args:
            base_url: the API's address, such as `https://api.openai.com/v1`; every request has its query, if any.
            api_key: sent as a bearer token; None or "" for a server that asks for none.
            model: the model's name there.
            connect_timeout: seconds for one attempt to connect, name lookup and TLS included.
            read_timeout: seconds that may pass without text, before the reply and within it, whatever else comes.
            total_timeout: seconds a reply may take altogether.
            max_tokens: the most tokens a reply may take, thoughts included; 0: the endpoint decides.
            max_characters: where a reply is cut that goes on.
            asks_for_usage: whether to ask how many tokens a reply took; others than OpenAI need no telling to tell.
            is_openai: whether this is OpenAI's own API.
            reasoning_effort: how much the model is to think before it answers; None: it decides.
            metrics: who counts; None: nobody looks.
            tries: how often a request is sent at most, while nothing of the reply has come.
            sleep: waits between tries.
            jitter: a number from 0 to 1, spreads the tries of many calls.
        """
        address = EndpointAddress.read(base_url)
        self._api = OpenAiHttp(
            base_url=address.base,
            api_key=api_key,
            connect_timeout=connect_timeout,
            read_timeout=read_timeout,
            query=address.query,
            key_headers=address.key_headers,
        )
        self._model = model
        self._lessons = EndpointLessons(
            RequestOptions(
                max_tokens=max_tokens,
                asks_for_usage=asks_for_usage,
                is_openai=is_openai,
                reasoning_effort=reasoning_effort,
            )
        )
        self._pictures = PictureSupport()
        self._connect_timeout = connect_timeout
        self._read_timeout = read_timeout
        self._total_timeout = total_timeout
        self._max_characters = max_characters
        self._metrics = metrics or Metrics(CollectorRegistry())
        self._failures = ModelErrorMapper(base_url=base_url, api_key=api_key, read_timeout=read_timeout)
        self._sender = RequestSender(self._api, self._failures, self._metrics, connect_timeout=connect_timeout)
        self._tries = tries
        self._sleep = sleep
        self._jitter = jitter

    async def __aenter__(self) -> Self:
        await self._api.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._api.__aexit__(kind, error, trace)

    async def warm(self) -> None:
        """Have a connection open before the first question needs it; where that fails, the question will tell."""
        await self._api.warm()

    async def offered_models(self) -> list[str]:
        """The names of the models that the endpoint says it has; nothing where it has no list, or none that is read."""
        try:
            async with (
                asyncio.timeout(self._connect_timeout + _LIST_SECONDS),
                await self._api.get("/models") as response,
            ):
                body = bytearray()
                while response.status == 200 and len(body) < LONGEST_LIST_BYTES:
                    if not (chunk := await response.content.readany()):
                        break
                    body += chunk
        except (aiohttp.ClientError, TimeoutError) as error:
            _logger.debug("The endpoint gives no list of its models: %r", error)
            return []
        return await asyncio.to_thread(model_names, bytes(body))

    async def reply(
        self, messages: Sequence[ChatMessage], *, count: Callable[[TokenUsage], None] | None = None
    ) -> AsyncGenerator[str | Retraction, None]:
        """Yield the model's reply, piece by piece as it comes, without its thoughts; at least one piece is not blank.

        Leave the generator with `contextlib.aclosing`: closing it ends the request at once. A request that
        fails is sent again while nothing of the reply has come. An error after that ends the reply; what was
        yielded stays true. A `Retraction` says that all pieces before it were thoughts: that shows only at their
        end, where a model does not mark their beginning. The next reply is held back until that end.

        Args:
            messages: what the model is told. The oldest turns are left out where it does not read so much.
            count: called with the tokens of each request that was not refused, as the endpoint counts them, or else
                about as many: also where the reply was not read to its end, at which endpoints tell the number.

        Raises:
            ModelAnswerTooLong: the reply has reached a limit.
            ModelError: another one of its subclasses.
        """
        trial = self._lessons.begin()
        begun = False
        try:
            async with aclosing(self._tried(messages, trial, count)) as pieces:
                async for piece in pieces:
                    begun = True
                    yield piece
        except ModelError as error:
            if not begun:
                trial.failed(error)
            raise

    async def _tried(
        self, messages: Sequence[ChatMessage], trial: LessonTrial, count: Callable[[TokenUsage], None] | None
    ) -> AsyncGenerator[str | Retraction, None]:
        """Ask until a reply begins, in other ways where one is refused."""
        pictures = self._pictures.of(messages)
        clock = AnswerClock(silence=self._read_timeout, whole=self._total_timeout)
        failures = 0
        while True:
            room = self._max_characters
            sent = self._lessons.window.fit(messages)
            options = self._lessons.options
            body = {"model": self._model, "messages": options.wire_messages(sent), **options.fields}
            clock.text_came()
            try:
                request, told = with_pictures(body, pictures), str(body["messages"])
                async with aclosing(self._sender.send(request, told, clock, count)) as pieces:
                    async for piece in pieces:
                        if isinstance(piece, Retraction):
                            room = self._max_characters
                            yield piece
                            continue
                        text = piece[:room]
                        room -= len(text)
                        if text:
                            yield text
                        if text != piece:
                            raise self._failures.too_long(f"more than {self._max_characters} characters")
            except ModelError as error:
                begun = room < self._max_characters
                self._metrics.model_failed(error)
                if not begun and pictures and isinstance(error, ModelContextExceeded):  # they take the most room
                    pictures = ()
                    continue
                if not begun and trial.learn(error, body, sent):
                    continue
                if not begun and pictures and self._pictures.learn(error):
                    pictures = ()
                    continue
                failures += 1
                if begun or failures >= self._tries or not is_transient(error):
                    raise
                pause = self._pause(error, failures)
                _logger.warning("asking the model again in %.2f s: %s", pause, error)
            else:
                return
            await self._sleep(pause)

    def _pause(self, error: ModelError, failures: int) -> float:
        """How long to wait before the next try, in seconds; raises `error` where that is too long."""
        asked = error.retry_after if isinstance(error, ModelRateLimited | ModelFailed) else None
        if asked is not None and asked > MAX_RETRY_AFTER_SECONDS:
            raise error
        return max(asked or 0.0, backoff_seconds(failures, self._jitter()))
