"""Thoughts between words and not between tags, at the beginning of a reply."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class PlainThought:
    """One kind of them."""

    words: str
    """What it begins with."""
    closing: str
    """What ends it."""
    behind: re.Pattern[str] = re.compile("")
    """What has to come behind the words."""

    def begins(self, text: str) -> bool:
        """Whether the text begins like this."""
        return text.startswith(self.words) and self.behind.match(text, len(self.words)) is not None


_KINDS: Final = (
    # gpt-oss where a server leaves special tokens out: `analysisWe need to…assistantfinalHi`
    PlainThought("analysis", "assistantfinal", behind=re.compile(r"\w|\s*\n|\s+[A-Z]")),
    PlainThought("assistantanalysis", "assistantfinal", behind=re.compile(r"\S|\s")),
    PlainThought("Here are my reasoning steps:", "[BEGIN FINAL RESPONSE]"),  # Apriel
    PlainThought("Here is my thought process:", "Here is my response:"),  # Granite 3.2
    PlainThought("Here's my thought process:", "Here's my response:"),
)


def plain_thought(text: str) -> PlainThought | None:
    """The thought that a reply begins with; None if it begins with none, or not yet."""
    return next((kind for kind in _KINDS if kind.begins(text)), None)


def may_become_plain_thought(text: str) -> bool:
    """Whether a reply that begins so may still turn out to begin with a thought."""
    return bool(text) and any(kind.words.startswith(text.rstrip()) for kind in _KINDS)
