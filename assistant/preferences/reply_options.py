"""How a call answers: the options that can change during the call."""

from dataclasses import dataclass
from typing import Self

from assistant.config.settings import Settings
from assistant.domain.preferences import Addressing, Captions, Control, DuringSpeech
from assistant.tts.speech_settings import AUTO
from assistant.tts.voice import Voice


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyOptions:
    """How one turn is answered."""

    during_speech: DuringSpeech
    """What happens when somebody says or writes something while the answer is spoken."""
    spoken_seconds: float
    """Maximum speaking time of the answer in seconds; 0 means no limit."""
    control: Control = "members"
    """Who is answered out loud."""
    addressing: Addressing = "auto"
    """Which speech is for the assistant."""
    captions: Captions = "on"
    """Whether speech and its answers are written in the chat."""
    language: str = AUTO
    """The language of the answer, as a gTTS code; AUTO: each sentence in its own language."""
    voice: Voice | None = None
    """The preferred voice; None: the first voice that speaks the language."""

    @classmethod
    def from_settings(cls, settings: Settings) -> Self:
        """The owner's defaults."""
        return cls(
            during_speech=settings.during_speech,
            spoken_seconds=settings.spoken_seconds,
            control=settings.call_control,
            addressing=settings.addressing,
            captions=settings.captions,
            language=settings.speech.language,
        )
