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
from assistant.llm.message_content import as_text, called_tools, content_text, has_thoughts
from assistant.llm.reported_error import plain_error, reported_error, words_of

_MOST_MARKS: Final = 50_000
"""Brackets and commas in one document: parsing holds the event loop, some milliseconds for so many."""
_STRING: Final = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"')
_MOST_TOKENS: Final = 10**9
"""No reply takes more: a greater number is no count."""
_NO_REASONS: Final = ("", "null", "none", "undefined", "finish_reason_unspecified")
"""What some servers send as a `finish_reason` while the reply goes on."""
_KEEPING_ALIVE: Final = re.compile(
    r"\W*(?:ping|pong|processing|keep[- _]?alive|heartbeat|null|none|waiting|queued|loading)?\W*", re.IGNORECASE
)
_JSON: Final = re.compile(r"\{|\[\s*[\[{\"\]]")
"""How a chunk begins, or a list of them: `[PING]` is none."""
_MOST_QUOTED: Final = 2000
"""Characters of what is unreadable: more than a log line shows, so that a key that is cut off is not shown."""
_NEXT: Final = re.compile(r"\S")
_DONE: Final = re.compile(r"(?:data:\s*)?\[DONE\]", re.IGNORECASE)


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
    index: int = 0
    """Which of several replies to the request it belongs to, where an endpoint sends more than the one asked for."""
    is_message: bool = False
    """Whether it came as a `message`, which some endpoints send at the end of a stream, with the whole text again."""


def read_chunk(text: str) -> CompletionChunk:
    """Read the data of one event of a streamed reply.

    What servers send to keep a connection alive, such as `ping` or `: PROCESSING`, is a chunk without anything, and so
    is other text, as there are many such words.

    Raises:
        NotACompletionError: it looks like JSON and is none, or is of another form.
        ReportedError: it is an error.
    """
    stripped = text.strip()
    while stripped.startswith("data:"):  # twice, by a proxy that makes events of events
        stripped = stripped.removeprefix("data:").lstrip()
    if not _JSON.match(stripped):
        if (error := plain_error(stripped)) is not None:
            raise error
        says_nothing = stripped.startswith(":") or _KEEPING_ALIVE.fullmatch(stripped)
        return CompletionChunk(noise="" if says_nothing else as_text(stripped[:_MOST_QUOTED]))
    document = _parse(stripped)
    if (piece := _read(document, ("delta", "message"))) is not None:
        return piece
    return CompletionChunk(usage=_usage(document), noise=as_text(words_of(document))[:_MOST_QUOTED])


def read_answer(text: str) -> list[CompletionChunk]:
    """Read a reply that came as one JSON body, or as several: a list of chunks, or one on each line.

    Raises:
        NotACompletionError: it is no JSON, or of another form.
        ReportedError: it is an error.
    """
    pieces = [piece for document in _documents(text) if (piece := _read(document, ("message", "delta"))) is not None]
    if not pieces:
        raise NotACompletionError(f"no choices in {text[:_MOST_QUOTED]!r}")
    return pieces


def _documents(text: str) -> Iterator[object]:
    try:
        document = _parse(text)
    except NotACompletionError:
        if not text.lstrip().startswith("{"):
            raise
        yield from _documents_in_a_row(text)
        return
    if isinstance(document, list) and reported_error(document) is None:
        yield from document
    else:
        yield document


def _documents_in_a_row(text: str) -> Iterator[object]:
    """Chunks one behind the other, on lines of their own or not, and perhaps with `[DONE]` at their end."""
    _check_size(text)
    decoder = json.JSONDecoder()
    at = 0
    while (begin := _NEXT.search(text, at)) is not None and _DONE.match(text, begin.start()) is None:
        try:
            document, at = decoder.raw_decode(text, begin.start())
        except (ValueError, RecursionError) as error:
            raise NotACompletionError(f"not JSON: {text[at : at + _MOST_QUOTED]!r}") from error
        yield document


def _parse(text: str) -> object:
    _check_size(text)
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise NotACompletionError(f"not JSON: {text[:_MOST_QUOTED]!r}") from error


def _check_size(text: str) -> None:
    if _marks(text) > _MOST_MARKS and _marks(_STRING.sub("", text)) > _MOST_MARKS:
        raise NotACompletionError(f"too many parts: {text[:_MOST_QUOTED]!r}")


def _marks(text: str) -> int:
    return sum(map(text.count, "[{,"))


def _read(document: object, parts: tuple[Literal["delta", "message"], ...]) -> CompletionChunk | None:
    if (error := reported_error(document)) is not None:
        raise error
    if not isinstance(document, dict):
        raise NotACompletionError(f"not an object: {document!r:.2000}")
    choice = _choice(document.get("choices"))
    if choice is None:
        return None
    part = next((part for part in parts if choice.get(part)), parts[0])
    held = choice.get(part)
    holder: dict[str, object] = held if isinstance(held, dict) else {"content": held}
    content = holder.get("content")
    index = choice.get("index")
    return CompletionChunk(
        content_text(choice.get("text") if content is None else content) + content_text(holder.get("refusal")),
        _finish_reason(choice),
        _usage(document),
        has_thoughts(holder),
        called_tools(holder),
        index=index if isinstance(index, int) else 0,
        is_message=part == "message",
    )


def _choice(choices: object) -> dict[str, object] | None:
    """The first of several replies."""
    listed = [choice for choice in (choices if isinstance(choices, list) else [choices]) if isinstance(choice, dict)]
    return next((choice for choice in listed if choice.get("index") in (None, 0)), listed[0] if listed else None)


def _finish_reason(choice: dict[str, object]) -> str | None:
    match choice.get("finish_reason") or choice.get("finish_details"):
        case str(reason) | {"type": str(reason)} if reason.strip().lower() not in _NO_REASONS:
            return as_text(reason)
        case _:
            return None


def _usage(document: object) -> TokenUsage | None:
    match document:
        case {"usage": {"prompt_tokens": int(prompt), "completion_tokens": int(completion)}}:
            counts = [count if 0 <= count <= _MOST_TOKENS else 0 for count in (prompt, completion)]
            return TokenUsage(*counts)
        case _:
            return None
