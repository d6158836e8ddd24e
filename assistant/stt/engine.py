"""The interface of an engine that recognizes speech.

To add one, write such a class and a line in `assistant/stt/engine_factory.py`.
"""

from types import TracebackType
from typing import Protocol, Self

from assistant.domain.transcript import Transcript


class RecognitionEngine(Protocol):
    """Turns what somebody said into text. An async context manager, whose end releases what it holds."""

    @property
    def name(self) -> str:
        """The engine's name in settings and in the log."""

    @property
    def host(self) -> str:
        """The name of the host that gets the sound; "" where it stays on this machine."""

    @property
    def timeout(self) -> float:
        """Seconds that a turn may take, all tries together."""

    async def __aenter__(self) -> Self: ...

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None: ...

    def understands(self, language: str) -> bool:
        """Whether it understands a language, by its code such as `en` or `zh-CN`; "" is one that is not known."""

    async def warm(self) -> None:
        """Load or start what the next turn would have to wait for. Does not report failures: a turn will."""

    async def transcribe(self, pcm: bytes, language: str) -> Transcript:
        """Recognize one turn.

        Args:
            pcm: its sound: signed 16 bits, little-endian, 16 kHz, one channel; at most half a minute.
            language: one that it understands, as a code; "" when it is not known.

        Several turns may be recognized at once, and any may be abandoned.

        Raises:
            RecognitionEngineError: one of its subclasses; an engine raises nothing else.
        """
