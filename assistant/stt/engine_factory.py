"""Creates the engines of STT_ENGINE. Each engine has one line here."""

from collections.abc import Callable, Mapping
from typing import Final

from assistant.stt.engine import RecognitionEngine
from assistant.stt.moonshine import MoonshineEngine
from assistant.stt.offline_limits import reason_against_offline
from assistant.stt.openai_compatible import OpenAiRecognizer
from assistant.stt.recognition_settings import AUTO, OFF, OFFLINE, RecognitionSettings


def _hosted(settings: RecognitionSettings, name: str) -> RecognitionEngine:
    return OpenAiRecognizer(
        base_url=settings.base_url,
        api_key=settings.api_key,
        model=settings.model,
        prompt=name,
        timeout=settings.timeout,
    )


ENGINES: Final[Mapping[str, Callable[[RecognitionSettings, str], RecognitionEngine]]] = {
    "hosted": _hosted,
    "moonshine": lambda _settings, _name: MoonshineEngine(),
}
"""How to create each engine, by its name in STT_ENGINE, from the settings and the assistant's name."""
_OFFLINE: Final = ("moonshine",)


def engine_names(settings: RecognitionSettings, memory: int | None) -> tuple[str, ...]:
    """The names of the engines in order, without groups and duplicates.

    A hosted service comes first where one is configured: whoever configures one wants it. `memory` is how many bytes
    this machine lets us have, None if that is not known; AUTO leaves out what does not fit.
    """
    hosted = ("hosted",) if settings.has_hosted else ()
    offline = () if reason_against_offline(memory) else _OFFLINE
    names = {AUTO: (*hosted, *offline), OFFLINE: _OFFLINE, OFF: ()}
    return tuple(dict.fromkeys(each for name in settings.engine for each in names.get(name, (name,))))


def engines_for(settings: RecognitionSettings, name: str, memory: int | None) -> tuple[RecognitionEngine, ...]:
    """The engines that STT_ENGINE names, the first choice first; `name` is the assistant's, which people say."""
    return tuple(ENGINES[each](settings, name) for each in engine_names(settings, memory))
