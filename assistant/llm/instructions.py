"""The instructions to the model, for those that take no message with the role "system"."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

WireMessage = dict[str, Any]
"""A message as the endpoint takes it: its content is a text, or a list of parts."""


def fold_instructions(messages: Sequence[WireMessage]) -> list[WireMessage]:
    """The messages with the instructions in front of the first thing that a person said.

    Two messages of one role in a row become one: chat templates without a system message want the roles to alternate.
    """
    folded: list[WireMessage] = []
    for message in messages:
        role = "user" if message["role"] == "system" else message["role"]
        if folded and folded[-1]["role"] == role:
            folded[-1] = {**folded[-1], "content": _joined(folded[-1]["content"], message["content"])}
        else:
            folded.append({**message, "role": role})
    return folded


def _joined(first: Any, second: Any) -> Any:
    if isinstance(first, str) and isinstance(second, str):
        return f"{first}\n\n{second}"
    return [*_parts(first), *_parts(second)]


def _parts(content: Any) -> list[Any]:
    return [{"type": "text", "text": content}] if isinstance(content, str) else list(content)
