"""What the owner decided about speech."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

GROUPS: Final = ("auto", "offline")
"""What TTS_ENGINE may name besides an engine; each stands for several."""

AUTO: Final = "auto"
"""The language of TTS_LANGUAGE that stands for each sentence's own."""

_OFFLINE: Final = ("hibari", "pico")


@dataclass(frozen=True, kw_only=True)
class SpeechSettings:
    """How answers are spoken. A field's variable is its name in capitals behind TTS_."""

    engine: tuple[str, ...] = ("auto",)
    """Engines and GROUPS, the first choice first: `engine_names` says what they stand for."""
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
