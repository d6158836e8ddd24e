"""Which field of our request an endpoint refuses, in the words of many servers."""

from __future__ import annotations

import re
from typing import Final

from assistant.llm.reported_error import REFUSAL_STATUSES, ReportedError
from assistant.llm.request_options import EFFORT, OPTIONAL_FIELDS, STREAM, TOKEN_LIMITS, USAGE

_NOT: Final = r"(?:not|n't|unsupported|unknown|unrecognized|unexpected|invalid|cannot|false|only|verified to)"
_NAMES: Final = {
    **{name: re.compile(rf"\b{name}\b") for name in TOKEN_LIMITS},
    USAGE: re.compile(rf"\b{USAGE}\b|\binclude_usage\b"),
    EFFORT: re.compile(
        r"\breasoning[_. ]effort\b|(?i:not|n't) (?i:support|allow)\w* (?i:reasoning|thinking)\b|'reasoning'"
    ),
    # A word of many refusals: "the stream was closed".
    STREAM: re.compile(
        rf"[`'\"]stream[`'\"]|\bstream\s?=|{_NOT}[^.]{{0,30}}\bstream(?:ing|ed)?\b(?! (?:closed|ended|error))"
        r"|\bstream(?:ing|ed)?\b[^.]{0,20}\b(?:not|isn't) (?:supported|available|allowed|enabled|permitted|implemented)"
        r"|\bstream(?:ing|ed)?\b[^.]{0,20}\b(?:unsupported|must be false)\b",
        re.IGNORECASE,
    ),
}
"""How endpoints call the fields."""
_ALIASES: Final = {"reasoning": EFFORT}
"""The names that they are given as `param`, where these are others."""


def refused_field(error: ReportedError, status: int | None) -> str | None:
    """Which of the optional fields a refusal is about; None if about none.

    OpenAI names it (`param`, https://platform.openai.com/docs/guides/error-codes). Others only mention it, and may
    mention the one they would take behind it.
    """
    if status not in REFUSAL_STATUSES:
        return None
    if error.param:
        name = re.split(r"[.\[]", error.param)[0]
        name = _ALIASES.get(name, name)
        return name if name in OPTIONAL_FIELDS else None
    # Its words first: what was sent may be repeated in the rest.
    return _first_named(error.message) or _first_named(error.source)


def _first_named(text: str) -> str | None:
    places = {field: found.start() for field, name in _NAMES.items() if (found := name.search(text)) is not None}
    return min(places, key=lambda field: places[field], default=None)
