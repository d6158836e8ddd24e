"""The answers of OpenAI-compatible endpoints to POST /chat/completions, as far as a text reply needs them.

The form is https://platform.openai.com/docs/api-reference/chat/streaming; the leniencies are those real
endpoints need: `content` null, missing or a list of parts, chunks without choices (usage, content filters), a whole
`message` where a `delta` should be, an error where a chunk or an answer should be.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from assistant.domain.token_usage import TokenUsage
from assistant.llm.reported_error import plain_error, reported_error

_MOST_MARKS: Final = 50_000
"""Brackets and commas in one document: parsing holds the event loop, some milliseconds for so many."""
_STRING: Final = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"')
_MOST_TOKENS: Final = 10**9
"""No reply takes more: a greater number is no count."""
_MOST_TOOLS: Final = 5
"""Names of tools that are kept."""
_THOUGHTS: Final = ("reasoning_content", "reasoning", "thinking", "reasoning_text", "thought")
"""Where endpoints send what the model thinks, beside the reply: DeepSeek and vLLM, OpenRouter and Ollama, others."""
_NO_THOUGHTS: Final = ("text", "output_text", "refusal")
"""The types of the parts of `content` that are the reply."""
_KEEPING_ALIVE: Final = re.compile(
    r"\W*(?:ping|pong|processing|keep[- _]?alive|heartbeat|null|none|waiting|queued|loading)?\W*", re.IGNORECASE
)
_JSON: Final = re.compile(r"\{|\[\s*[\[{\"\]]")
"""How a chunk begins, or a list of them: `[PING]` is none."""
_MOST_NOISE: Final = 200
_UNFIT: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
"""What JSON can spell and no text holds: control characters, which PostgreSQL refuses in part, and half a surrogate
pair, which no encoder takes."""


class NotACompletionError(ValueError):
    """The text is not JSON, or JSON of another kind."""


@dataclass(frozen=True, slots=True)
class CompletionChunk:
    """Part of a reply, or the whole of it."""

    text: str = ""
    """The text to add, often empty."""
    finish_reason: str | None = None
    """Why the reply is complete ("stop", "length", "content_filter", …); None while it is not."""
    usage: TokenUsage | None = None
    """What the reply has taken so far; None where the endpoint does not say."""
    is_thinking: bool = False
    """Whether there is text in it that is no part of the reply: the model is at work."""
    tools: tuple[str, ...] = ()
    """The names of the tools that the model wants to be called; "" for one without a name."""
    noise: str = ""
    """What stood in its place and is neither a chunk nor known to keep connections alive; its beginning."""


def read_chunk(text: str) -> CompletionChunk:
    """Read the data of one event of a streamed reply.

    What servers send to keep a connection alive, such as `ping` or `: PROCESSING`, is a chunk without anything, and so
    is other text, as there are many such words.

    Raises:
        NotACompletionError: it looks like JSON and is none, or is of another form.
        ReportedError: it is an error.
    """
    stripped = text.strip()
    if not _JSON.match(stripped):
        if (error := plain_error(stripped)) is not None:
            raise error
        is_known = stripped.startswith(":") or _KEEPING_ALIVE.fullmatch(stripped)
        return CompletionChunk(noise="" if is_known else as_text(stripped[:_MOST_NOISE]))
    document = _parse(text)
    return _read(document, ("delta", "message")) or CompletionChunk(usage=_usage(document))


def read_answer(text: str) -> list[CompletionChunk]:
    """Read a reply that came as one JSON body, or as several: a list of chunks, or one on each line.

    Raises:
        NotACompletionError: it is no JSON, or of another form.
        ReportedError: it is an error.
    """
    pieces = [piece for document in _documents(text) if (piece := _read(document, ("message", "delta"))) is not None]
    if not pieces:
        raise NotACompletionError(f"no choices in {text[:200]!r}")
    return pieces


def as_text(text: str) -> str:
    """The text without what no later encoder or database would take."""
    return _UNFIT.sub(lambda unfit: "" if unfit[0] < " " or unfit[0] == "\x7f" else "\N{REPLACEMENT CHARACTER}", text)


def _documents(text: str) -> Iterator[object]:
    try:
        document = _parse(text)
    except NotACompletionError:
        lines = text.split("\n")
        if len(lines) == 1 or not lines[0].strip().endswith("}"):
            raise
        yield from (_parse(line) for line in lines if line.strip())
        return
    if isinstance(document, list) and reported_error(document) is None:
        yield from document
    else:
        yield document


def _parse(text: str) -> object:
    if _marks(text) > _MOST_MARKS and _marks(_STRING.sub("", text)) > _MOST_MARKS:
        raise NotACompletionError(f"too many parts: {text[:200]!r}")
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise NotACompletionError(f"not JSON: {text[:200]!r}") from error


def _marks(text: str) -> int:
    return sum(map(text.count, "[{,"))


def _read(document: object, parts: tuple[Literal["delta", "message"], ...]) -> CompletionChunk | None:
    if (error := reported_error(document)) is not None:
        raise error
    match document:
        case {"choices": [dict(choice), *_]}:
            holder: dict[str, object] = next((choice[part] for part in parts if isinstance(choice.get(part), dict)), {})
            reason = choice.get("finish_reason")
            content = holder.get("content")
            return CompletionChunk(
                (_text(content) if content is not None else _text(choice.get("text"))) + _text(holder.get("refusal")),
                as_text(reason) if isinstance(reason, str) and reason else None,
                _usage(document),
                _is_thinking(holder),
                _tools(holder),
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
            return "".join(_part_text(part) for part in parts)
        case {"type": _}:
            return _part_text(content)
        case _:
            return ""


def _part_text(part: object) -> str:
    match part:
        case str():
            return as_text(part)
        case {"type": str(kind), "text": str(text)} | {"type": str(kind), "refusal": str(text)} if kind in _NO_THOUGHTS:
            return as_text(text)
        case _:
            return ""


def _is_thinking(holder: dict[str, object]) -> bool:
    if any(_text(holder.get(name)) for name in _THOUGHTS) or holder.get("reasoning_details"):
        return True
    content = holder.get("content")
    parts = content if isinstance(content, list) else ()
    return any(isinstance(part, dict) and part.get("type") not in _NO_THOUGHTS for part in parts)


def _tools(holder: dict[str, object]) -> tuple[str, ...]:
    match holder:
        case {"tool_calls": [*calls]} if calls:
            return tuple(map(_tool_name, calls[:_MOST_TOOLS]))
        case {"function_call": dict() as call}:
            return (_tool_name({"function": call}),)
        case _:
            return ()


def _tool_name(call: object) -> str:
    match call:
        case {"function": {"name": str(name)}}:
            return as_text(name)[:100]
        case _:
            return ""


def _usage(document: object) -> TokenUsage | None:
    match document:
        case {"usage": {"prompt_tokens": int(prompt), "completion_tokens": int(completion)}}:
            counts = [count if 0 <= count <= _MOST_TOKENS else 0 for count in (prompt, completion)]
            return TokenUsage(*counts)
        case _:
            return None
