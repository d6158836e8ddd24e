"""How much of a conversation one model reads at once: learned from its refusals, and kept to from then on."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Final

from assistant.domain.errors import ModelContextExceeded
from assistant.domain.token_count import estimated_tokens
from assistant.llm.chat_message import ChatMessage

_logger = logging.getLogger(__name__)

_TOKENS_A_MESSAGE: Final = 4
"""What the role and the marks around a message take."""
_MOST_FOR_ANSWER: Final = 1024
"""Tokens that are left free for the answer, or a quarter of all where that is less."""
_MARGIN: Final = 0.9
"""Our count is an estimate, and the next conversation may be in another language."""


class ContextWindow:
    """Chooses which messages are sent: the instructions and the question always, the oldest turns last."""

    def __init__(self) -> None:
        self._most: float | None = None  # in tokens as we estimate them

    def fit(self, messages: Sequence[ChatMessage]) -> list[ChatMessage]:
        """The messages without the oldest turns that have no room. What is left begins with a person's message."""
        if self._most is None:
            return list(messages)
        first = 1 if messages and messages[0].role == "system" else 0
        left = sum(map(_tokens, messages))
        begin, last = first, len(messages) - 1
        while begin < last and (left > self._most or (begin > first and messages[begin].role == "assistant")):
            left -= _tokens(messages[begin])
            begin += 1
        return [*messages[:first], *messages[begin:]]

    def learn(self, sent: Sequence[ChatMessage], error: ModelContextExceeded) -> bool:
        """These messages were refused; whether `fit` makes fewer of them from now on."""
        estimate = sum(map(_tokens, sent))
        most = estimate / 4
        if error.limit is not None:
            room = (error.limit - min(_MOST_FOR_ANSWER, error.limit // 4)) * _MARGIN
            scale = estimate / error.prompt_tokens if error.prompt_tokens else 1.0
            most = room * scale if room * scale < estimate else estimate / 2
        before = self._most
        self._most = most if before is None else min(most, before)
        fewer = len(self.fit(sent)) < len(sent)
        if not fewer and error.limit is None:  # it was the question alone, and nothing is known of the limit
            self._most = before
        else:
            _logger.info("The model reads about %d tokens of a conversation at most", self._most)
        return fewer


def _tokens(message: ChatMessage) -> int:
    return estimated_tokens(str(message.to_wire()["content"])) + _TOKENS_A_MESSAGE
