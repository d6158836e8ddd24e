"""The number of tokens that a request used."""

from __future__ import annotations

from dataclasses import dataclass

from assistant.domain.token_count import estimated_tokens


@dataclass(frozen=True, slots=True)
class TokenUsage:
    """The tokens of one reply so far, as the endpoint counts them."""

    prompt_tokens: int
    """Tokens read."""
    completion_tokens: int
    """Tokens written."""

    @classmethod
    def estimate(cls, prompt: str, completion: str) -> TokenUsage:
        """About what these texts take, for an endpoint that does not count."""
        return cls(estimated_tokens(prompt), estimated_tokens(completion))
