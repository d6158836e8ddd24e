"""The environment variables by which the assistant is set up."""

import dataclasses

from assistant.config.settings import Settings
from assistant.tts.speech_settings import SpeechSettings

VARIABLES = [
    name
    for field in dataclasses.fields(Settings)
    for name in (
        [f"TTS_{each.name.upper()}" for each in dataclasses.fields(SpeechSettings)]
        if field.name == "speech"
        else [field.name.upper()]
    )
]
"""All of them, in the order of the settings' fields."""
