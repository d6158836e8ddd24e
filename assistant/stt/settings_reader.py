"""Reads the variables that begin with STT_."""

from assistant.stt.engine_factory import ENGINES
from assistant.stt.recognition_settings import AUTO, GROUPS, OFF, RecognitionSettings
from assistant.text.language_tags import gtts_code, similar_languages
from assistant.util.env_reader import EnvReader, is_openai, openai_key, shown


def read_recognition_settings(read: EnvReader, language: str) -> RecognitionSettings:
    """Read and check every variable that begins with STT_; mistakes are added to `read`.

    `language` is the one in which all answers are spoken, or AUTO: where it is set, people are taken to speak it, too.
    """
    default = RecognitionSettings()
    settings = RecognitionSettings(
        engine=read.choices("STT_ENGINE", default.engine, (*GROUPS, *ENGINES)),
        language=_language(read, language),
        base_url=read.url("STT_BASE_URL", default.base_url),
        api_key=read.key("STT_API_KEY"),
        model=read.line("STT_MODEL", default.model, longest=200),
        timeout=read.number("STT_TIMEOUT", default.timeout, 0.1, 120),
    )
    if OFF in settings.engine and len(settings.engine) > 1:
        read.add_mistake("STT_ENGINE", "is off and something else", f"{OFF} alone, or engines without it")
    elif "hosted" in settings.engine and settings.api_key is None and is_openai(settings.base_url):
        read.add_mistake("STT_API_KEY", "is missing, and OpenAI requires one", openai_key("STT_BASE_URL"))
    return settings


def _language(read: EnvReader, default: str) -> str:
    """STT_LANGUAGE: AUTO, or a language by any of its usual codes or names."""
    value = read.text("STT_LANGUAGE")
    if value is None:
        return default
    if value.casefold() == AUTO:
        return AUTO
    code = gtts_code(value)
    if code is None:
        nearest = ", ".join(similar_languages(value))
        hint = f"; did you mean {nearest}?" if nearest else ""
        read.add_mistake(
            "STT_LANGUAGE", f"is {shown(value)}, no known language", f"{AUTO}, or a language such as en{hint}"
        )
    return code or default
