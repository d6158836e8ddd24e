"""Reads the variables that begin with TTS_."""

from pathlib import Path
from typing import Final

from gtts.lang import tts_langs

from assistant.domain.preferences import LONGEST_VOICE
from assistant.tts.engine_factory import ENGINES
from assistant.tts.google_accents import ACCENTS
from assistant.tts.speech_settings import AUTO, GROUPS, SpeechSettings
from assistant.util.env_reader import EnvReader, is_openai, openai_key

_CODES: Final = "gTTS language codes, such as en, de, fr or zh-CN (gtts-cli --all lists them)"
"""How mistakes describe a language: there are too many to list."""
_LONGEST_VOICE: Final = LONGEST_VOICE - len("hosted:")
"""A voice is stored with its engine's name in front."""


def read_speech_settings(read: EnvReader) -> SpeechSettings:
    """Read and check every variable that begins with TTS_; mistakes are added to `read`."""
    default = SpeechSettings()
    settings = SpeechSettings(
        engine=read.choices("TTS_ENGINE", default.engine, (*GROUPS, *ENGINES)),
        language=read.choice("TTS_LANGUAGE", default.language, (AUTO, *tts_langs()), f"{AUTO}, or one of the {_CODES}"),
        accent=read.choice("TTS_ACCENT", default.accent, ACCENTS),
        timeout=read.number("TTS_TIMEOUT", default.timeout, 0.1, 120),
        google_per_minute=read.whole_number("TTS_GOOGLE_PER_MINUTE", default.google_per_minute, 1, 1_000_000),
        base_url=read.url("TTS_BASE_URL", default.base_url),
        api_key=read.key("TTS_API_KEY"),
        model=read.line("TTS_MODEL", default.model, longest=200),
        voices=read.names("TTS_VOICES", default.voices, longest=_LONGEST_VOICE),
        hosted_languages=read.choices("TTS_HOSTED_LANGUAGES", default.hosted_languages, tts_langs(), _CODES),
        cache_megabytes=read.whole_number("TTS_CACHE_MEGABYTES", default.cache_megabytes, 0, 100_000),
        cache_days=read.whole_number("TTS_CACHE_DAYS", default.cache_days, 1, 3650),
        cache_folder=Path(read.text("TTS_CACHE_FOLDER") or default.cache_folder),
    )
    if "hosted" in settings.engine and settings.api_key is None and is_openai(settings.base_url):
        read.add_mistake("TTS_API_KEY", "is missing, and OpenAI requires one", openai_key("TTS_BASE_URL"))
    return settings
