"""The number of tokens that a request used."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

_BYTES_A_TOKEN: Final = 4
"""A token is about four characters of English (https://platform.openai.com/tokenizer). Bytes do justice to scripts
whose characters are a token each."""


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
        read, written = (-(-len(text.encode(errors="replace")) // _BYTES_A_TOKEN) for text in (prompt, completion))
        return cls(read, written)
