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
    EMPTY = auto()
    """A thought without anything: `<think/>`."""
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
    **dict.fromkeys(("thought_process", "deep_think", "deepthink", "deep_thinking", "extended_thinking"), "think"),
    **dict.fromkeys(("think_step", "thinking_block", "thinking_mode", "longthink", "long_think", "思考"), "think"),
    **dict.fromkeys(("reason", "reasoning", "internal_reasoning", "reasoning_process"), "reason"),
    **{name: name for name in ("reflection", "self_reflection", "scratchpad", "reasoning_scratchpad", "analysis")},
    **{name: name for name in ("chain_of_thought", "cot", "monologue", "inner_monologue", "internal_monologue")},
    **{
        name: name for name in ("inner_thought", "inner_thoughts", "internal_thoughts", "model_thoughts", "inner_voice")
    },
}
"""The elements of thoughts, with `_` where `-` may stand as well."""
_TOOLS: Final = (
    *("tool_call", "tool_calls", "toolcall", "function_call", "function_calls", "tool_code", "invoke"),
    *("minimax:tool_call", "xai:function_call"),
)
_WRAPPERS: Final = (
    *("answer", "final_answer", "response", "final_response", "output", "final", "reply", "result", "solution"),
    "conclusion",
)
_BARS: Final = ("think", "thinking", "thought", "reasoning", "reason")
"""What models call their thoughts in special tokens, each with many spellings of its beginning and its end."""
_FUNCTION: Final = "function"
"""An element only with a name behind it: `<function=get_weather>`, Llama's and Qwen's."""

_FIXED: Final[dict[str, tuple[TagKind, str]]] = {
    **{
        spelling.format(word): (TagKind.OPEN, "bar")
        for word in _BARS
        for spelling in ("<|{}|>", "<|start_{}|>", "<|begin_{}|>", "<|begin_of_{}|>", "<|start_of_{}|>", "<|{}_start|>")
    },
    **{
        spelling.format(word): (TagKind.CLOSE, "bar")
        for word in _BARS
        for spelling in ("<|/{}|>", "<|end_{}|>", "<|end_of_{}|>", "<|{}_end|>")
    },
    "<think_start>": (TagKind.OPEN, "bar"),
    "<think_end>": (TagKind.CLOSE, "bar"),
    "[think]": (TagKind.OPEN, "think"),  # Magistral
    "[/think]": (TagKind.CLOSE, "think"),
    "◁think▷": (TagKind.OPEN, "kimi"),
    "◁/think▷": (TagKind.CLOSE, "kimi"),
    "<|begin_of_solution|>": (TagKind.WRAPPER, "of_solution"),
    "<|end_of_solution|>": (TagKind.WRAPPER_END, "of_solution"),
    "<|start_response|>": (TagKind.WRAPPER, "response"),
    "<|end_response|>": (TagKind.WRAPPER_END, "response"),
    "<|inner_prefix|>": (TagKind.OPEN, "inner"),  # Apertus
    "<|inner_suffix|>": (TagKind.CLOSE, "inner"),
    "<|channel>": (TagKind.OPEN, "gemma"),  # Gemma 4
    "<channel|>": (TagKind.CLOSE, "gemma"),
    "[end final response]": (TagKind.WRAPPER_END, "apriel"),
    "<ctrl94>": (TagKind.OPEN, "gemini"),
    "<ctrl95>": (TagKind.CLOSE, "gemini"),
    "<unused94>": (TagKind.OPEN, "medgemma"),
    "<unused95>": (TagKind.CLOSE, "medgemma"),
    "<｜tool▁calls▁begin｜>": (TagKind.OPEN_TOOL, "deepseek"),
    "<｜tool▁calls▁end｜>": (TagKind.CLOSE_TOOL, "deepseek"),
    "<|tool_calls_section_begin|>": (TagKind.OPEN_TOOL, "kimi_tools"),
    "<|tool_calls_section_end|>": (TagKind.CLOSE_TOOL, "kimi_tools"),
    "<|tool_call_begin|>": (TagKind.OPEN_TOOL, "kimi_tool"),
    "<|tool_call_end|>": (TagKind.CLOSE_TOOL, "kimi_tool"),
    "<|tool_call_start|>": (TagKind.OPEN_TOOL, "kimi_tool"),  # LFM2 has the same end
    "<|action_start|>": (TagKind.OPEN_TOOL, "action"),  # InternLM
    "<|action_end|>": (TagKind.CLOSE_TOOL, "action"),
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

_NAMES: Final = "|".join(
    re.escape(name).replace("_", "[-_]") for name in sorted((*_FAMILIES, *_TOOLS, *_WRAPPERS), key=len, reverse=True)
)
_ELEMENT: Final = re.compile(
    rf"<\s{{0,2}}(/?)\s{{0,2}}({_NAMES}|{_FUNCTION}(?==)|(?<=/){_FUNCTION})(?:[\s=][^<>]{{0,80}})?(?<!/)>",
    re.IGNORECASE,
)
_EMPTY_ELEMENT: Final = re.compile(rf"<({_NAMES})\s?/>", re.IGNORECASE)
_UNFINISHED_ELEMENT: Final = re.compile(
    rf"<\s{{0,2}}/?\s{{0,2}}(?:{_NAMES}|{_FUNCTION}(?==))(?:[\s=][^<>]{{0,80}}|/)", re.IGNORECASE
)
_FIXED_TAG: Final = re.compile("|".join(map(re.escape, _FIXED)), re.IGNORECASE)
_BLANKS: Final = re.compile(r"(?<=^<)\s{1,2}|(?<=^</)\s{1,2}")
_SPELLINGS: Final = (
    *_FIXED,
    *(f"<{slash}{name}" for name in (*_FAMILIES, *_TOOLS, *_WRAPPERS, _FUNCTION) for slash in ("", "/")),
)


def tag_at(text: str, at: int) -> Tag | None:
    """The tag that begins at `at`; None if there is none, or not all of it yet."""
    if (element := _ELEMENT.match(text, at)) is not None:
        name, is_closing = element[2].lower().replace("-", "_"), bool(element[1])
        if name in _FAMILIES:
            return Tag(TagKind.CLOSE if is_closing else TagKind.OPEN, _FAMILIES[name], element[0])
        if name in _TOOLS or name == _FUNCTION:
            return Tag(TagKind.CLOSE_TOOL if is_closing else TagKind.OPEN_TOOL, name, element[0])
        return Tag(TagKind.WRAPPER_END if is_closing else TagKind.WRAPPER, name, element[0])
    if (empty := _EMPTY_ELEMENT.match(text, at)) is not None and empty[1].lower().replace("-", "_") in _FAMILIES:
        return Tag(TagKind.EMPTY, _FAMILIES[empty[1].lower().replace("-", "_")], empty[0])
    if (fixed := _FIXED_TAG.match(text, at)) is not None:
        kind, family = _FIXED[fixed[0].lower()]
        return Tag(kind, family, fixed[0])
    return None


def may_become_tag(text: str) -> bool:
    """Whether text that begins like a tag can still become one, with what follows."""
    squeezed = _BLANKS.sub("", text.lower())
    squeezed = _BLANKS.sub("", squeezed)
    named = squeezed.replace("-", "_")
    is_begun = any(tag.startswith((squeezed, named)) for tag in _SPELLINGS)
    return is_begun or _UNFINISHED_ELEMENT.fullmatch(text) is not None
