"""The settings of speech."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

GROUPS: Final = ("auto", "offline")
"""The names in TTS_ENGINE that stand for several engines."""

AUTO: Final = "auto"
"""The value of TTS_LANGUAGE that means: each sentence in its own language."""

_OFFLINE: Final = ("hibari", "pico")


@dataclass(frozen=True, kw_only=True)
class SpeechSettings:
    """How answers are spoken. A field's variable is TTS_ and its name in capitals."""

    engine: tuple[str, ...] = ("auto",)
    """Engines and GROUPS, the first choice first; see `engine_names`."""
    language: str = AUTO
    """The language spoken, as a gTTS code such as en, de or zh-CN; or AUTO."""
    accent: str = "com"
    """The accent of gTTS, as a Google domain: one of ACCENTS."""
    timeout: float = 5.0
    """Seconds to wait for a silent speech service before the next engine takes over."""
    google_per_minute: int = 120
    """The maximum number of requests to Google per minute. Google blocks clients that ask too often."""
    base_url: str = "https://api.openai.com/v1"
    """The address of the hosted engine's OpenAI-compatible API, without a slash at its end."""
    api_key: str | None = field(default=None, repr=False)
    """The hosted engine's key; None for a server that needs none. Secret."""
    model: str = "gpt-4o-mini-tts"
    """The hosted engine's model, by its name in that API."""
    voices: tuple[str, ...] = ("alloy",)
    """The hosted engine's voices, the first choice first."""
    format: str = "mp3"
    """The form of audio that the hosted service is asked for, by OpenAI's names: one of RESPONSE_FORMATS."""
    pcm_rate: int = 24_000
    """Samples per second of hosted speech without a header, where the answer does not say."""
    hosted_languages: tuple[str, ...] = ()
    """The languages that the hosted voices speak, as gTTS codes; empty means all."""
    cache_megabytes: int = 64
    """The size of the speech cache on disk in megabytes; 0 turns it off."""
    cache_days: int = 30
    """How many days a recording stays in the cache after its last use."""
    cache_folder: Path = Path("~/.cache/discord-voice-assistant/speech")
    """The folder of the speech cache; `~` is the home folder of the user that runs the bot."""

    @property
    def engine_names(self) -> tuple[str, ...]:
        """The names of the engines in order, without groups and duplicates."""
        hosted = ("hosted",) if self.api_key or self.base_url != SpeechSettings.base_url else ()
        names = {"auto": (*hosted, "gtts", *_OFFLINE), "offline": _OFFLINE}
        return tuple(dict.fromkeys(each for name in self.engine for each in names.get(name, (name,))))
