"""Refusals of accounts without credit, in the words of many services."""

from __future__ import annotations

import re
from typing import Final

from assistant.llm.reported_error import ReportedError

_CODES: Final = re.compile(
    # OpenAI, Perplexity; Moonshot; OpenAI; DeepSeek; others
    r"insufficient_quota|exceeded_current_quota|billing_(?:hard_limit|not_active)"
    r"|insufficient_(?:balance|credits?|funds)|payment_required|credit_balance|credits?_exhausted"
    r"|out_of_credits?|spend(?:ing)?_limit"
)
_WORDS: Final = re.compile(
    # Anthropic; DeepSeek, OpenRouter; xAI; Together; OpenAI; Z.AI
    r"credit balance is too low|insufficient (?:account )?(?:balance|credits?|funds|quota)"
    r"|used all available credits"
    r"|credit limit (?:exceeded|reached)|spending limit|out of credits?|no credits? (?:left|remaining)"
    r"|more credits|billing (?:hard limit|is not active|account)|payment required"
    r"|check your plan and billing|exceeded your current quota"
    r"|余额不足|欠费",
    re.IGNORECASE,
)


def is_out_of_credit(error: ReportedError, retry_after: float | None) -> bool:
    """Whether there is no credit. Gemini says the same of its limit for a minute, and when that is over."""
    if _CODES.search(error.code):
        return True
    return retry_after is None and _WORDS.search(error.message) is not None
