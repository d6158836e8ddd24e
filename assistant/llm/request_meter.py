"""One request to the language model, as it is counted."""

import time

from assistant.domain.token_usage import TokenUsage
from assistant.llm.chat_completion import CompletionChunk
from assistant.telemetry.metrics import Metrics


class RequestMeter:
    """Made when the request goes out, told of each piece, and closed at the end, however it came."""

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics
        self._asked = time.monotonic()
        self._pieces = 0
        self._usage: TokenUsage | None = None
        metrics.model_asked()

    def came(self, piece: CompletionChunk) -> None:
        """A piece of the reply came."""
        self._usage = piece.usage or self._usage  # endpoints that tell it with every piece tell the sum so far
        if piece.text:
            if not self._pieces:
                self._metrics.model_began(time.monotonic() - self._asked)
            self._pieces += 1

    def close(self) -> None:
        """Nothing more will come."""
        self._metrics.model_wrote(self._pieces, self._usage)
