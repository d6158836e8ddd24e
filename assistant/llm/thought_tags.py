"""The tags between which models put their thoughts, and the calls of tools, when a server passes them on as text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

OPENER: Final = re.compile("[<\\[◁]")
"""What a tag begins with."""
LONGEST_TAG: Final = 120
"""Characters, attributes included: what goes on is no tag."""


class TagKind(Enum):
    """What a tag does."""

    OPEN = auto()
    CLOSE = auto()
    OPEN_TOOL = auto()
    CLOSE_TOOL = auto()
    CHANNEL = auto()
    """Begins a header of gpt-oss: `<|start|>` and `<|channel|>`."""
    MESSAGE = auto()
    """Ends that header."""
    END = auto()
    """Ends the message behind it."""
    WRAPPER = auto()
    """Stands around the answer, behind the thoughts."""
    WRAPPER_END = auto()


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag in a text."""

    kind: TagKind
    family: str
    """What an opening tag and its closing one have in common."""
    text: str
    """The tag as it stands there."""

    @property
    def length(self) -> int:
        """Its length in characters."""
        return len(self.text)

    @property
    def is_bracketed(self) -> bool:
        """Whether it could be the text of a link in Markdown."""
        return self.text[0] == "["


_FAMILIES: Final = {
    **dict.fromkeys(("think", "thinking", "thought", "thoughts", "antthinking", "antml:thinking"), "think"),
    **dict.fromkeys(("seed:think", "mm:think", "longcat_think", "ds_think", "thinking_process"), "think"),
    **dict.fromkeys(("reason", "reasoning", "internal_reasoning"), "reason"),
    **{name: name for name in ("reflection", "scratchpad", "inner_monologue", "inner_thoughts", "internal_monologue")},
}
_TOOLS: Final = ("tool_call", "tool_calls", "function_call", "function_calls", "tool_code")
_WRAPPERS: Final = ("answer", "response")

_FIXED: Final[dict[str, tuple[TagKind, str]]] = {
    "[think]": (TagKind.OPEN, "think"),  # Magistral
    "[/think]": (TagKind.CLOSE, "think"),
    "◁think▷": (TagKind.OPEN, "kimi"),
    "◁/think▷": (TagKind.CLOSE, "kimi"),
    "<|begin_of_thought|>": (TagKind.OPEN, "of_thought"),  # OpenThinker, Sky-T1
    "<|end_of_thought|>": (TagKind.CLOSE, "of_thought"),
    "<|begin_of_solution|>": (TagKind.WRAPPER, "of_solution"),
    "<|end_of_solution|>": (TagKind.WRAPPER_END, "of_solution"),
    "<|start_thinking|>": (TagKind.OPEN, "thinking"),  # Cohere
    "<|end_thinking|>": (TagKind.CLOSE, "thinking"),
    "<|start_response|>": (TagKind.WRAPPER, "response"),
    "<|end_response|>": (TagKind.WRAPPER_END, "response"),
    "<|think|>": (TagKind.OPEN, "bar"),
    "<|/think|>": (TagKind.CLOSE, "bar"),
    "<|end_think|>": (TagKind.CLOSE, "bar"),
    "<|inner_prefix|>": (TagKind.OPEN, "inner"),  # Apertus
    "<|inner_suffix|>": (TagKind.CLOSE, "inner"),
    "<|channel>": (TagKind.OPEN, "gemma"),  # Gemma 4
    "<channel|>": (TagKind.CLOSE, "gemma"),
    "<unused94>": (TagKind.OPEN, "medgemma"),
    "<unused95>": (TagKind.CLOSE, "medgemma"),
    "<|tool_call|>": (TagKind.OPEN_TOOL, "tool"),
    "<|/tool_call|>": (TagKind.CLOSE_TOOL, "tool"),
    "<|tool_call>": (TagKind.OPEN_TOOL, "gemma_tool"),
    "<tool_call|>": (TagKind.CLOSE_TOOL, "gemma_tool"),
    "[tool_calls]": (TagKind.OPEN_TOOL, "mistral"),  # and nothing closes it
    "<|python_tag|>": (TagKind.OPEN_TOOL, "llama"),  # nor this
    "<|start|>": (TagKind.CHANNEL, ""),
    "<|channel|>": (TagKind.CHANNEL, ""),
    "<|message|>": (TagKind.MESSAGE, ""),
    "<|end|>": (TagKind.END, ""),
    "<|return|>": (TagKind.END, ""),
    "<|call|>": (TagKind.END, ""),
}

_NAMES: Final = "|".join(map(re.escape, sorted((*_FAMILIES, *_TOOLS, *_WRAPPERS), key=len, reverse=True)))
_ELEMENT: Final = re.compile(rf"<\s{{0,2}}(/?)\s{{0,2}}({_NAMES})(?:\s[^<>]{{0,80}})?>", re.IGNORECASE)
_UNFINISHED_ELEMENT: Final = re.compile(rf"<\s{{0,2}}/?\s{{0,2}}(?:{_NAMES})\s[^<>]{{0,80}}", re.IGNORECASE)
_FIXED_TAG: Final = re.compile("|".join(map(re.escape, _FIXED)), re.IGNORECASE)
_BLANKS: Final = re.compile(r"(?<=^<)\s{1,2}|(?<=^</)\s{1,2}")
_SPELLINGS: Final = (*_FIXED, *(f"<{slash}{name}" for name in (*_FAMILIES, *_TOOLS, *_WRAPPERS) for slash in ("", "/")))


def tag_at(text: str, at: int) -> Tag | None:
    """The tag that begins at `at`; None if there is none, or not all of it yet."""
    if (element := _ELEMENT.match(text, at)) is not None:
        name, is_closing = element[2].lower(), bool(element[1])
        if name in _FAMILIES:
            return Tag(TagKind.CLOSE if is_closing else TagKind.OPEN, _FAMILIES[name], element[0])
        if name in _TOOLS:
            return Tag(TagKind.CLOSE_TOOL if is_closing else TagKind.OPEN_TOOL, name, element[0])
        return Tag(TagKind.WRAPPER_END if is_closing else TagKind.WRAPPER, name, element[0])
    if (fixed := _FIXED_TAG.match(text, at)) is not None:
        kind, family = _FIXED[fixed[0].lower()]
        return Tag(kind, family, fixed[0])
    return None


def may_become_tag(text: str) -> bool:
    """Whether text that begins like a tag can still become one, with what follows."""
    squeezed = _BLANKS.sub("", text.lower())
    squeezed = _BLANKS.sub("", squeezed)
    return any(tag.startswith(squeezed) for tag in _SPELLINGS) or _UNFINISHED_ELEMENT.fullmatch(text) is not None
