"""The settings of recognition."""

from dataclasses import dataclass, field
from typing import Final

AUTO: Final = "auto"
"""In STT_ENGINE: what is configured and fits. In STT_LANGUAGE: not known."""
OFF: Final = "off"
"""In STT_ENGINE: nothing is recognized."""
OFFLINE: Final = "offline"
"""In STT_ENGINE: the engines that need no network."""

GROUPS: Final = (AUTO, OFFLINE, OFF)
"""The names in STT_ENGINE that are no engine's."""


@dataclass(frozen=True, kw_only=True)
class RecognitionSettings:
    """How speech is recognized. A field's variable is STT_ and its name in capitals."""

    engine: tuple[str, ...] = (AUTO,)
    """Engines and GROUPS, the first choice first."""
    language: str = AUTO
    """The language of whoever chose none, as a gTTS code such as en, de or zh-CN; or AUTO."""
    base_url: str = "https://api.openai.com/v1"
    """The address of the hosted engine's OpenAI-compatible API, without a slash at its end."""
    api_key: str | None = field(default=None, repr=False)
    """The hosted engine's key; None for a server that needs none. Secret."""
    model: str = "gpt-transcribe"
    """The hosted engine's model, by its name in that API. The default is the one that OpenAI recommends
    (https://developers.openai.com/api/docs/models/gpt-transcribe)."""
    timeout: float = 6.0
    """Seconds that the hosted engine may take for a turn before the next engine takes over."""

    @property
    def has_hosted(self) -> bool:
        """Whether a hosted service is configured."""
        return self.api_key is not None or self.base_url != RecognitionSettings.base_url
