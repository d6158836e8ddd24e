"""Refusals of the roles of the messages, in the words of many servers and chat templates."""

from __future__ import annotations

import re
from typing import Final

from assistant.llm.reported_error import REFUSAL_STATUSES, ReportedError

_WORDS: Final = re.compile(
    # Gemma's chat template; OpenAI's o1-mini, Bedrock
    r"system (?:role|messages?|prompts?|instructions?)[^.]{0,40}"
    r"(?:not|n't|unsupported|disabled|only|must|at the beginning)"
    r"|(?:not|n't|unsupported|cannot|no|un(?:known|expected|recognized)|invalid)\b[^.]{0,40}"
    r"\bsystem (?:role|messages?|prompts?)"
    r"|(?:not|n't) (?:support|allow|accept)\w*[^.]{0,30}\bsystem\b"
    r"|\broles?\b[^.]{0,40}\bsystem\b|\bsystem\b[`'\" ]{1,3}roles?\b"
    r"|['\"]system['\"][^a-z]{1,4}(?:is not|supported|expected|allowed|was)"
    r"|developer instruction is not enabled"  # Gemma behind Gemini's endpoint
    # other chat templates, and servers made with pydantic
    r"|\buser\b\W{1,6}(?:(?:and|or)\W{1,4})?(?:assistant|model)\b[^.]{0,40}\b(?:roles?|allowed|supported)\b"
    r"|(?:roles?|permitted|should be|values are|must be)\b[^.]{0,20}\buser\b\W{1,6}"
    r"(?:(?:and|or)\W{1,4})?(?:assistant|model)\b"
    # templates which count the instructions among the turns; Gemini
    r"|(?:roles?|messages?|turns?|requests?|conversations?)\b[^.]{0,30}\balternat(?:e|ing)\b"
    r"|first message\b[^.]{0,30}\buser\b|(?:start|begin|end)s? with an? user\b"
    r"|\brole must be\b|角色.{0,12}交替",
    re.IGNORECASE,
)


def is_about_roles(error: ReportedError, status: int | None) -> bool:
    """Whether an endpoint refused a system message, or two messages of one role in a row."""
    return status in REFUSAL_STATUSES and _WORDS.search(error.message) is not None
