"""What one request to the model took."""

import time
from collections.abc import Callable

from assistant.domain.token_usage import TokenUsage
from assistant.llm.chat_completion import CompletionChunk
from assistant.telemetry.metrics import Metrics


class RequestMeter:
    """Counts one request: made when it goes out, given each piece, and closed at the end, however it came."""

    def __init__(self, metrics: Metrics, prompt: str, count: Callable[[TokenUsage], None] | None) -> None:
        """A request goes out.

        Args:
            metrics: who counts it.
            prompt: what the model is told, as text.
            count: called at the end with the tokens that it took, unless it was refused; None: nobody asks.
        """
        self._metrics = metrics
        self._prompt = prompt
        self._count = count
        self._texts: list[str] = []
        self._is_refused = False
        self._asked = time.monotonic()
        self._usage: TokenUsage | None = None
        metrics.model_asked()

    def add(self, piece: CompletionChunk) -> None:
        """A piece of the reply came."""
        self._usage = piece.usage or self._usage  # endpoints that tell it with every piece tell the sum so far
        if piece.text:
            if not self._texts:
                self._metrics.model_began(time.monotonic() - self._asked)
            self._texts.append(piece.text)

    def refused(self) -> None:
        """The endpoint has not taken the request, as far as is known."""
        self._is_refused = True

    def close(self) -> None:
        """Nothing more will come."""
        self._metrics.model_wrote(len(self._texts), self._usage)
        if self._count is not None and not self._is_refused:
            self._count(self._usage or TokenUsage.estimate(self._prompt, "".join(self._texts)))
