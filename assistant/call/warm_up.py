"""Loads what the first call of a process needs before it begins: loaded beside speech, it would make frames late."""

import asyncio
import logging
from collections.abc import Callable
from types import TracebackType
from typing import TYPE_CHECKING, Final, Self

from assistant.domain.errors import HearingUnavailable
from assistant.hearing.models import HearingModels
from assistant.text.language_detection import LanguageDetector
from assistant.text.normalization.normalizer import normalizer_for
from voicewire import Pacer
from voicewire.ciphers import load_ciphers

if TYPE_CHECKING:
    from assistant.audio.cues import Cues

_logger = logging.getLogger(__name__)

EVERY_KIND: Final = "5 km, $5, 14:05, 2026-11-25"
"""What a language knows of numbers is loaded with the first one, some 30 ms."""
_ENGLISH: Final = "en"
_RATE: Final = 24_000
_QUIET_LUFS: Final = -30.0
"""Of a voice that has to be made louder, so that the filters for that are set up, too."""


class WarmUp:
    """Loads in a thread once the first call asks for it: a process without calls does without some 40 MB."""

    def __init__(
        self, detector: LanguageDetector, pacer: Pacer, load_speech: Callable[[], None], *, hears: bool
    ) -> None:
        """Load nothing yet.

        Args:
            detector: who tells languages apart.
            pacer: who sends frames; started with the rest.
            load_speech: loads what the speech engines need, in a thread; see `Synthesizer.load`.
            hears: whether calls are listened to.
        """
        self._detector = detector
        self._pacer = pacer
        self._load_speech = load_speech
        self._hears = hears
        self.hearing_models: HearingModels | None = None
        """What an ear needs, once it is loaded; None where calls are not listened to, or it can't be loaded: then
        the log says why, and nobody is heard."""
        self.cues: Cues | None = None
        """The sounds without words of a call that is listened to, once they are made."""
        self._loading: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        """Load nothing yet."""
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._loading is not None:
            self._loading.cancel()
            await asyncio.wait([self._loading])

    async def wait(self) -> None:
        """Return when all is loaded, or something can't be: the first answer will tell.

        The first one who waits begins it. Only inside the `async with`, which gives it up.
        """
        await asyncio.wait([self.begin()])

    def begin(self) -> asyncio.Task[None]:
        """Begin to load, unless that was begun: a call is likely to come."""
        if self._loading is None:
            self._loading = asyncio.create_task(asyncio.to_thread(self._load), name="warm up")
        return self._loading

    def _load(self) -> None:
        try:
            self._pacer.warm()
            if self._hears:
                self.hearing_models = _hearing_models()
                from assistant.audio.cues import make_cues  # noqa: PLC0415 - as below

                self.cues = make_cues()
            self._detector.load()
            self._load_speech()
            load_ciphers()
            normalizer_for(_ENGLISH).normalize(EVERY_KIND)
            _encode_a_second()
        except Exception:
            _logger.exception("Couldn't load all that the first answer needs")


def _hearing_models() -> HearingModels | None:
    try:
        return HearingModels.load()
    except HearingUnavailable as error:
        _logger.warning("Nobody is heard: %s", error)
        return None


def _encode_a_second() -> None:
    # Imported here: a process without calls does without PyAV's 16 MB.
    from assistant.audio.decoders import Mp3Decoder, PcmDecoder  # noqa: PLC0415
    from assistant.audio.loudness import VoiceLevel  # noqa: PLC0415
    from assistant.audio.speech_encoder import SpeechEncoder  # noqa: PLC0415

    encoder = SpeechEncoder(lambda: PcmDecoder(_RATE), VoiceLevel(_QUIET_LUFS))
    for _ in (*encoder.encode(b"\x00\x01" * _RATE), *encoder.finish()):
        pass
    Mp3Decoder()
