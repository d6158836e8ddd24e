"""The number of tokens that a request used."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TokenUsage:
    """The tokens of one reply so far, as the endpoint counts them."""

    prompt_tokens: int
    """Tokens read."""
    completion_tokens: int
    """Tokens written."""
