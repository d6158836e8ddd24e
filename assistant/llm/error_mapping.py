"""What went wrong with a request to the language model, as the errors of assistant.domain.errors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

import aiohttp
from yarl import URL

from assistant.domain.errors import (
    ModelAnswerInvalid,
    ModelAnswerTooLong,
    ModelError,
    ModelFailed,
    ModelRateLimited,
    ModelRefused,
    ModelTimeout,
    ModelUnreachable,
)
from assistant.llm.answer_clock import AnswerClock
from assistant.llm.chat_completion import ReportedError, as_text, error_message, refused_field
from assistant.llm.request_options import OPTIONAL_FIELDS
from assistant.util.backoff import retry_after_seconds

MAX_DETAIL_CHARACTERS: Final = 200
"""As much of a server's own words as a log line needs."""

_REFUSALS: Final = frozenset({400, 404, 422})
"""What endpoints answer to a field that they don't take: OpenAI, OpenRouter, servers made with FastAPI."""


class ModelErrorMapper:
    """Makes the errors of one endpoint; it alone sees to it that none of them shows the API key."""

    def __init__(self, *, base_url: str, api_key: str | None, read_timeout: float) -> None:
        self._endpoint = str(URL(base_url).with_user(None).with_query(None))
        self._api_key = api_key
        self._read_timeout = read_timeout

    def transport(self, error: aiohttp.ClientError) -> ModelError:
        """The connection failed before an answer began."""
        if isinstance(error, aiohttp.SocketTimeoutError):
            return self.silence()
        detail = self._detail(f"{type(error).__name__}: {error}")
        if isinstance(error, aiohttp.ClientResponseError):  # it answered, though not in HTTP
            return ModelAnswerInvalid(endpoint=self._endpoint, detail=detail, reason="garbage")
        return ModelUnreachable(endpoint=self._endpoint, detail=detail)

    def silence(self) -> ModelTimeout:
        """The endpoint was connected and wrote nothing for the whole of the read timeout."""
        return ModelTimeout(
            endpoint=self._endpoint, detail="no text within the read timeout", seconds=self._read_timeout
        )

    def timeout(self, clock: AnswerClock) -> ModelTimeout:
        """The time of an answer has passed."""
        if not clock.is_over:
            return self.silence()
        return ModelTimeout(
            endpoint=self._endpoint, detail="no end within the time for a whole answer", seconds=clock.whole
        )

    def status(self, status: int, headers: Mapping[str, str], body: str) -> ModelError:
        """The endpoint answered with an HTTP status other than 200."""
        error = self._failed(status, retry_after_seconds(headers.get("Retry-After")), error_message(body))
        if isinstance(error, ModelFailed) and status in _REFUSALS:
            error.refused_field = refused_field(body, OPTIONAL_FIELDS)
        return error

    def reported(self, error: ReportedError) -> ModelError:
        """The endpoint put an error object in the place of a reply, or of its next part."""
        return self._failed(error.status, None, error.message)

    def too_long(self, detail: str) -> ModelAnswerTooLong:
        """The answer reached a limit."""
        return ModelAnswerTooLong(endpoint=self._endpoint, detail=self._detail(detail))

    def invalid(self, reason: Literal["garbage", "empty", "truncated"], detail: str) -> ModelAnswerInvalid:
        """The endpoint answered, and the answer is not a whole reply."""
        return ModelAnswerInvalid(endpoint=self._endpoint, detail=self._detail(detail), reason=reason)

    def _failed(self, status: int | None, retry_after: float | None, message: str) -> ModelError:
        detail = self._detail(message)
        match status:
            case 401 | 403:
                return ModelRefused(endpoint=self._endpoint, detail=detail, status=status)
            case 429:
                return ModelRateLimited(endpoint=self._endpoint, detail=detail, retry_after=retry_after)
            case _:
                return ModelFailed(endpoint=self._endpoint, detail=detail, status=status, retry_after=retry_after)

    def _detail(self, text: str) -> str:
        if self._api_key:  # endpoints do repeat the key they refuse
            text = text.replace(self._api_key, "[key]")
        return " ".join(as_text(text).split())[:MAX_DETAIL_CHARACTERS]


def is_transient(error: ModelError) -> bool:
    """Whether the same request may well succeed a moment later."""
    match error:
        case ModelUnreachable() | ModelRateLimited():
            return True
        case ModelFailed(status=status):
            return status is None or status in (408, 409) or status >= 500
        case ModelAnswerInvalid(reason=reason):
            return reason == "truncated"
        case _:
            return False
