"""Takes the model's thoughts out of a streamed reply, wherever the deltas are cut.

Many servers pass thoughts on inside `content`, between tags of the model's own. Which tags there are is told by the
chat templates of the models, and listed by clients such as Open WebUI (https://docs.openwebui.com/features/chat-features
/reasoning-models) and parsers such as vLLM's (https://docs.vllm.ai/en/latest/features/reasoning_outputs.html).
"""

from __future__ import annotations

from enum import Enum, auto
from typing import Final

from assistant.llm.code_spans import CodeSpans
from assistant.llm.harmony_header import HarmonyHeader
from assistant.llm.plain_thoughts import may_become_plain_thought, plain_thought
from assistant.llm.retractable_text import RetractableText, Retraction
from assistant.llm.thought_tags import LONGEST_TAG, OPENER, Tag, TagKind, may_become_tag, tag_at

_QUOTES: Final = {'"': '"', "'": "'", "`": "`", "“": "”", "‘": "’", "«": "»", "„": "“", "「": "」"}
_MOST_KEPT: Final = 32_000
"""How much of a thought is kept that may prove to be none."""


class _Mode(Enum):
    TEXT = auto()
    THOUGHT = auto()
    """Between two tags."""
    HEADER = auto()
    """Behind `<|channel|>` or `<|start|>`, before `<|message|>`."""
    CHANNEL = auto()
    """In a message of a channel that is not for people."""
    PLAIN = auto()
    """In a thought that words end."""


class ThoughtFilter:
    """Reads one reply. What cannot be a thought is given out at once; in code and in quotes, a tag is text."""

    def __init__(self, *, begins_in_thought: bool = False) -> None:
        """Begin.

        Args:
            begins_in_thought: whether the model is known to begin with thoughts and to send only their closing tag,
                since the opening one stands in its prompt.
        """
        self.has_thoughts = begins_in_thought
        """Whether there was a thought so far."""
        self.has_tool_calls = False
        """Whether there was a call of a tool, written as text."""
        self._begins_in_thought = begins_in_thought
        self._mode = _Mode.THOUGHT if begins_in_thought else _Mode.TEXT
        self._family = ""  # of the thought's tags; "" for any
        self._kept: list[str] = []  # of a thought, in case that it proves to be none
        self._kept_characters = 0
        self._held = ""
        self._before = ""  # the last character read
        self._header = ""
        self._is_channeled = False
        self._wrapper = ""
        self._closing = ""  # the words that end a thought
        self._is_at_line_start = False  # whether the tag was that opened the thought
        self._begun = False  # whether anything was read but blanks
        self._code = CodeSpans()
        self._text = RetractableText()
        self._is_closed_unopened = False  # whether a closing tag ended a thought that no tag had opened

    @property
    def lacks_opening(self) -> bool:
        """Whether a thought was closed that nothing had opened: all before it, then, was one."""
        return self._is_closed_unopened or self._text.lacks_opening

    @property
    def begins_in_thought(self) -> bool:
        """Whether the next reply is to be read as one that begins in a thought."""
        return self.lacks_opening or (self._begins_in_thought and self._mode is _Mode.THOUGHT)

    def feed(self, delta: str) -> list[str | Retraction]:
        """Take more of the stream; return what is part of the reply, as far as it is known."""
        self._read(self._held + delta, is_last=False)
        return self._text.take()

    def finish(self, *, is_cut: bool) -> list[str | Retraction]:
        """The stream has ended; `is_cut` tells whether at a limit. Return what is left of the reply."""
        self._read(self._held, is_last=True)
        if is_cut or self.has_tool_calls:
            self._text.confirm()
        if self._mode is not _Mode.TEXT and not is_cut and self._is_doubtful:
            return self._give_back()
        return self._text.take()

    @property
    def _is_doubtful(self) -> bool:
        """Whether the thought that nobody closed may well be none: a tag that was only mentioned."""
        if self.has_tool_calls or self._kept_characters > _MOST_KEPT:
            return False
        if self._mode is _Mode.THOUGHT and self._kept:
            follows = "".join(self._kept)[len(self._kept[0]) :]
            is_set_off = self._is_at_line_start or follows.startswith("\n") or follows[:1].isalpha()
            return (self._text.is_shown and not is_set_off) or (self._begins_in_thought and not self.lacks_opening)
        if self._mode is _Mode.THOUGHT:
            return self._begins_in_thought and not self.lacks_opening
        return self._mode is _Mode.PLAIN

    def _give_back(self) -> list[str | Retraction]:
        text = "".join(self._kept)
        if self._begins_in_thought and not self.lacks_opening:
            again = ThoughtFilter()
            given = [*self._text.take(), *again.feed(text), *again.finish(is_cut=False)]
            self._mode, self._is_closed_unopened = again._mode, again.lacks_opening
            self.has_thoughts, self.has_tool_calls = again.has_thoughts, again.has_tool_calls
            return given
        self._mode = _Mode.TEXT
        self._show(text)
        return self._text.take()

    def _read(self, text: str, *, is_last: bool) -> None:
        self._held = ""
        at = 0
        while at < len(text):
            if self._mode is _Mode.PLAIN:
                at = self._read_plain(text, at, is_last=is_last)
                continue
            if not self._begun and self._mode is _Mode.TEXT and self._may_be_plain(text, at, is_last=is_last):
                return
            start = _next_opener(text, at)
            self._take(text[at:start])
            at = start
            if at == len(text):
                return
            tag = None if self._mode is _Mode.TEXT and self._code.is_next() else tag_at(text, at)
            if tag is not None and not is_last and at + tag.length == len(text) and self._needs_next(tag):
                self._held = text[at:]
                return
            if tag is not None and not self._is_mentioned(text, at, tag) and self._obey(tag):
                at += tag.length
                self._before = ">"
                self._begun = True
            elif tag is None and not is_last and len(text) - at <= LONGEST_TAG and self._may_be_tag(text[at:]):
                self._held = text[at:]
                return
            else:
                self._take(text[at])
                at += 1

    def _may_be_tag(self, rest: str) -> bool:
        return not (self._mode is _Mode.TEXT and self._code.is_next()) and may_become_tag(rest)

    def _needs_next(self, tag: Tag) -> bool:
        return self._before in _QUOTES or tag.is_bracketed

    def _is_mentioned(self, text: str, at: int, tag: Tag) -> bool:
        """Whether a tag stands in quotes of its own, or is the text of a link."""
        after = text[at + tag.length : at + tag.length + 1]
        return (bool(after) and _QUOTES.get(self._before) == after) or (tag.is_bracketed and after == "(")

    def _take(self, text: str) -> None:
        """Text without a tag."""
        if not text:
            return
        self._before = text[-1]
        if self._mode is _Mode.TEXT:
            self._show(text)
        self._header = (self._header + text)[-LONGEST_TAG:]
        self._keep(text)

    def _keep(self, text: str) -> None:
        if self._mode is not _Mode.TEXT and self._kept_characters <= _MOST_KEPT:
            self._kept.append(text)
            self._kept_characters += len(text)

    def _show(self, text: str) -> None:
        self._code.read(text)
        if self.has_thoughts and not self._text.is_shown:
            text = text.lstrip()
        self._text.add(text)
        self._begun = self._begun or self._text.is_shown

    def _retract(self) -> None:
        """What was given out so far was a thought."""
        self._text.retract()
        self.has_thoughts = True
        self._code = CodeSpans()

    def _obey(self, tag: Tag) -> bool:
        """Do what a tag says; False where it says nothing here."""
        match self._mode, tag.kind:
            case _Mode.TEXT, TagKind.OPEN | TagKind.OPEN_TOOL:
                self._open(tag, _Mode.THOUGHT)
            case _Mode.TEXT, TagKind.EMPTY:
                self.has_thoughts = True
            case _Mode.TEXT, TagKind.CLOSE:
                self._text.doubt(is_unopened=not self.has_thoughts)
                self.has_thoughts = True
                self._code = CodeSpans()
            case _Mode.THOUGHT, TagKind.END if self._family == "bar":  # Solar's, whose thoughts are messages
                self._mode = _Mode.TEXT
            case _Mode.THOUGHT, TagKind.CLOSE | TagKind.CLOSE_TOOL if self._family in ("", tag.family):
                self._is_closed_unopened = self._is_closed_unopened or not self._family
                self._mode = _Mode.TEXT
            case _Mode.TEXT | _Mode.CHANNEL | _Mode.HEADER, TagKind.CHANNEL:
                self._open(tag, _Mode.HEADER)
                self._header, self._is_channeled = "", True
            case _Mode.TEXT | _Mode.HEADER, TagKind.MESSAGE:
                self._begin_message()
            case _Mode.TEXT | _Mode.CHANNEL | _Mode.HEADER, TagKind.END if self._is_channeled:
                self._mode = _Mode.TEXT
            case _Mode.TEXT, TagKind.WRAPPER if self.has_thoughts and not self._text.is_shown:
                self._wrapper = tag.family
            case _Mode.TEXT, TagKind.WRAPPER_END if self._wrapper == tag.family:
                self._wrapper = ""
            case _:
                return False
        return True

    def _open(self, tag: Tag, mode: _Mode) -> None:
        self.has_tool_calls = self.has_tool_calls or tag.kind is TagKind.OPEN_TOOL
        self.has_thoughts = True
        self._is_at_line_start = self._before in ("", "\n")
        self._family = tag.family
        self._kept.clear()
        self._kept_characters = 0
        self._mode = mode
        self._keep(tag.text)

    def _begin_message(self) -> None:
        """`<|message|>`: what its header says decides whether people are to see it."""
        header = HarmonyHeader.read(self._header)
        if self._mode is _Mode.TEXT:  # the special tokens before it were left out, so that it was taken for text
            self._retract()
            header = HarmonyHeader.read_bare(self._header)
        self._is_channeled = self.has_thoughts = True
        self.has_tool_calls = self.has_tool_calls or header.calls_tool
        if header.is_for_people:
            self._retract()
            self._mode = _Mode.TEXT
        else:
            self._mode = _Mode.CHANNEL

    def _may_be_plain(self, text: str, at: int, *, is_last: bool) -> bool:
        """Whether the reply begins like a thought without tags: it is read as one then, or held until that is known."""
        begun = text[at:].lstrip()
        if (thought := plain_thought(begun)) is not None:
            self._mode, self._closing = _Mode.PLAIN, thought.closing
            self.has_thoughts = self._begun = True
            self._read(text[at:], is_last=is_last)
            return True
        if not is_last and may_become_plain_thought(begun):
            self._held = text[at:]
            return True
        return False

    def _read_plain(self, text: str, at: int, *, is_last: bool) -> int:
        end = text.find(self._closing, at)
        if end >= 0:
            self._mode = _Mode.TEXT
            self._wrapper = "apriel"
            self._kept.clear()
            return end + len(self._closing)
        hold = 0 if is_last else min(len(self._closing) - 1, len(text) - at)
        self._take(text[at : len(text) - hold])
        self._held = text[len(text) - hold :]
        return len(text)


def _next_opener(text: str, at: int) -> int:
    found = OPENER.search(text, at)
    return found.start() if found is not None else len(text)
