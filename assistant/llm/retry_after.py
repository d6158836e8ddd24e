"""How long an endpoint asks to wait before the next request, in headers or in words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from assistant.util.backoff import retry_after_seconds

_NUMBER: Final = r"[0-9]{1,6}(?:\.[0-9]{1,9})?"
_UNIT: Final = r"(?:h(?:ours?|rs?)?|ms|milliseconds?|m(?:in(?:ute)?s?)?|s(?:ec(?:ond)?s?)?)(?![a-z])"
_PART: Final = re.compile(rf"(?P<number>{_NUMBER}) ?(?P<unit>{_UNIT})", re.IGNORECASE)
_RETRY_IN: Final = re.compile(
    rf"(?:(?:retry|try again)(?: your request)? (?:in|after):?|wait(?: for)?) (?:about )?"
    rf"(?:(?P<parts>(?:{_NUMBER} ?{_UNIT}(?:, | and | )?){{1,3}})|(?P<seconds>{_NUMBER})(?![\w:-]))",
    re.IGNORECASE,
)
"""OpenAI, Groq ("in 1m2.5s"), Gemini ("in 33.6s") and Azure ("after 7 seconds") say it in words, too."""
_SECONDS: Final = {"h": 3600.0, "m": 60.0, "s": 1.0}
"""The seconds of a unit, by its first letter."""


def retry_after_in_headers(headers: Mapping[str, str]) -> float | None:
    """The seconds that the headers of an answer ask to wait; None where they ask for nothing."""
    milliseconds = headers.get("Retry-After-Ms", "").strip()  # OpenAI's own, finer than the standard's
    if re.fullmatch(r"[0-9]{1,12}(?:\.[0-9]{1,9})?", milliseconds):
        return retry_after_seconds(str(float(milliseconds) / 1000))
    seconds = headers.get("Retry-After")
    return retry_after_seconds(re.sub(r"(?<=[0-9])\s*s(?:ec(?:ond)?s?)?\.?\s*$", "", seconds) if seconds else None)


def retry_after_in_words(words: str) -> float | None:
    """The seconds that the words of an error ask to wait; None where they ask for nothing."""
    found = _RETRY_IN.search(words)
    if found is None:
        return None
    return float(found["seconds"]) if found["seconds"] else sum(map(_seconds, _PART.finditer(found["parts"])))


def _seconds(part: re.Match[str]) -> float:
    unit = part["unit"].lower()
    return float(part["number"]) * (0.001 if unit.startswith(("ms", "mil")) else _SECONDS[unit[0]])
