"""Refusals of a request that holds more tokens than the model reads, in the words of many servers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from assistant.llm.reported_error import ReportedError

_CODES: Final = re.compile(
    # OpenAI, Groq, llama-cpp-python; llama.cpp; GitHub Models; Copilot; LiteLLM; Anthropic
    r"context_length_exceeded|exceed_context_size|tokens_limit_reached|model_max_prompt_tokens_exceeded"
    r"|context_?window_?exceeded|request_too_large|prompt_too_long|input_too_long"
)
_WORDS: Final = re.compile(
    r"maximum (?:context|model) length|context (?:length|size|window|limit)|context_?length|maximum prompt length"
    r"|(?:prompt|input|request|conversation|messages?) (?:is |are |was )?(?:too (?:long|large|big))"
    r"|too many (?:input |prompt )?tokens|input token count|prompt token count|prompt contains [0-9]+ tokens"
    r"|exceeded model token limit|reduce the length of (?:the|your) (?:messages|prompt|input)"
    r"|reduce (?:the|your) (?:prompt|message size)|[`'\"]?inputs[`'\"]? (?:tokens|must have less than)"
    r"|(?:input|prompt) length (?:exceeds|should|and)|tokens to keep from the initial prompt"
    r"|keep the first [0-9]+ tokens when|current length is [0-9]+ while limit|maximum input length"
    r"|expected a string with maximum length|expected maxlength: [0-9]+|input tokens exceed"
    r"|request (?:entity|body) too large|prompt tokens \([0-9]+\) exceed|超长|超过.{0,20}(?:长度|token)",
    re.IGNORECASE,
)
_LIMIT_OF_THE_ANSWER: Final = re.compile(
    r"max(?:imum)?_(?:completion_|output_|new_)?tokens?[`'\"]? (?:is too large|value|must be (?:less|between|at most))"
    r"|invalid max_tokens|valid range of max_tokens|at most [0-9]+ completion tokens",
    re.IGNORECASE,
)
"""What is about the size of the answer that we ask for, and says nothing of the messages."""
_ANSWER_COUNTED: Final = re.compile(
    r"[1-9][0-9]* (?:tokens )?(?:in|for) the (?:completion|output)"
    r"|[1-9][0-9]* (?:of )?(?:the )?(?:max_tokens|output tokens)"
    r"|[1-9][0-9]* [`'\"]?max_new_tokens|length and [`'\"]?max_tokens[`'\"]? exceed",
    re.IGNORECASE,
)
_NUMBER: Final = r"([0-9][0-9,_.]{0,11}[0-9]|[0-9])"
_LIMITS: Final = tuple(
    re.compile(pattern.replace("#", _NUMBER), re.IGNORECASE)
    for pattern in (
        r'"n_ctx": ?#',
        r"(?:context|prompt) (?:length|size|window)(?: is| of|:)?(?: only)? \(?#",
        r"context length \(?#",
        r"available context size \(#",
        r"# maximum context length",
        r"> # maximum|max_tokens[`'\"]? exceed context limit: [0-9]+ \+ [0-9]+ > #",
        r"(?:maximum number of tokens allowed|model only supports up to|allowed) \(?#",
        r"max_new_tokens[`'\"]? must be <= #|must have less than #",
        r"exceeds the (?:model )?(?:token )?limit(?: of|:)? #|model token limit: #",
        r"while limit is #|exceed context window of #|cannot exceed #|exceed model maximum \(#",
        r"limit(?: is| of|:)? #(?:,| tokens)|maximum model length of #",
        r"max_seq_len (?:of )?#|length limit #|(?:maximum )?sequence length #|\([0-9]+ > #\)|\(0, #\]",
        r"max size: # tokens|maxlength: #|maximum length #|should be \[[0-9]+, #\]",
    )
)
_PROMPTS: Final = tuple(
    re.compile(pattern.replace("#", _NUMBER), re.IGNORECASE)
    for pattern in (
        r'"n_prompt_tokens": ?#',
        r"# (?:tokens )?(?:in|from) the (?:input )?(?:messages|prompt)",
        r"(?:messages|prompt) resulted in (?:over |about )?#|(?:prompt|request) (?:contains|has)(?: at least)? #",
        r"(?:request|input|prompt) \((?:length )?#|# tokens >|exceed context limit: #",
        r"token count(?: is| of)? \(?#|given: #|prompt is too long: #|current length is #",
        r"requested tokens \(#|requested(?: about| a total of)? # tokens|requested:? #|actual: #|total of # tokens",
        r"prompt tokens \(#",
    )
)
_WHAT: Final = re.compile(r"\b(?:prompts?|inputs?|context|sequence|messages?|requests?|conversation|tokens?)\b", re.I)
_TOO_MUCH: Final = re.compile(r"exceed|(?:longer|larger|greater|more) than|\btoo (?:long|many)\b|must be in", re.I)
_UNIT: Final = re.compile(r"\btokens?\b|\bcontext\b|\blength\b|\bseq_?len|\btoo long\b", re.I)
_OTHERWISE: Final = re.compile(
    r"max\w*_tokens|completion tokens|output tokens|image|\brate\b|\bquota\b"
    r"|\bper (?:second|minute|min|hour|day)\b|api key|auth|access token|\btoken (?:has|is) (?:expired|invalid)",
    re.I,
)
"""What a refusal speaks of that is about the size of something else."""
_STATUSES: Final = frozenset({400, 413, 422, 429, 500, 503, None})
"""429 is Groq's where a single message is larger than what it gives in a minute."""


@dataclass(frozen=True, slots=True)
class ContextError:
    """How much was too much."""

    limit: int | None
    """How many tokens the model reads, the answer's included; None where that is not told."""
    prompt_tokens: int | None
    """How many tokens our messages have, by the endpoint's count; None where that is not told."""
    is_answer_counted: bool
    """Whether the tokens that we ask for as an answer are part of what is too much."""


def context_error(error: ReportedError, status: int | None) -> ContextError | None:
    """What a refusal says of the size of the request; None if it is about something else."""
    if status == 413 and not _LIMIT_OF_THE_ANSWER.search(error.source):
        return _sizes(error)
    if status not in _STATUSES:
        return None
    if _CODES.search(error.code):
        return _sizes(error)
    if status == 429 or _LIMIT_OF_THE_ANSWER.search(error.message):
        return None
    is_too_much = _WORDS.search(error.message) or _CODES.search(error.source) or _tells_of_too_much(error.message)
    return _sizes(error) if is_too_much else None


def _tells_of_too_much(words: str) -> bool:
    """Whether words that are not known speak of messages, of their length, and of too much."""
    return all(about.search(words) for about in (_WHAT, _TOO_MUCH, _UNIT)) and not _OTHERWISE.search(words)


def _sizes(error: ReportedError) -> ContextError:
    text = f"{error.message} {error.source}"
    limit, prompt = _first(_LIMITS, text), _first(_PROMPTS, text)
    return ContextError(limit, prompt, _ANSWER_COUNTED.search(text) is not None)


def _first(patterns: tuple[re.Pattern[str], ...], text: str) -> int | None:
    for pattern in patterns:
        if (found := pattern.search(text)) is not None:
            digits = next(group for group in found.groups() if group is not None)
            return int(re.sub("[^0-9]", "", digits))
    return None
