"""Engines of recognition that do as a test tells them."""

import asyncio
from types import TracebackType
from typing import Self

from assistant.domain.errors import RecognitionEngineError
from assistant.domain.transcript import Transcript


class FakeRecognizer:
    """Hears `text`, or fails as it is told."""

    def __init__(
        self,
        name: str,
        text: str = "Hello there.",
        *,
        error: RecognitionEngineError | None = None,
        languages: str | None = None,
    ) -> None:
        """`languages` are codes between blanks; None: it understands every one."""
        self.name = name
        self.host = ""
        self.timeout = 5.0
        self.text = text
        self.error = error
        self.fails_times = 1_000_000
        """How often the error comes."""
        self.seconds = 0.0
        """How long it takes."""
        self.asked: list[str] = []
        """The language of each turn so far."""
        self.is_open = False
        self.is_warm = False
        self._languages = languages

    async def __aenter__(self) -> Self:
        self.is_open = True
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.is_open = False

    def understands(self, language: str) -> bool:
        """See `RecognitionEngine.understands`."""
        return self._languages is None or language in ("", *self._languages.split())

    async def warm(self) -> None:
        """See `RecognitionEngine.warm`."""
        self.is_warm = True

    async def transcribe(self, pcm: bytes, language: str) -> Transcript:
        """See `RecognitionEngine.transcribe`."""
        assert pcm
        self.asked.append(language)
        await asyncio.sleep(self.seconds)
        if self.error is not None and self.fails_times:
            self.fails_times -= 1
            raise self.error
        return Transcript(self.text, language, self.name)
