"""Creates the chain of engines that the settings ask for."""

import logging

from assistant.stt.engine_factory import engines_for
from assistant.stt.offline_limits import reason_against_offline
from assistant.stt.recognition_settings import AUTO, RecognitionSettings
from assistant.stt.recognizer import Recognizer
from assistant.telemetry.metrics import Metrics
from assistant.util.memory_limit import memory_limit

_logger = logging.getLogger(__name__)


def recognizer_for(settings: RecognitionSettings, name: str, metrics: Metrics) -> Recognizer:
    """The chain, not yet opened; `name` is the assistant's, which people say. What is left out is logged."""
    memory = memory_limit()
    if AUTO in settings.engine and (reason := reason_against_offline(memory)):
        _logger.warning("English is not recognized on this machine: %s", reason)
    language = "" if settings.language == AUTO else settings.language
    return Recognizer(engines_for(settings, name, memory), metrics, language=language)
