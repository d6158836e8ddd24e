"""English without a network: hibari, a small neural voice that its wheel contains, in a separate process."""

import unicodedata
from collections.abc import AsyncGenerator
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Final, Self

from assistant.domain.errors import LanguageUnsupported
from assistant.tts.sentence_limits import SentenceLimits
from assistant.tts.speech_process import SpeechProcess
from assistant.tts.voice import Voice

if TYPE_CHECKING:
    from assistant.audio.decoders import Decoder

_NAME: Final = "hibari"
_TIMEOUT: Final = 20.0
"""Seconds. 100 characters take about 0.1 s; the first ones take a second longer, for loading."""
_RATE: Final = 24_000
_PROGRAM: Final = Path(__file__).with_name("hibari_worker.py")
_LOUDNESS: Final = -23.0
"""LUFS, measured over forty sentences (`python -m bench.speech`)."""


class HibariEngine:
    """hibari 0.2. Its process is started by `warm` or with the first sentence, and again after it hangs or dies."""

    name = _NAME
    timeout = _TIMEOUT

    def __init__(self) -> None:
        languages = frozenset({"en"})
        self.voices = (
            Voice(engine=_NAME, name="default", label="Hibari, American", languages=languages, loudness=_LOUDNESS),
        )
        self._process = SpeechProcess(_PROGRAM, _NAME)

    async def __aenter__(self) -> Self:
        await self._process.__aenter__()
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self._process.__aexit__(exc_type, exc, traceback)

    @staticmethod
    def make_decoder() -> "Decoder":
        """See `SpeechEngine.make_decoder`."""
        from assistant.audio.decoders import PcmDecoder  # noqa: PLC0415 - see WarmUp

        return PcmDecoder(_RATE)

    async def speak(self, text: str, voice: Voice, language: str) -> AsyncGenerator[bytes, None]:  # noqa: ARG002 - it has only one
        """See `SpeechEngine.speak`. Speaks one sentence at a time, some hundred times faster than real time."""
        if not _is_latin(text):
            raise LanguageUnsupported(engine=_NAME, detail="it reads only Latin letters", language=language)
        limit = SentenceLimits.of(text).size
        yield await self._process.ask({"text": text}, limit=limit, timeout=self.timeout)

    def load(self) -> None:
        """See `SpeechEngine.load`: there is nothing."""

    async def warm(self) -> None:
        """Start the process, which has loaded the voice about a second later."""
        await self._process.warm()


def _is_latin(text: str) -> bool:
    """Whether the text is mostly in Latin letters: hibari turns other scripts into noise."""
    letters = [letter for letter in text if letter.isalpha()]
    foreign = sum(not unicodedata.name(letter, "").startswith("LATIN") for letter in letters)
    return foreign * 4 <= len(letters)
