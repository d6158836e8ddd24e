"""What the owner decided about speech."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from gtts.lang import tts_langs

from assistant.speech.accents import ACCENTS
from assistant.variables import Variables, is_openai, openai_key

ENGINES: Final = ("auto", "offline", "hosted", "gtts", "hibari", "pico")
"""What TTS_ENGINE may name; the first two stand for several."""

AUTO: Final = "auto"
"""The language of TTS_LANGUAGE that stands for each sentence's own."""

_OFFLINE: Final = ("hibari", "pico")
_CODES: Final = "codes of gTTS, such as en, de, fr or zh-CN (gtts-cli --all lists them)"
"""What a language is; there are too many to list them all."""


@dataclass(frozen=True, kw_only=True)
class SpeechSettings:
    """How answers are spoken. A field's variable is its name in capitals behind TTS_."""

    engine: tuple[str, ...] = ("auto",)
    """Some of ENGINES, the first choice first: `engine_names` says what they stand for."""
    language: str = AUTO
    """The language spoken, as a gTTS code such as en, de or zh-CN; or AUTO."""
    accent: str = "com"
    """One of ACCENTS: the Google domain whose accent gTTS speaks with."""
    timeout: float = 5.0
    """Seconds that a speech service may be silent before another engine speaks in its place."""
    google_per_minute: int = 120
    """How often Google is asked in a minute at most; it refuses whoever asks too often."""
    base_url: str = "https://api.openai.com/v1"
    """Where the hosted engine's OpenAI-compatible API lives; no slash at its end."""
    api_key: str | None = field(default=None, repr=False)
    """The hosted engine's key, or None for a server that asks for none. Secret."""
    model: str = "gpt-4o-mini-tts"
    """The hosted engine's model, by the name the API knows it by."""
    voices: tuple[str, ...] = ("alloy",)
    """The hosted engine's voices, the first choice first."""
    hosted_languages: tuple[str, ...] = ()
    """The languages that the hosted voices speak, as gTTS codes; empty: all."""
    cache_megabytes: int = 64
    """How much of what was said is kept on disk, to be said again without an engine; 0: nothing."""
    cache_days: int = 30
    """How long a recording is kept after it was last used."""
    cache_folder: Path = Path("~/.cache/discord-voice-assistant/speech")
    """Where recordings are kept; `~` is the home of whoever runs the bot."""

    @property
    def engine_names(self) -> tuple[str, ...]:
        """The engines in the order of choice, each by its own name and once."""
        hosted = ("hosted",) if self.api_key or self.base_url != SpeechSettings.base_url else ()
        names = {"auto": (*hosted, "gtts", *_OFFLINE), "offline": _OFFLINE}
        return tuple(dict.fromkeys(each for name in self.engine for each in names.get(name, (name,))))


def read_speech_settings(read: Variables) -> SpeechSettings:
    """Check every variable that begins with TTS_; mistakes are noted in `read`."""
    default = SpeechSettings()
    settings = SpeechSettings(
        engine=read.choices("TTS_ENGINE", default.engine, ENGINES),
        language=read.choice("TTS_LANGUAGE", default.language, (AUTO, *tts_langs()), f"{AUTO}, or one of the {_CODES}"),
        accent=read.choice("TTS_ACCENT", default.accent, ACCENTS),
        timeout=read.number("TTS_TIMEOUT", default.timeout, 0.1, 120),
        google_per_minute=read.whole_number("TTS_GOOGLE_PER_MINUTE", default.google_per_minute, 1, 1_000_000),
        base_url=read.url("TTS_BASE_URL", default.base_url),
        api_key=read.key("TTS_API_KEY"),
        model=read.line("TTS_MODEL", default.model, longest=200),
        voices=read.names("TTS_VOICES", default.voices),
        hosted_languages=read.choices("TTS_HOSTED_LANGUAGES", default.hosted_languages, tts_langs(), f"the {_CODES}"),
        cache_megabytes=read.whole_number("TTS_CACHE_MEGABYTES", default.cache_megabytes, 0, 100_000),
        cache_days=read.whole_number("TTS_CACHE_DAYS", default.cache_days, 1, 3650),
        cache_folder=Path(read.text("TTS_CACHE_FOLDER") or default.cache_folder),
    )
    if "hosted" in settings.engine and settings.api_key is None and is_openai(settings.base_url):
        read.mistake("TTS_API_KEY", "is missing, and OpenAI asks for one", openai_key("TTS_BASE_URL"))
    return settings
