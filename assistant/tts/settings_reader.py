"""Reads the variables that begin with TTS_."""

from pathlib import Path
from typing import Final

from assistant.audio.plausible import HIGHEST_RATE, LOWEST_RATE
from assistant.domain.preferences import LONGEST_VOICE
from assistant.text.language_tags import gtts_code, similar_languages
from assistant.text.spoken_languages import SPOKEN_LANGUAGES
from assistant.tts.engine_factory import ENGINES
from assistant.tts.google_accents import ACCENTS
from assistant.tts.response_format import RESPONSE_FORMATS
from assistant.tts.speech_settings import AUTO, GROUPS, SpeechSettings
from assistant.util.env_reader import EnvReader, is_openai, openai_key, shown

_CODES: Final = "languages, such as en, de, pt-BR or zh-CN (gtts-cli --all lists them)"
"""How mistakes describe a language: there are too many to list."""
_LONGEST_VOICE: Final = LONGEST_VOICE - len("hosted:")
"""A voice is stored with its engine's name in front."""


def read_speech_settings(read: EnvReader) -> SpeechSettings:
    """Read and check every variable that begins with TTS_; mistakes are added to `read`."""
    default = SpeechSettings()
    settings = SpeechSettings(
        engine=read.choices("TTS_ENGINE", default.engine, (*GROUPS, *ENGINES)),
        language=_language(read, default.language),
        accent=read.choice("TTS_ACCENT", default.accent, ACCENTS),
        timeout=read.number("TTS_TIMEOUT", default.timeout, 0.1, 120),
        google_per_minute=read.whole_number("TTS_GOOGLE_PER_MINUTE", default.google_per_minute, 1, 1_000_000),
        base_url=read.url("TTS_BASE_URL", default.base_url),
        api_key=read.key("TTS_API_KEY"),
        model=read.line("TTS_MODEL", default.model, longest=200),
        voices=read.names("TTS_VOICES", default.voices, longest=_LONGEST_VOICE),
        format=read.choice("TTS_FORMAT", default.format, RESPONSE_FORMATS),
        pcm_rate=read.whole_number("TTS_PCM_RATE", default.pcm_rate, LOWEST_RATE, HIGHEST_RATE),
        hosted_languages=_languages(read, "TTS_HOSTED_LANGUAGES", default.hosted_languages),
        cache_megabytes=read.whole_number("TTS_CACHE_MEGABYTES", default.cache_megabytes, 0, 100_000),
        cache_days=read.whole_number("TTS_CACHE_DAYS", default.cache_days, 1, 3650),
        cache_folder=Path(read.text("TTS_CACHE_FOLDER") or default.cache_folder),
    )
    if "hosted" in settings.engine and settings.api_key is None and is_openai(settings.base_url):
        read.add_mistake("TTS_API_KEY", "is missing, and OpenAI requires one", openai_key("TTS_BASE_URL"))
    return settings


def _language(read: EnvReader, default: str) -> str:
    """TTS_LANGUAGE: AUTO, or a language by any of its usual codes or names."""
    value = read.text("TTS_LANGUAGE")
    if value is None or value.casefold() == AUTO:
        return default if value is None else AUTO
    return _code(read, "TTS_LANGUAGE", value, f"{AUTO}, or one of the {_CODES}") or default


def _languages(read: EnvReader, variable: str, default: tuple[str, ...]) -> tuple[str, ...]:
    """A comma-separated list of languages, without duplicates."""
    value = read.text(variable)
    if value is None:
        return default
    codes = [_code(read, variable, name.strip(), f"a comma-separated list of {_CODES}") for name in value.split(",")]
    return default if None in codes else tuple(dict.fromkeys(code for code in codes if code is not None))


def _code(read: EnvReader, variable: str, value: str, expected: str) -> str | None:
    """The gTTS code of a language, with a note where it is called otherwise; None and a mistake if nobody speaks it."""
    code = gtts_code(value)
    if code is None:
        names = [f"{similar} ({SPOKEN_LANGUAGES[similar]})" for similar in similar_languages(value)]
        nearest = f"; did you mean {' or '.join(names)}?" if names else ""
        read.add_mistake(variable, f"is {shown(value)}, a language that no engine speaks", expected + nearest)
    elif code.casefold() != value.casefold():
        read.add_note(variable, f"{shown(value)} is spoken as {code} ({SPOKEN_LANGUAGES[code]})")
    return code
