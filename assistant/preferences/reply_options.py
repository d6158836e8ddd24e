"""How a call answers, as far as that may change while it goes on."""

from dataclasses import dataclass
from typing import Self

from assistant.config.settings import Settings
from assistant.domain.preferences import DuringSpeech
from assistant.tts.speech_settings import AUTO
from assistant.tts.voice import Voice


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyOptions:
    """How one turn is answered."""

    during_speech: DuringSpeech
    """What a message does that comes while the answer is being heard."""
    spoken_seconds: float
    """How much of the answer is said at most, in seconds; 0 means all of it."""
    language: str = AUTO
    """The language it is spoken in, as a gTTS code, or AUTO: each sentence in its own."""
    voice: Voice | None = None
    """The voice that is preferred; None: the first that knows the language."""

    @classmethod
    def from_settings(cls, settings: Settings) -> Self:
        """What the owner decided."""
        return cls(
            during_speech=settings.during_speech,
            spoken_seconds=settings.spoken_seconds,
            language=settings.speech.language,
        )
