"""The interface of a speech engine. To add one, write such a class and a line in `assistant/tts/engine_factory.py`."""

from collections.abc import AsyncGenerator
from types import TracebackType
from typing import TYPE_CHECKING, Protocol, Self

from assistant.tts.voice import Voice

if TYPE_CHECKING:
    from assistant.audio.decoders import DecoderFactory


class SpeechEngine(Protocol):
    """Turns sentences into audio. An async context manager, whose end releases what it holds."""

    @property
    def name(self) -> str:
        """The engine's name in settings and in the log."""

    @property
    def timeout(self) -> float:
        """Seconds to wait for its first audio, and for each further piece."""

    @property
    def voices(self) -> tuple[Voice, ...]:
        """Its voices. By default, the first one that speaks the language is used."""

    @property
    def make_decoder(self) -> "DecoderFactory":
        """Makes a decoder for its audio."""

    async def __aenter__(self) -> Self: ...

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None: ...

    def load(self) -> None:
        """Load into this process what would make frames late beside speech. Blocks; does not report failures either."""

    async def warm(self) -> None:
        """Load or start what the first sentence would have to wait for. Does not report failures: a sentence will."""

    def speak(self, text: str, voice: Voice, language: str) -> AsyncGenerator[bytes, None]:
        """Speak one sentence of at most about 100 characters; yield its audio as it arrives.

        Several sentences may be spoken at once, and any may be abandoned. `language` is one that `voice` speaks.

        Raises:
            SpeechError: one of its subclasses; an engine raises nothing else.
        """
