"""Why a reply ended, by the words that endpoints have for it."""

import re
from enum import Enum, auto
from typing import Final


class Ending(Enum):
    """What a `finish_reason` means for the reply."""

    WHOLE = auto()
    CUT = auto()
    """It reached a limit of tokens."""
    FILTERED = auto()
    """A content filter stopped it."""
    FAILED = auto()
    """The endpoint broke off."""
    TOOL_CALLS = auto()
    """The model wants tools to be called."""


_WORDS: Final[dict[Ending, frozenset[str]]] = {
    # OpenAI; Gemini's own API; Mistral; Anthropic; vLLM; Hugging Face
    Ending.CUT: frozenset(
        {
            *("length", "max_tokens", "model_length", "max_output_tokens", "model_context_window_exceeded"),
            *("max_length", "max_new_tokens", "token_limit", "context_length_exceeded", "context_length", "limit"),
        }
    ),
    # OpenAI; Gemini (https://ai.google.dev/api/generate-content#FinishReason); Anthropic; Z.AI; Bedrock
    Ending.FILTERED: frozenset(
        {
            *("content_filter", "content_filtered", "safety", "recitation", "blocklist", "prohibited_content", "spii"),
            *("language", "refusal", "sensitive", "guardrail_intervened", "model_armor", "image_safety", "moderation"),
        }
    ),
    # OpenRouter; DeepSeek; Z.AI; vLLM and SGLang; Gemini
    Ending.FAILED: frozenset(
        {
            *("error", "insufficient_system_resource", "network_error", "abort", "aborted", "cancelled", "canceled"),
            *("malformed_response", "server_error", "timeout"),
        }
    ),
    Ending.TOOL_CALLS: frozenset(
        {"tool_calls", "function_call", "tool_use", "malformed_function_call", "unexpected_tool_call"}
    ),
}
_BY_WORD: Final = {word: ending for ending, words in _WORDS.items() for word in words}
_PREFIX: Final = re.compile(r"^finish_?reason[._]")
"""Stands before the word where a server sends the name of its constant, such as `FinishReason.MAX_TOKENS`."""
_HUMP: Final = re.compile(r"(?<=[a-z])(?=[A-Z])")
_LIKE: Final = (
    (Ending.CUT, re.compile(r"length|max_.*token|token.*(?:limit|exceed)|out_of_tokens|truncat|incomplete")),
    (Ending.FILTERED, re.compile(r"filter|safety|blocked|censor|moderat|guardrail|prohibited")),
    (Ending.FAILED, re.compile(r"error|fail|interrupt|abort|cancel")),
)
"""What words that are not known are likely to mean."""


def ending_of(finish_reason: str | None) -> Ending:
    """What a `finish_reason` means; unknown ones, and none, mean that the reply is whole."""
    word = _HUMP.sub("_", (finish_reason or "").strip()).lower().replace("-", "_").replace(" ", "_")
    word = _PREFIX.sub("", word)
    # Gemini's endpoint has sent `content_filter: SAFETY` for its own names.
    known = _BY_WORD.get(word) or _BY_WORD.get(word.partition(":")[0])
    return known or next((ending for ending, like in _LIKE if like.search(word)), Ending.WHOLE)
