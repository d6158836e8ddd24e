"""What some endpoints refuse of a request, and others insist on: learned from the refusal, and remembered."""

import logging
from collections.abc import Mapping, Sequence
from typing import Final

from assistant.llm.chat_message import ChatMessage
from assistant.llm.instructions import WireMessage, fold_instructions

_logger = logging.getLogger(__name__)

TOKEN_LIMITS: Final = ("max_tokens", "max_completion_tokens")
"""The names of the limit of tokens: what most servers know, and what OpenAI's newer models insist on
(https://platform.openai.com/docs/api-reference/chat/create)."""
USAGE: Final = "stream_options"
"""Asks how many tokens a streamed reply took."""
EFFORT: Final = "reasoning_effort"
"""How much the model is to think."""
STREAM: Final = "stream"
"""Asks for the reply as it is written. OpenAI streams some models only for organizations that it has verified."""
OPTIONAL_FIELDS: Final = (*TOKEN_LIMITS, USAGE, EFFORT, STREAM)
"""What a request can do without."""


class RequestOptions:
    """What one endpoint is sent beside the model, and in which form it is sent the messages."""

    def __init__(
        self, *, max_tokens: int, asks_for_usage: bool, is_openai: bool, reasoning_effort: str | None = None
    ) -> None:
        """Nothing is known yet of the endpoint.

        Args:
            max_tokens: the most tokens a reply may take; 0: no limit is sent.
            asks_for_usage: whether to ask how many tokens a reply took.
            is_openai: whether this is OpenAI's own API, which prefers the newer name of the limit.
            reasoning_effort: how much the model is to think; None: it decides.
        """
        names = TOKEN_LIMITS[::-1] if is_openai else TOKEN_LIMITS
        self._limits = dict.fromkeys(names if max_tokens else (), max_tokens)
        self._others: dict[str, object] = {STREAM: True}
        if asks_for_usage:
            self._others[USAGE] = {"include_usage": True}
        if reasoning_effort is not None:
            self._others[EFFORT] = reasoning_effort
        self._folds_instructions = False

    @property
    def fields(self) -> dict[str, object]:
        """What to send now."""
        return dict(list(self._limits.items())[:1]) | self._others

    def wire_messages(self, messages: Sequence[ChatMessage]) -> list[WireMessage]:
        """The messages as this endpoint takes them."""
        wire: list[WireMessage] = [dict(message.to_wire()) for message in messages]
        return fold_instructions(wire) if self._folds_instructions else wire

    def learn(self, refused: str | None, sent: Mapping[str, object]) -> bool:
        """A request with the fields `sent` was refused because of one of them; whether to ask again with `fields`."""
        if refused is None or refused not in OPTIONAL_FIELDS:
            return False
        if refused in TOKEN_LIMITS:
            # An endpoint may name the field it wants instead of the one it refuses: that is the one we sent.
            if (limit := next(iter(self._limits), None)) is not None and limit in sent:
                del self._limits[limit]
        else:
            self._others.pop(refused, None)
            if refused == STREAM:
                self._others.pop(USAGE, None)  # which is for streams only
        return self._is_news(sent, f"refuses {refused}")

    def drop_limit(self, sent: Mapping[str, object]) -> bool:
        """A request was refused since the answer that it asked for leaves the messages no room; as `learn`."""
        self._limits.clear()
        return self._is_news(sent, "has not so much room for an answer")

    def learn_to_fold(self, sent: Mapping[str, object]) -> bool:
        """A request was refused for the roles of its messages; whether to ask again with others."""
        messages = sent.get("messages")
        if not isinstance(messages, list) or fold_instructions(messages) == messages:
            return False
        self._folds_instructions = True
        _logger.info(
            "The model takes no system message, or none of one role behind another; from now on its instructions stand "
            "in the first question, and what people said in a row is one message"
        )
        return True

    def _is_news(self, sent: Mapping[str, object], what: str) -> bool:
        fields = self.fields
        if fields == {name: sent[name] for name in OPTIONAL_FIELDS if name in sent}:
            return False
        _logger.info("The model's endpoint %s; from now on it is sent %s", what, list(fields) or "neither")
        return True
