"""The fields of a request that some endpoints refuse: learned from the refusal, and remembered."""

import logging
from collections.abc import Mapping
from typing import Final

_logger = logging.getLogger(__name__)

TOKEN_LIMITS: Final = ("max_tokens", "max_completion_tokens")
"""The names of the limit of tokens: what most servers know, and what OpenAI's newer models insist on
(https://platform.openai.com/docs/api-reference/chat/create)."""
USAGE: Final = "stream_options"
"""Asks how many tokens a streamed reply took."""
OPTIONAL_FIELDS: Final = (*TOKEN_LIMITS, USAGE)
"""What a request can do without."""


class RequestOptions:
    """What one endpoint is sent beside the model and the messages, as far as it takes that."""

    def __init__(self, *, max_tokens: int, asks_for_usage: bool, is_openai: bool) -> None:
        """Nothing is known yet of the endpoint.

        Args:
            max_tokens: the most tokens a reply may take; 0: no limit is sent.
            asks_for_usage: whether to ask how many tokens a reply took.
            is_openai: whether this is OpenAI's own API, which prefers the newer name of the limit.
        """
        self._max_tokens = max_tokens
        names = TOKEN_LIMITS[::-1] if is_openai else TOKEN_LIMITS
        self._limit_names = list(names if max_tokens else ())
        self._asks_for_usage = asks_for_usage

    @property
    def fields(self) -> dict[str, object]:
        """What to send now."""
        fields: dict[str, object] = dict.fromkeys(self._limit_names[:1], self._max_tokens)
        if self._asks_for_usage:
            fields[USAGE] = {"include_usage": True}
        return fields

    def learn(self, refused: str | None, sent: Mapping[str, object]) -> bool:
        """A request with the fields `sent` was refused because of one of them; whether to ask again with `fields`."""
        if refused is None or refused not in OPTIONAL_FIELDS:
            return False
        if refused == USAGE:
            self._asks_for_usage = False
        elif self._limit_names and self._limit_names[0] in sent:
            # An endpoint may name the field it wants instead of the one it refuses: that is the one we sent.
            del self._limit_names[0]
        fields = self.fields
        if fields.items() == {name: sent[name] for name in OPTIONAL_FIELDS if name in sent}.items():
            return False
        _logger.info("The model's endpoint refuses %s; from now on it is sent %s", refused, list(fields) or "neither")
        return True
