"""The answers of OpenAI-compatible endpoints to POST /chat/completions, as far as a text reply needs them.

The form is https://platform.openai.com/docs/api-reference/chat/streaming; the leniencies are those real
endpoints need: `content` null, missing or a list of parts, chunks without choices (usage, content filters),
an `error` object where a chunk or an answer should be.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

from assistant.domain.token_usage import TokenUsage

_MOST_MARKS: Final = 50_000
"""Brackets and commas in one document: parsing holds the event loop, some milliseconds for so many."""
_STRING: Final = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"')
_MOST_TOKENS: Final = 10**9
"""No reply takes more: a greater number is no count."""
_THOUGHTS: Final = ("reasoning_content", "reasoning")
"""Where endpoints send what the model thinks, beside the reply: DeepSeek and vLLM, OpenRouter and Ollama."""
_UNFIT: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
"""What JSON can spell and no text holds: control characters, which PostgreSQL refuses in part, and half a surrogate
pair, which no encoder takes."""


class NotACompletionError(ValueError):
    """The text is not JSON, or JSON of another kind."""


class ReportedError(Exception):
    """The endpoint sent an error object, possibly in the middle of a stream which had begun well."""

    def __init__(self, message: str, status: int | None) -> None:
        super().__init__(message)
        self.message = message
        self.status = status


@dataclass(frozen=True, slots=True)
class CompletionChunk:
    """Part of a reply, or the whole of it."""

    text: str
    """The text to add, often empty."""
    finish_reason: str | None
    """Why the reply is complete ("stop", "length", "content_filter", …); None while it is not."""
    usage: TokenUsage | None = None
    """What the reply has taken so far; None where the endpoint does not say."""
    is_thinking: bool = False
    """Whether there is text in it that is no part of the reply: the model is at work."""


def read_chunk(text: str) -> CompletionChunk:
    """Read one event of a streamed reply.

    Raises:
        NotACompletionError: it is no JSON, or of another form.
        ReportedError: it is an error object.
    """
    document = _parse(text)
    return _read(document, "delta") or CompletionChunk("", None, _usage(document))


def read_answer(text: str) -> CompletionChunk:
    """Read a reply that came as one JSON body.

    Raises:
        NotACompletionError: it is no JSON, or of another form.
        ReportedError: it is an error object.
    """
    piece = _read(_parse(text), "message")
    if piece is None:
        raise NotACompletionError(f"no choices in {text[:200]!r}")
    return piece


def error_message(text: str) -> str:
    """The message in the body of a refusal, or the body itself where it is not the usual error object."""
    try:
        _read(_parse(text), "message")
    except ReportedError as reported:
        return reported.message
    except NotACompletionError:
        return text
    return text


def refused_field(text: str, fields: Iterable[str]) -> str | None:
    """Which of our `fields` the body of a refusal is about; None if about none.

    OpenAI names it (`param`, https://platform.openai.com/docs/guides/error-codes). Others only mention it, and may
    mention the one they would take behind it; vLLM counts what our limit asks for "in the completion".
    """
    try:
        document = _parse(text)
    except NotACompletionError:
        document = None
    fields = list(fields)
    match document:
        case {"error": {"param": str(named)}} if named:
            return named if named in fields else None
    if re.search(r"[1-9][0-9]* (?:tokens )?in the completion", text):
        return next((field for field in fields if "max" in field), None)
    places = {field: text.find(field) for field in fields}
    return min((field for field in fields if places[field] >= 0), key=lambda field: places[field], default=None)


def as_text(text: str) -> str:
    """The text without what no later encoder or database would take."""
    return _UNFIT.sub(lambda unfit: "" if unfit[0] < " " or unfit[0] == "\x7f" else "\N{REPLACEMENT CHARACTER}", text)


def _parse(text: str) -> object:
    if _marks(text) > _MOST_MARKS and _marks(_STRING.sub("", text)) > _MOST_MARKS:
        raise NotACompletionError(f"too many parts: {text[:200]!r}")
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise NotACompletionError(f"not JSON: {text[:200]!r}") from error


def _marks(text: str) -> int:
    return sum(map(text.count, "[{,"))


def _read(document: object, part: Literal["delta", "message"]) -> CompletionChunk | None:
    match document:
        case {"error": error} if error:
            raise _reported(error)
        case {"choices": [dict(choice), *_]}:
            holder = choice.get(part)
            content = holder.get("content") if isinstance(holder, dict) else None
            reason = choice.get("finish_reason")
            return CompletionChunk(
                _text(content),
                as_text(reason) if isinstance(reason, str) and reason else None,
                _usage(document),
                isinstance(holder, dict) and any(_text(holder.get(name)) for name in _THOUGHTS),
            )
        case dict():
            return None
        case _:
            raise NotACompletionError(f"not an object: {document!r:.200}")


def _text(content: object) -> str:
    match content:
        case str():
            return as_text(content)
        case [*parts]:  # some endpoints send parts, and put the model's thoughts into parts of another type
            texts = [part.get("text") for part in parts if isinstance(part, dict) and part.get("type") == "text"]
            return as_text("".join(text for text in texts if isinstance(text, str)))
        case _:
            return ""


def _usage(document: object) -> TokenUsage | None:
    match document:
        case {"usage": {"prompt_tokens": int(prompt), "completion_tokens": int(completion)}}:
            counts = [count if 0 <= count <= _MOST_TOKENS else 0 for count in (prompt, completion)]
            return TokenUsage(*counts)
        case _:
            return None


def _reported(error: object) -> ReportedError:
    if not isinstance(error, dict):
        return ReportedError(str(error), None)
    message = error.get("message")
    code = str(error.get("code"))  # OpenRouter sends the HTTP status here, OpenAI a word
    status = int(code) if code.isascii() and code.isdigit() and len(code) == 3 else None
    return ReportedError(message if isinstance(message, str) else json.dumps(error), status)
