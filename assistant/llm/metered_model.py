"""A language model of which somebody counts what it costs."""

from collections.abc import AsyncGenerator, Callable, Sequence
from typing import Protocol

from assistant.domain.token_usage import TokenUsage
from assistant.llm.chat_client import ChatClient
from assistant.llm.chat_message import ChatMessage
from assistant.llm.retractable_text import Retraction


class Model(Protocol):
    """Who answers."""

    def reply(self, messages: Sequence[ChatMessage]) -> AsyncGenerator[str | Retraction, None]:
        """See `ChatClient.reply`."""


class MeteredModel:
    """Answers as the client does; each request is counted."""

    def __init__(self, client: ChatClient, count: Callable[[TokenUsage], None]) -> None:
        """`count` is called with what each request took, also where its reply was not waited for."""
        self._client = client
        self._count = count

    def reply(self, messages: Sequence[ChatMessage]) -> AsyncGenerator[str | Retraction, None]:
        """See `ChatClient.reply`."""
        return self._client.reply(messages, count=self._count)
