"""One reply, from the chunks that an endpoint sends: its text without thoughts, and whether it is whole."""

from __future__ import annotations

import logging
from collections.abc import Iterator

from assistant.llm.chat_completion import CompletionChunk
from assistant.llm.error_mapping import ModelErrorMapper
from assistant.llm.finish_reason import Ending, ending_of
from assistant.llm.retractable_text import Retraction
from assistant.llm.thoughts import ThoughtFilter

_logger = logging.getLogger(__name__)


class ReplyReader:
    """Reads one reply, to be used once."""

    def __init__(self, failures: ModelErrorMapper, *, begins_in_thought: bool) -> None:
        """`begins_in_thought` is what the property of that name was at the end of the reply before."""
        self._failures = failures
        self._thoughts = ThoughtFilter(begins_in_thought=begins_in_thought)
        self._reason: str | None = None
        self._has_thoughts_beside = False
        self._tools: list[str] = []
        self._is_blank = True

    @property
    def begins_in_thought(self) -> bool:
        """Whether the model sends the end of its thoughts and not their beginning, as far as its replies have told."""
        return self._thoughts.begins_in_thought

    def note(self, chunk: CompletionChunk) -> None:
        """A chunk came; its text is to be read next."""
        # Some servers say why, and then `stop` in a chunk of its own.
        if (
            self._reason is None
            or ending_of(self._reason) is Ending.WHOLE
            or ending_of(chunk.finish_reason) is not Ending.WHOLE
        ):
            self._reason = chunk.finish_reason or self._reason
        self._has_thoughts_beside = self._has_thoughts_beside or chunk.is_thinking
        self._tools += chunk.tools

    def read(self, text: str) -> list[str | Retraction]:
        """The pieces of the reply that more text completes."""
        return self._noted(self._thoughts.feed(text))

    def finish(self) -> Iterator[str | Retraction]:
        """What is left of the reply.

        Raises:
            ModelError: it is not whole, or blank.
        """
        ending = ending_of(self._reason)
        yield from self._noted(self._thoughts.finish(is_cut=ending is not Ending.WHOLE))
        said = f"finish_reason {self._reason}"
        called = ", ".join(dict.fromkeys(filter(None, self._tools)))
        calls_tools = bool(self._tools) or self._thoughts.has_tool_calls or ending is Ending.TOOL_CALLS
        if ending is Ending.FILTERED:
            raise self._failures.filtered(said)
        if ending is Ending.FAILED:
            raise self._failures.invalid("truncated", said)
        if self._is_blank and calls_tools:
            raise self._failures.said_nothing("tool_calls", f"it called tools that nobody offered: {called or said}")
        if self._is_blank and (ending is Ending.CUT or self._thoughts.has_thoughts or self._has_thoughts_beside):
            raise self._failures.said_nothing("thoughts", said)
        if self._is_blank:
            raise self._failures.invalid("empty", said)
        if ending is Ending.CUT:
            raise self._failures.too_long(said)
        if calls_tools:
            _logger.warning("The model also called tools that nobody offered: %s", called or said)

    def _noted(self, pieces: list[str | Retraction]) -> list[str | Retraction]:
        for piece in pieces:
            self._is_blank = isinstance(piece, Retraction) or (self._is_blank and not piece.strip())
        return pieces
