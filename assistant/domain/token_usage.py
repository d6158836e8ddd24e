"""How many tokens a request took."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TokenUsage:
    """What a reply has taken so far, as the endpoint counts it."""

    prompt_tokens: int
    """Tokens read."""
    completion_tokens: int
    """Tokens written."""
