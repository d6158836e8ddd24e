"""English without a network: hibari, a small neural voice that its wheel contains."""

import asyncio
import os
import threading
import unicodedata
from collections.abc import AsyncGenerator
from concurrent.futures import ThreadPoolExecutor
from types import TracebackType
from typing import Any, Final, Self

from assistant.audio.decoders import Decoder, PcmDecoder
from assistant.domain.errors import LanguageUnsupported, SpeechEmpty
from assistant.tts.voice import Voice

_NAME: Final = "hibari"
_TIMEOUT: Final = 20.0
"""Seconds. 100 characters take about 0.1 s; the first call takes about 1 s longer, for loading."""
_RATE: Final = 24_000
_AUDIBLE: Final = 0.003
"""Samples (from -1 to 1) that are quieter are not speech."""
_WORKERS: Final = 2
"""Threads that speak. They are bound by the CPU, so more would not be faster."""
_LOUDNESS: Final = -23.0
"""LUFS, measured over forty sentences (`python -m bench.speech`)."""


class HibariEngine:
    """hibari 0.2. Loaded by `warm` or with the first sentence; threads share it."""

    name = _NAME
    timeout = _TIMEOUT

    def __init__(self) -> None:
        languages = frozenset({"en"})
        self.voices = (
            Voice(engine=_NAME, name="default", label="Hibari, American", languages=languages, loudness=_LOUDNESS),
        )
        self._loading = threading.Lock()
        self._model: Any = None  # hibari has no type hints
        self._workers = ThreadPoolExecutor(_WORKERS, thread_name_prefix="hibari")

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await asyncio.to_thread(self._workers.shutdown, wait=True, cancel_futures=True)

    @staticmethod
    def make_decoder() -> Decoder:
        """See `SpeechEngine.make_decoder`."""
        return PcmDecoder(_RATE)

    async def speak(self, text: str, voice: Voice, language: str) -> AsyncGenerator[bytes, None]:  # noqa: ARG002 - it has only one
        """See `SpeechEngine.speak`."""
        if not _is_latin(text):
            raise LanguageUnsupported(engine=_NAME, detail="it reads only Latin letters", language=language)
        yield await asyncio.get_running_loop().run_in_executor(self._workers, self._synthesize, text)

    async def warm(self) -> None:
        """Load the voice, which takes about a second."""
        await asyncio.get_running_loop().run_in_executor(self._workers, self._load)

    def _load(self) -> None:
        with self._loading:
            if self._model is None:
                # onnxruntime sends telemetry to its maker unless this is set before its import.
                os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
                # Imported here: onnxruntime takes 100 MB, which a bot with another engine saves.
                from hibari import Hibari  # noqa: PLC0415

                model = Hibari()
                model("Ready.")  # builds the lexicon and warms the model up
                self._model = model

    def _synthesize(self, text: str) -> bytes:
        self._load()
        samples = self._model(text)
        if not (abs(samples) > _AUDIBLE).any():
            raise SpeechEmpty(engine=_NAME, detail="no sound for this text")
        pcm: bytes = (samples.clip(-1.0, 1.0) * 32767.0).astype("<i2").tobytes()
        return pcm


def _is_latin(text: str) -> bool:
    """Whether the text is mostly in Latin letters: hibari turns other scripts into noise."""
    letters = [letter for letter in text if letter.isalpha()]
    foreign = sum(not unicodedata.name(letter, "").startswith("LATIN") for letter in letters)
    return foreign * 4 <= len(letters)
