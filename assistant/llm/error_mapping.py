"""What went wrong with a request to the language model, as the errors of assistant.domain.errors."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
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
from assistant.llm.chat_completion import as_text
from assistant.llm.context_errors import context_error
from assistant.llm.reported_error import ReportedError, refusal
from assistant.llm.request_options import OPTIONAL_FIELDS, TOKEN_LIMITS
from assistant.util.backoff import retry_after_seconds

MAX_DETAIL_CHARACTERS: Final = 200
"""As much of a server's own words as a log line needs."""

_REFUSALS: Final = frozenset({400, 404, 422})
"""What endpoints answer to a field that they don't take: OpenAI, OpenRouter, servers made with FastAPI."""
_REDIRECTS: Final = range(300, 400)
_TEMPLATE_FAILURES: Final = frozenset({400, 404, 422, 500, None})
"""What they answer where the model's own chat template has no system message: llama.cpp's server has sent 500."""

_NO_CREDIT: Final = re.compile(
    # OpenAI, Perplexity; Moonshot; OpenAI; DeepSeek; others
    r"insufficient_quota|exceeded_current_quota|billing_(?:hard_limit|not_active)"
    r"|insufficient_(?:balance|credits?|funds)|payment_required|credit_balance|credits?_exhausted"
    r"|out_of_credits?|spend(?:ing)?_limit"
)
_NO_CREDIT_WORDS: Final = re.compile(
    # Anthropic; DeepSeek, OpenRouter; xAI; Together; OpenAI; Z.AI
    r"credit balance is too low|insufficient (?:account )?(?:balance|credits?|funds|quota)"
    r"|used all available credits"
    r"|credit limit (?:exceeded|reached)|spending limit|out of credits?|no credits? (?:left|remaining)"
    r"|more credits|billing (?:hard limit|is not active|account)|payment required"
    r"|check your plan and billing|exceeded your current quota"
    r"|余额不足|欠费",
    re.IGNORECASE,
)
_FILTERED: Final = re.compile(
    # Azure; OpenAI; Mistral and others; Alibaba; Anthropic
    r"content_filter|responsibleaipolicyviolation|content_policy_violation|moderation|data_?inspection_?failed"
    r"|content management policy|content policy"
)
_SYSTEM_ROLE: Final = re.compile(
    r"system (?:role|messages?|prompts?|instructions?)[^.]{0,40}(?:not|n't|unsupported)"  # Gemma's chat template
    r"|(?:not|n't) (?:support|allow|accept)\w*[^.]{0,30}\bsystem\b"  # OpenAI's o1-mini, Bedrock
    r"|developer instruction is not enabled"  # Gemma behind Gemini's endpoint
    r"|only (?:the )?['\"]?user['\"]?,? (?:and|or) ['\"]?(?:assistant|model)"  # other chat templates
    r"|unexpected role ['\"]?system|invalid role:? ['\"]?system|['\"]system['\"] is not (?:one of|a valid)"
    r"|should be ['\"]user['\"] or ['\"]assistant"  # Anthropic, and servers made with pydantic
    r"|roles must alternate",  # chat templates which count the instructions among the turns
    re.IGNORECASE,
)
_RETRY_IN: Final = re.compile(
    r"(?:retry|try again) (?:in|after) (?:([0-9]{1,3})h)?(?:([0-9]{1,4})m(?!s))?"
    r" ?(?:([0-9]{1,6}(?:\.[0-9]{1,9})?) ?(ms|s)?)?",
    re.IGNORECASE,
)
"""OpenAI, Groq ("in 1m2.5s") and Gemini ("in 33.6s") say it in words, too."""


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
        return self._failed(error, status, _retry_after(headers))

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
        retry_after = retry_after if retry_after is not None else _retry_after_words(error)
        if status == 402 or _is_out_of_credit(error, retry_after):
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
        if status in _TEMPLATE_FAILURES and _SYSTEM_ROLE.search(error.message):
            return ModelSystemRoleRefused(endpoint=endpoint, detail=detail)
        match status:
            case 401 | 403:
                return ModelRefused(endpoint=endpoint, detail=detail, status=status)
            case 429:
                return ModelRateLimited(endpoint=endpoint, detail=detail, retry_after=retry_after)
            case _:
                failed = ModelFailed(endpoint=endpoint, detail=detail, status=status, retry_after=retry_after)
        if status in _REFUSALS:
            failed.refused_field = _refused_field(error, OPTIONAL_FIELDS)
        return failed

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


def _is_out_of_credit(error: ReportedError, retry_after: float | None) -> bool:
    """Whether there is no credit. Gemini says the same of its limit for a minute, and when that is over."""
    if _NO_CREDIT.search(error.code):
        return True
    return retry_after is None and _NO_CREDIT_WORDS.search(error.message) is not None


def _refused_field(error: ReportedError, fields: Iterable[str]) -> str | None:
    """Which of our `fields` a refusal is about; None if about none.

    OpenAI names it (`param`, https://platform.openai.com/docs/guides/error-codes). Others only mention it, and may
    mention the one they would take behind it.
    """
    fields = list(fields)
    if error.param:
        return error.param if error.param in fields else None
    text = error.source or error.message
    places = {field: found.start() for field in fields if (found := re.search(rf"\b{field}\b", text)) is not None}
    return min(places, key=lambda field: places[field], default=None)


def _retry_after(headers: Mapping[str, str]) -> float | None:
    milliseconds = headers.get("Retry-After-Ms", "").strip()  # OpenAI's own, finer than the standard's
    if re.fullmatch(r"[0-9]{1,12}(?:\.[0-9]{1,9})?", milliseconds):
        return retry_after_seconds(str(float(milliseconds) / 1000))
    return retry_after_seconds(headers.get("Retry-After"))


def _retry_after_words(error: ReportedError) -> float | None:
    found = _RETRY_IN.search(error.message)
    if found is None or not any(found.groups()):
        return None
    hours, minutes, number, unit = found.groups()
    seconds = float(number or 0) / (1000 if unit == "ms" else 1)
    return int(hours or 0) * 3600 + int(minutes or 0) * 60 + seconds
