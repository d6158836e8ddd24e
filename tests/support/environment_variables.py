"""The environment variables by which the assistant is set up."""

import dataclasses

from assistant.config.settings import Settings
from assistant.stt.recognition_settings import RecognitionSettings
from assistant.tts.speech_settings import SpeechSettings

_GROUPS = {
    "speech": [f"TTS_{field.name.upper()}" for field in dataclasses.fields(SpeechSettings)],
    "recognition": [f"STT_{field.name.upper()}" for field in dataclasses.fields(RecognitionSettings)],
}

VARIABLES = [name for field in dataclasses.fields(Settings) for name in _GROUPS.get(field.name, [field.name.upper()])]
"""All of them, in the order of the settings' fields."""
