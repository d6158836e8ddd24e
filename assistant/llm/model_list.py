"""The models that an endpoint offers, by its own list."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from typing import Final

LONGEST_LIST_BYTES: Final = 4 << 20
"""OpenRouter's list of some hundred models has half a megabyte."""
_LONGEST_NAME: Final = 200


def model_names(body: bytes) -> list[str]:
    """The names in an answer to GET /models, without those that could not be shown; nothing where it is none.

    OpenAI's form is `{"data": [{"id": …}]}`; Together sends the list alone, Ollama and Gemini have their own.
    """
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        return []
    match document:
        case {"data": [*models]} | {"models": [*models]} | [*models]:
            return list(dict.fromkeys(filter(None, map(_name, models))))
        case _:
            return []


def closest(asked: str, names: Iterable[str], most: int) -> Sequence[str]:
    """At most so many of the names, those most like the one asked for first."""
    wanted = asked.lower()
    likeness = {name: SequenceMatcher(None, wanted, name.lower()[:_LONGEST_NAME]).ratio() for name in names}
    return sorted(likeness, key=lambda name: (-likeness[name], name))[:most]


def _name(model: object) -> str:
    match model:
        case {"id": str(name)} | {"name": str(name)} | {"model": str(name)} | str(name):
            return name if name.isprintable() and 0 < len(name) <= _LONGEST_NAME else ""
        case _:
            return ""
