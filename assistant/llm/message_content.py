"""The parts of a message as endpoints send it: its text, its thoughts, its calls of tools."""

from __future__ import annotations

import re
from typing import Final

_MOST_TOOLS: Final = 5
"""Names of tools that are kept."""
_THOUGHTS: Final = frozenset(
    (
        *("reasoning_content", "reasoning", "reasoning_details", "reasoning_text", "reasoning_summary"),
        *("thinking", "thinking_blocks", "thought", "thoughts", "analysis"),
    )
)
"""Where endpoints send what the model thinks, beside the reply: DeepSeek and vLLM, OpenRouter and Ollama, others."""
_NO_THOUGHTS: Final = ("text", "output_text", "text_delta", "refusal", "")
"""The types of the parts of `content` that are the reply; some servers give them none."""
_UNFIT: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
"""What JSON can spell and no text holds: control characters, which PostgreSQL refuses in part, and half a surrogate
pair, which no encoder takes."""


def as_text(text: str) -> str:
    """The text without what no later encoder or database would take."""
    return _UNFIT.sub(lambda unfit: "" if unfit[0] < " " or unfit[0] == "\x7f" else "\N{REPLACEMENT CHARACTER}", text)


def content_text(content: object) -> str:
    """The text of what stands in `content` or `refusal`, without thoughts; "" where there is none."""
    match content:
        case str():
            return as_text(content)
        case bool():
            return ""
        case int() | float():
            return str(content)
        case [*parts]:  # some endpoints send parts, and put the model's thoughts into parts of another type
            return "".join(map(_part_text, parts))
        case {"parts": [*parts]}:  # Gemini's own form
            return "".join(map(_part_text, parts))
        case _:
            return _part_text(content)


def _part_text(part: object) -> str:
    match part:
        case str():
            return as_text(part)
        case dict() if not _is_thought(part):
            text = part.get("text") or part.get("refusal")
            if isinstance(text, dict):  # OpenAI's assistants
                text = text.get("value")
            return as_text(text) if isinstance(text, str) else ""
        case _:
            return ""


def _is_thought(part: dict[str, object]) -> bool:
    return str(part.get("type") or "").lower() not in _NO_THOUGHTS or part.get("thought") is True


def has_thoughts(holder: dict[str, object]) -> bool:
    """Whether there are thoughts in a message."""
    if not _THOUGHTS.isdisjoint(holder) and any(holder.get(name) for name in _THOUGHTS):
        return True
    content = holder.get("content")
    parts = content if isinstance(content, list) else ()
    return any(isinstance(part, dict) and _is_thought(part) for part in parts)


def called_tools(holder: dict[str, object]) -> tuple[str, ...]:
    """The names of the tools that a message wants to be called; "" for one without a name."""
    match holder:
        case {"tool_calls": [*calls]} if calls:
            return tuple(map(_tool_name, calls[:_MOST_TOOLS]))
        case {"function_call": dict() as call}:
            return (_tool_name({"function": call}),)
        case _:
            return ()


def _tool_name(call: object) -> str:
    match call:
        case {"function": {"name": str(name)}}:
            return as_text(name)[:100]
        case _:
            return ""
