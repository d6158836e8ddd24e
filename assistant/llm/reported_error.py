"""The errors that endpoints report: in the body of a refusal, or in the place of a reply or of its next part.

The usual form is OpenAI's, `{"error": {"message": …, "type": …, "param": …, "code": …}}`. Others have a string there,
a list around it (Gemini), `{"object": "error", "message": …}` (vLLM, Mistral), `{"type": "error", "error": …}`
(Anthropic), `{"detail": …}` (servers made with FastAPI), or a page of HTML (a proxy in between).
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Final

_MOST_CHARACTERS: Final = 4096
"""Of the words of an error."""
_MOST_PLACES: Final = 5
_PAGE: Final = re.compile(r"\s*<(?:!doctype|html|head|body|center|h1|\?xml)\b", re.IGNORECASE)
_MARKUP: Final = re.compile(r"<(?:style|script)\b[^<]*(?:</(?:style|script)>)?|<[^<>]*>|\s+", re.IGNORECASE)
_STATUSES: Final = range(400, 600)
REFUSAL_STATUSES: Final = frozenset({400, 404, 422, 500, 501, None})
"""What endpoints answer to a field or a role that they don't take: OpenAI, OpenRouter, servers made with FastAPI,
llama.cpp's server, proxies, and those that answer all requests with 200 (None)."""
_WORDS: Final = (
    *("message", "msg", "detail", "error_msg", "error_message", "error_description", "error", "title", "reason"),
    *("faultstring", "fault", "errors", "Message"),
)
"""The fields that hold an error's words."""
_WORDY_CODES: Final = {
    "rate_limit_exceeded": 429,
    "rate_limit_error": 429,
    "resource_exhausted": 429,
    "invalid_api_key": 401,
    "authentication_error": 401,
    "unauthenticated": 401,
    "permission_error": 403,
    "permission_denied": 403,
    "overloaded_error": 529,
    "overloaded": 529,
    "unavailable": 503,
    "not_found_error": 404,
    "model_not_found": 404,
}
"""The status behind the words that stand in its place in a stream, which began with 200."""
_PLAIN: Final = re.compile(
    r"^\W*(?:error|exception|traceback|failed|fatal)\b|\b(?:error|exception)\s*[:\]]", re.IGNORECASE
)


@dataclass(eq=False)
class ReportedError(Exception):
    """The endpoint sent an error, possibly in the middle of a stream which had begun well."""

    message: str
    """Its words. They may hold secrets."""
    status: int | None = None
    """The HTTP status that they stand for; None where they tell none."""
    code: str = ""
    """The words by which programs are to know it, such as `insufficient_quota`; "" where there are none."""
    param: str = ""
    """The field of the request that it is about; "" where it names none."""
    source: str = ""
    """What was sent, as JSON: more than `message` says may stand there."""


def reported_error(document: object) -> ReportedError | None:
    """The error that a document of JSON reports; None if it reports none."""
    if isinstance(document, list):
        return reported_error(document[0]) if document and isinstance(document[0], dict) else None
    error = _part_with_error(document)
    return None if error is None else _read(error, document)


def _part_with_error(document: object) -> object:
    """The part of a document that tells of an error; None if there is none."""
    match document:
        case (
            {"error": int(flag)} | {"error": str(flag), "message": str()}  # the words stand beside it
        ) if flag:
            return document
        case {"error": error} | {"errors": [error, *_]} | {"choices": [{"error": error}, *_]} if error:  # OpenRouter's
            return error
        case {"object": "error"} | {"type": "error"}:
            return document
        case {"choices": _} | {"object": str()}:
            return None
        case (
            {"detail": str() | list() | dict()}
            | {"error_msg": _}
            | {"error_message": _}
            | {"code": _, "msg": str()}
            | {"code": _, "message": str()}
            | {"status": int(), "message": str()}
            | {"status_code": int()}
            | {"success": False}
            | {"status": "error" | "failed" | "fail"}
            | {"fault": dict()}
        ):
            return document
        case _:
            return None


def refusal(body: str) -> ReportedError:
    """What the body of an answer with an error's status says, whatever its form."""
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        return ReportedError(_without_markup(body), source=body)
    if (known := reported_error(document)) is not None:
        return known
    return _read(document, document) if isinstance(document, dict) else ReportedError(str(document), source=body)


def words_of(document: object) -> str:
    """What a document says that is none of those above: a gateway's `{"message": …}`, for one."""
    return _message(document) if isinstance(document, dict) and "choices" not in document else ""


def plain_error(text: str) -> ReportedError | None:
    """The error that a line of plain text in the place of a chunk reports; None if it reports none."""
    return ReportedError(text[:_MOST_CHARACTERS], source=text) if _PLAIN.search(text[:200]) else None


def _read(error: object, document: object) -> ReportedError:
    source = _as_json(document)
    if not isinstance(error, dict):
        return ReportedError(str(error)[:_MOST_CHARACTERS], source=source)
    words = [error.get(name) for name in ("code", "type", "status", "error_code", "error_type")]
    codes = [word.lower() for word in words if isinstance(word, str) and not word.isdigit()]
    return ReportedError(
        _message(error) or source,
        _status([*words, error.get("status_code")], codes),
        " ".join(codes)[:200],
        param if isinstance(param := error.get("param"), str) else _field_of(error),
        source,
    )


def _message(error: dict[str, object], levels: int = 5) -> str:
    for name in _WORDS:
        match error.get(name):
            case str(words) if words.strip():
                return _with_cause(_without_markup(words), error)
            case dict(inner) if levels:
                return _message(inner, levels - 1)
            case [_, *_] as several:
                return "; ".join(map(_place_and_words, several[:_MOST_PLACES]))
            case _:
                continue
    return ""


def _place_and_words(detail: object) -> str:
    """FastAPI's details say where in the request something is wrong, and what; and repeat that, which nobody needs."""
    match detail:
        case {"loc": [*places], "msg": str(words)}:
            return f"{'.'.join(map(str, places))}: {words}"
        case {"message": str(words)} | str(words):
            return words
        case _:
            return _as_json(detail)


def _field_of(error: dict[str, object]) -> str:
    """The field of the request that FastAPI's first detail is about; "" where there is none."""
    match error:
        case {"detail": [{"loc": [*places]}, *_]} | {"message": {"detail": [{"loc": [*places]}, *_]}}:
            return next((place for place in places if isinstance(place, str) and place != "body"), "")
        case _:
            return ""


def _with_cause(words: str, error: dict[str, object]) -> str:
    """The words, with those of the provider behind a proxy: OpenRouter's own are "Provider returned error"."""
    match error.get("metadata"):
        case {"raw": str(raw)} if raw.strip():
            return f"{words}: {raw[:_MOST_CHARACTERS]}"
        case _:
            return words


def _status(words: list[object], codes: list[str]) -> int | None:
    for word in words:
        number = int(word) if isinstance(word, str) and re.fullmatch("[0-9]{3}", word) else word
        if isinstance(number, int) and number in _STATUSES:
            return number
    return next((_WORDY_CODES[code] for code in codes if code in _WORDY_CODES), None)


def _without_markup(text: str) -> str:
    text = text[:_MOST_CHARACTERS]
    return " ".join(_MARKUP.sub(" ", text).split()) if _PAGE.match(text) else text


def _as_json(document: object) -> str:
    try:
        return json.dumps(document, ensure_ascii=False)[:_MOST_CHARACTERS]
    except RecursionError:  # which reading it has not met, as it takes less of the stack
        return ""
