"""Engines and a clock that do as a test tells them."""

import asyncio
from collections.abc import AsyncGenerator
from types import TracebackType
from typing import Self

from assistant.audio.decoders import Decoder, PcmDecoder
from assistant.domain.errors import SpeechError
from assistant.tts.voice import Voice
from tests.support.sounds import RATE, pcm, tone


class Clock:
    """A clock that stands until it is told to go on."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


class FakeEngine:
    """Speaks half a second in two chunks, or fails as it is told."""

    def __init__(self, name: str, error: SpeechError | None = None, *, languages: str = "en") -> None:
        self.name = name
        self.timeout = 5.0
        self.voices = tuple(
            Voice(engine=name, name=each, label=each, languages=frozenset(languages.split())) for each in ("one", "two")
        )
        self.error = error
        self.fails_after = 0
        """After how many chunks the error comes."""
        self.fails_times = 1_000_000
        """How often it does."""
        self.chunks = [pcm(tone(0.25)), pcm(tone(0.25))]
        self.seconds = 0.0
        """How long it takes before each chunk."""
        self.asked: list[str] = []
        self.asked_voices: list[str] = []
        self.is_open = False
        self.is_warm = False

    async def __aenter__(self) -> Self:
        self.is_open = True
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.is_open = False

    @staticmethod
    def make_decoder() -> Decoder:
        """Bare samples."""
        return PcmDecoder(RATE)

    def load(self) -> None:
        """Nothing is."""

    async def warm(self) -> None:
        """See `SpeechEngine.warm`."""
        self.is_warm = True

    async def speak(self, text: str, voice: Voice, language: str) -> AsyncGenerator[bytes, None]:
        """See `SpeechEngine.speak`."""
        assert language in voice.languages
        self.asked.append(text)
        self.asked_voices.append(voice.name)
        for number in range(len(self.chunks) + 1):
            await asyncio.sleep(self.seconds)
            if self.error is not None and number == self.fails_after and self.fails_times:
                self.fails_times -= 1
                raise self.error
            if number < len(self.chunks):
                yield self.chunks[number]
