"""What a speech engine is. To add one: a module with such a class, and a line in `assistant/tts/engine_factory.py`."""

from collections.abc import AsyncGenerator
from types import TracebackType
from typing import Protocol, Self

from assistant.audio.decoders import AudioForm
from assistant.tts.voice import Voice


class SpeechEngine(Protocol):
    """Turns sentences into audio. An async context manager: what it holds is released at the end."""

    @property
    def name(self) -> str:
        """The name used in settings and in the log."""

    @property
    def timeout(self) -> float:
        """Seconds after which nobody waits for its first audio, or for the next, any more."""

    @property
    def voices(self) -> tuple[Voice, ...]:
        """Its voices; where nobody has chosen, the first of those speaks that know the language."""

    @property
    def form(self) -> AudioForm:
        """The form of its audio."""

    async def __aenter__(self) -> Self: ...

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None: ...

    async def warm(self) -> None:
        """Load or start what the first sentence would have to wait for. Never fails: a sentence will tell."""

    def speak(self, text: str, voice: Voice, language: str) -> AsyncGenerator[bytes, None]:
        """Speak one sentence of at most about 100 characters; yield its audio as it comes.

        May be called while it still speaks others, and may be left at any moment. `language` is one of the voice's.

        Raises:
            SpeechError: in one of its forms; nothing else is expected of an engine.
        """
