"""Which engines speak, and in which order: one line an engine."""

from collections.abc import Callable, Mapping
from typing import Final

from assistant.settings import Settings
from assistant.speech.engine import SpeechEngine
from assistant.speech.google import GoogleEngine
from assistant.speech.offline import OfflineEngine

_ENGINES: Final[Mapping[str, Callable[[Settings], SpeechEngine]]] = {
    "gtts": lambda settings: GoogleEngine(accent=settings.tts_accent, timeout=settings.tts_timeout),
    "offline": lambda _: OfflineEngine(),
}
_AUTO: Final = ("gtts", "offline")


def engines_for(settings: Settings) -> tuple[SpeechEngine, ...]:
    """The engines that `TTS_ENGINE` names, the first choice first."""
    names = _AUTO if settings.tts_engine == "auto" else (settings.tts_engine,)
    return tuple(_ENGINES[name](settings) for name in names)
