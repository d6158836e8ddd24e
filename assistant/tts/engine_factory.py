"""Creates the engines of TTS_ENGINE. Each engine has one line here."""

from collections.abc import Callable, Mapping
from typing import Final

from assistant.text.spoken_languages import SPOKEN_LANGUAGES
from assistant.tts.engine import SpeechEngine
from assistant.tts.google import GoogleEngine
from assistant.tts.hibari import HibariEngine
from assistant.tts.pico import PicoEngine
from assistant.tts.speech_settings import SpeechSettings


def _hosted(settings: SpeechSettings) -> SpeechEngine:
    from assistant.tts.openai_compatible import OpenAiEngine  # noqa: PLC0415 - all of its audio forms

    return OpenAiEngine(
        base_url=settings.base_url,
        api_key=settings.api_key,
        model=settings.model,
        voices=settings.voices,
        languages=frozenset(settings.hosted_languages or SPOKEN_LANGUAGES),
        timeout=settings.timeout,
        response_format=settings.format,
        pcm_rate=settings.pcm_rate,
    )


ENGINES: Final[Mapping[str, Callable[[SpeechSettings], SpeechEngine]]] = {
    "hosted": _hosted,
    "gtts": lambda settings: GoogleEngine(
        accent=settings.accent, timeout=settings.timeout, per_minute=settings.google_per_minute
    ),
    "hibari": lambda _: HibariEngine(),
    "pico": lambda _: PicoEngine(),
}
"""How to create each engine, by its name in TTS_ENGINE."""


def engines_for(settings: SpeechSettings) -> tuple[SpeechEngine, ...]:
    """The engines that `TTS_ENGINE` names, the first choice first."""
    return tuple(ENGINES[name](settings) for name in settings.engine_names)
