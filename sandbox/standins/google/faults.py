"""Ways in which Google's speech goes wrong, to be ordered one by one for the requests to come."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Status:
    """An HTTP error; Google answers 429 to those who ask too often."""

    status: int
    """The HTTP status."""


@dataclass(frozen=True, slots=True)
class EmptyBody:
    """An answer 200 without a byte. gTTS takes it for success."""


@dataclass(frozen=True, slots=True)
class NoAudioLine:
    """An answer 200 in good form, in which the line with the speech is missing. gTTS takes it for success."""


@dataclass(frozen=True, slots=True)
class NullAudio:
    """An answer 200 whose line of speech holds none. gTTS raises."""


@dataclass(frozen=True, slots=True)
class HtmlPage:
    """An answer 200 that is a page for people, such as a request for consent. gTTS takes it for success."""


@dataclass(frozen=True, slots=True)
class CorruptBase64:
    """The speech is not base64. gTTS lets the ValueError out."""


@dataclass(frozen=True, slots=True)
class CorruptMp3:
    """The speech is base64 of bytes which are not MP3."""


@dataclass(frozen=True, slots=True)
class Hang:
    """The request is taken and never answered."""


@dataclass(frozen=True, slots=True)
class Truncated:
    """The connection is reset in the middle of the answer."""


@dataclass(frozen=True, slots=True)
class Slow:
    """The answer is right, and late."""

    delay: float
    """Seconds until it comes."""


SpeechFault = (
    Status | EmptyBody | NoAudioLine | NullAudio | HtmlPage | CorruptBase64 | CorruptMp3 | Hang | Truncated | Slow
)
