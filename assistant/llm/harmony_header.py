"""The header of a message of gpt-oss: `<|start|>assistant<|channel|>commentary to=functions.x<|message|>`.

The format is described in https://cookbook.openai.com/articles/openai-harmony.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Self

_FOR_PEOPLE: Final = ("", "final", "assistant")
"""The channels of answers; a header without a channel has only the role."""


@dataclass(frozen=True, slots=True)
class HarmonyHeader:
    """What the header says of its message."""

    channel: str
    """Such as `analysis`, `commentary` or `final`; "" or the role where the header names none."""
    calls_tool: bool
    """Whether the message is for a tool."""

    @property
    def is_for_people(self) -> bool:
        """Whether the message is the answer."""
        return self.channel in _FOR_PEOPLE

    @classmethod
    def read(cls, text: str) -> Self:
        """Read what stands between the last two special tokens."""
        words = text.split()
        return cls(words[0] if words else "", any(word.startswith("to=") for word in words))

    @classmethod
    def read_bare(cls, text: str) -> Self:
        """Read a header whose special tokens were left out but for the last, behind other text."""
        words = text.split()
        return cls.read(words[-1].removeprefix("assistant") if words else "")
