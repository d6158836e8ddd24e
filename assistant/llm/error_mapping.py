"""What went wrong with a request to the language model, as the errors of assistant.domain.errors."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final, Literal

import aiohttp
from yarl import URL

from assistant.domain.errors import (
    ModelAnswerFiltered,
    ModelAnswerInvalid,
    ModelAnswerTooLong,
    ModelContextExceeded,
    ModelError,
    ModelFailed,
    ModelNoCredit,
    ModelRateLimited,
    ModelRefused,
    ModelSaidNothing,
    ModelSystemRoleRefused,
    ModelTimeout,
    ModelUnreachable,
)
from assistant.llm.answer_clock import AnswerClock
from assistant.llm.context_errors import context_error
from assistant.llm.credit_errors import is_out_of_credit
from assistant.llm.message_content import as_text
from assistant.llm.refused_field import refused_field
from assistant.llm.reported_error import ReportedError, refusal
from assistant.llm.request_options import TOKEN_LIMITS
from assistant.llm.retry_after import retry_after_in_headers, retry_after_in_words
from assistant.llm.role_errors import is_about_roles

MAX_DETAIL_CHARACTERS: Final = 200
"""As much of a server's own words as a log line needs."""

_LEAST_OF_KEY: Final = 6
"""Characters of a key that tell something: services begin theirs with a few that are known."""
_REDIRECTS: Final = range(300, 400)
TRANSIENT_CLIENT_ERRORS: Final = frozenset({408, 409, 425})
"""The 4xx statuses after which the same request may succeed: Request Timeout, Conflict, Too Early."""

_FILTERED: Final = re.compile(
    # Azure; OpenAI; Mistral and others; Alibaba; Anthropic
    r"content_filter|responsibleaipolicyviolation|content_policy_violation|moderation|data_?inspection_?failed"
    r"|content management policy|content policy"
)


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
        error = refusal(body)
        if status in _REDIRECTS:  # which are not followed: they might carry the key elsewhere
            error.message = f"it has moved to {headers.get('Location', 'nowhere')}"
        return self._failed(error, status, retry_after_in_headers(headers))

    def reported(self, error: ReportedError) -> ModelError:
        """The endpoint put an error in the place of a reply, or of its next part."""
        return self._failed(error, error.status, None)

    def too_long(self, detail: str) -> ModelAnswerTooLong:
        """The answer reached a limit."""
        return ModelAnswerTooLong(endpoint=self._endpoint, detail=self._detail(detail))

    def filtered(self, detail: str) -> ModelAnswerFiltered:
        """A content filter ended the answer."""
        return ModelAnswerFiltered(endpoint=self._endpoint, detail=self._detail(detail))

    def said_nothing(self, cause: Literal["thoughts", "tool_calls"], detail: str) -> ModelSaidNothing:
        """The answer is whole, without any text."""
        return ModelSaidNothing(endpoint=self._endpoint, detail=self._detail(detail), cause=cause)

    def invalid(self, reason: Literal["garbage", "empty", "truncated"], detail: str) -> ModelAnswerInvalid:
        """The endpoint answered, and the answer is not a whole reply."""
        return ModelAnswerInvalid(endpoint=self._endpoint, detail=self._detail(detail), reason=reason)

    def _failed(  # noqa: PLR0911 - one for each kind of failure
        self, error: ReportedError, status: int | None, retry_after: float | None
    ) -> ModelError:
        endpoint, detail = self._endpoint, self._detail(error.message)
        retry_after = retry_after if retry_after is not None else retry_after_in_words(error.message)
        if status == 402 or is_out_of_credit(error, retry_after):
            return ModelNoCredit(endpoint=endpoint, detail=detail, status=status)
        if (context := context_error(error, status)) is not None:
            return ModelContextExceeded(
                endpoint=endpoint,
                detail=detail,
                status=status,
                limit=context.limit,
                prompt_tokens=context.prompt_tokens,
                refused_field=TOKEN_LIMITS[0] if context.is_answer_counted else None,
            )
        if status in (400, 403, None) and _FILTERED.search(f"{error.code} {error.message}".lower()):
            return ModelAnswerFiltered(endpoint=endpoint, detail=detail)
        if is_about_roles(error, status):
            return ModelSystemRoleRefused(endpoint=endpoint, detail=detail)
        match status:
            case 401 | 403:
                return ModelRefused(endpoint=endpoint, detail=detail, status=status)
            case 429:
                return ModelRateLimited(endpoint=endpoint, detail=detail, retry_after=retry_after)
            case _:
                failed = ModelFailed(endpoint=endpoint, detail=detail, status=status, retry_after=retry_after)
        failed.refused_field = refused_field(error, status)
        return failed

    def _detail(self, text: str) -> str:
        if self._api_key:  # endpoints do repeat the key they refuse
            text = text.replace(self._api_key, "[key]")
            for length in range(len(self._api_key) - 1, _LEAST_OF_KEY - 1, -1):  # what was read may end within it
                if text.rstrip("'\"").endswith(self._api_key[:length]):
                    text = text.rstrip("'\"")[:-length] + "[key]"
                    break
        return " ".join(as_text(text).split())[:MAX_DETAIL_CHARACTERS]


def is_transient(error: ModelError) -> bool:
    """Whether the same request may well succeed a moment later."""
    match error:
        case ModelUnreachable() | ModelRateLimited():
            return True
        case ModelFailed(status=status):
            return status is None or status in TRANSIENT_CLIENT_ERRORS or status >= 500
        case ModelAnswerInvalid(reason=reason):
            return reason == "truncated"
        case _:
            return False
