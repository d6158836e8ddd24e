"""Creates the chain of engines that the settings ask for."""

import logging

from assistant.stt.engine_factory import engines_for
from assistant.stt.offline_limits import reason_against_offline
from assistant.stt.recognition_settings import AUTO, RecognitionSettings
from assistant.stt.recognizer import Recognizer
from assistant.telemetry.metrics import Metrics
from assistant.util.memory_limit import memory_limit

_logger = logging.getLogger(__name__)


def recognizer_for(settings: RecognitionSettings, name: str, metrics: Metrics, *, guesses_at_hosts: bool) -> Recognizer:
    """The chain, not yet opened; `name` is the assistant's, which people say. What is left out is logged.

    `guesses_at_hosts` says whether a hosted engine is asked what somebody says before they have ended.
    """
    memory = memory_limit()
    engines = engines_for(settings, name, memory)
    if AUTO in settings.engine and (reason := reason_against_offline(memory)):
        nobody = "" if engines else ", so nobody is heard"
        _logger.warning("English is not recognized on this machine%s: %s", nobody, reason)
    language = "" if settings.language == AUTO else settings.language
    if engines and not any(engine.understands(language) for engine in engines):
        _logger.warning("No engine of STT_ENGINE understands %s: who speaks it is asked to type", language)
    return Recognizer(engines, metrics, language=language, guesses_at_hosts=guesses_at_hosts)
