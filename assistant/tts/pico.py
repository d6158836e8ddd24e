"""Five languages without a network: SVOX Pico, in a separate process."""

from collections.abc import AsyncGenerator
from importlib.util import find_spec
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Final, Self

from assistant.tts.sentence_limits import SentenceLimits
from assistant.tts.speech_process import SpeechProcess
from assistant.tts.voice import Voice

if TYPE_CHECKING:
    from assistant.audio.decoders import Decoder

_NAME: Final = "pico"
_TIMEOUT: Final = 10.0
"""Seconds. 100 characters take less than 0.1 s; the first ones take 0.2 s longer, for the process to start."""
_RATE: Final = 16_000
_PROGRAM: Final = Path(__file__).with_name("pico_worker.py")
_TAGS: Final = str.maketrans("<>", "  ")
"""Pico treats text in angle brackets as commands."""
_VOICES: Final = (
    Voice(engine=_NAME, name="de-DE", label="Pico, German", languages=frozenset({"de"}), loudness=-17.0),
    Voice(engine=_NAME, name="es-ES", label="Pico, Spanish", languages=frozenset({"es"}), loudness=-15.3),
    Voice(engine=_NAME, name="fr-FR", label="Pico, French", languages=frozenset({"fr"}), loudness=-18.4),
    Voice(engine=_NAME, name="it-IT", label="Pico, Italian", languages=frozenset({"it"}), loudness=-19.4),
    Voice(engine=_NAME, name="en-US", label="Pico, American", languages=frozenset({"en"}), loudness=-18.2),
    Voice(engine=_NAME, name="en-GB", label="Pico, British", languages=frozenset({"en"}), loudness=-18.2),
)
"""The loudness is in LUFS, measured at the volume of `pico_worker`."""
_SPEEDS: Final = {"en-US": 0.8, "en-GB": 0.8}
"""Voices that are easier to understand when slowed down: at 170 words a minute instead of 215, a speech recognizer
gets 5.5% and 6.2% of the words of 80 sentences wrong, instead of 6.6% and 7.9%."""


class PicoEngine:
    """py-nanotts 0.1. Its process is started with the first sentence, and again after it hangs or dies."""

    name = _NAME

    def __init__(self) -> None:
        """There are no voices on systems without a wheel of the package, such as macOS."""
        self.timeout = _TIMEOUT
        is_installed = find_spec("py_nanotts") is not None
        self.voices = _VOICES if is_installed else ()
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

    def load(self) -> None:
        """See `SpeechEngine.load`: there is nothing."""

    async def warm(self) -> None:
        """Start the process, which takes 0.2 s."""
        await self._process.warm()

    async def speak(self, text: str, voice: Voice, language: str) -> AsyncGenerator[bytes, None]:  # noqa: ARG002 - each voice has one
        """See `SpeechEngine.speak`. Speaks one sentence at a time, some hundred times faster than real time."""
        speed = _SPEEDS.get(voice.name, 1.0)
        request = {"text": text.translate(_TAGS), "voice": voice.name, "speed": speed}
        yield await self._process.ask(request, limit=SentenceLimits.of(text).size, timeout=self.timeout)
