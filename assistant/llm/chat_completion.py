"""The answers of OpenAI-compatible endpoints to POST /chat/completions, as far as a text reply needs them.

The form is https://platform.openai.com/docs/api-reference/chat/streaming; the leniencies are those real
endpoints need: `content` null, missing or a list of parts, chunks without choices (usage, content filters),
an `error` object where a chunk or an answer should be.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Literal

from assistant.domain.token_usage import TokenUsage


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


def _parse(text: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise NotACompletionError(f"not JSON: {text[:200]!r}") from error


def _read(document: object, part: Literal["delta", "message"]) -> CompletionChunk | None:
    match document:
        case {"error": error} if error:
            raise _reported(error)
        case {"choices": [dict(choice), *_]}:
            holder = choice.get(part)
            content = holder.get("content") if isinstance(holder, dict) else None
            reason = choice.get("finish_reason")
            return CompletionChunk(
                _text(content), reason if isinstance(reason, str) and reason else None, _usage(document)
            )
        case dict():
            return None
        case _:
            raise NotACompletionError(f"not an object: {document!r:.200}")


def _text(content: object) -> str:
    match content:
        case str():
            # JSON can spell half a surrogate pair, which no later encoder would take.
            return content.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        case [*parts]:  # some endpoints send parts, and put the model's thoughts into parts of another type
            texts = [part.get("text") for part in parts if isinstance(part, dict) and part.get("type") == "text"]
            return "".join(text for text in texts if isinstance(text, str))
        case _:
            return ""


def _usage(document: object) -> TokenUsage | None:
    match document:
        case {"usage": {"prompt_tokens": int(prompt), "completion_tokens": int(completion)}}:
            return TokenUsage(max(0, prompt), max(0, completion))
        case _:
            return None


def _reported(error: object) -> ReportedError:
    if not isinstance(error, dict):
        return ReportedError(str(error), None)
    message = error.get("message")
    code = str(error.get("code"))  # OpenRouter sends the HTTP status here, OpenAI a word
    status = int(code) if code.isascii() and code.isdigit() and len(code) == 3 else None
    return ReportedError(message if isinstance(message, str) else json.dumps(error), status)
