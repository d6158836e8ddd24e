"""Which chunks of an answer are the reply: endpoints send others beside it, and its text again at the end."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from assistant.llm.chat_completion import CompletionChunk

_BLANKS: Final = 100
"""As many may be left out around a text that is sent again as a whole."""


class ChunkSelector:
    """Reads the chunks of one answer in their order."""

    def __init__(self) -> None:
        self._index: int | None = None  # of the reply that is read, where there are several
        self._text: list[str] = []
        self._characters = 0  # of it

    def select(self, piece: CompletionChunk) -> CompletionChunk:
        """A piece without the text of another reply than the one that was begun, and without what has come before."""
        if self._index is None and piece.text:
            self._index = piece.index
        if self._index not in (None, piece.index):
            return CompletionChunk(usage=piece.usage)
        # Only what is about as long is compared: some servers send each piece as a message.
        may_be_again = piece.is_message and bool(self._text) and len(piece.text) + _BLANKS >= self._characters
        if may_be_again and piece.text.strip() == "".join(self._text).strip():
            return replace(piece, text="")
        if piece.text:
            self._text.append(piece.text)
            self._characters += len(piece.text)
        return piece
