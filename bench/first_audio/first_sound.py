"""How soon one answer was heard, and whose time that was."""

from dataclasses import dataclass
from typing import Self

from bench.common.conversation import floor, when_written
from sandbox.standins.google.google_speech import SpeechRequest
from sandbox.standins.language_model.model_server import ModelRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstServices:
    """What the services saw of an answer."""

    model: ModelRequest
    """What the model was asked."""
    speech: SpeechRequest
    """The request to speak the first piece."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstSound:
    """The first sound of one answer. Times are in seconds."""

    language: str
    """The answer's, as a gTTS code."""
    piece: str
    """The first piece that was spoken, as it was written."""
    seconds: float
    """From the question to the first sound."""
    floor: float
    """The services' part: the model up to the end of the piece, and the speech service for it."""
    until_sure: float
    """From the piece's last token to the request for its speech: what follows shows that it ends there."""

    @property
    def own(self) -> float:
        """The rest, which is the bot's; `until_sure` is part of it."""
        return self.seconds - self.floor

    @classmethod
    def of(cls, language: str, piece: str, seconds: float, services: FirstServices) -> Self:
        """Divide the time until an answer was heard."""
        return cls(
            language=language,
            piece=piece,
            seconds=seconds,
            floor=floor(services.model, services.speech, piece),
            until_sure=services.speech.arrived - when_written(services.model, piece),
        )
