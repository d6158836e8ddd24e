"""Ways in which the stand-ins go wrong, to be ordered one by one for the requests to come, or as an outage."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

# What more than one stand-in can do.


@dataclass(frozen=True, slots=True)
class Status:
    """An HTTP error, in the API's usual form where it has one. Google answers 429 to those who ask too often."""

    status: int
    """The HTTP status."""
    retry_after: str | None = None
    """The Retry-After header as it is sent: seconds or an HTTP date. Google's speech sends none."""
    message: str = "ordered by the test"
    """The message in the error object."""


@dataclass(frozen=True, slots=True)
class Hang:
    """The request is taken and never answered."""


@dataclass(frozen=True, slots=True)
class Slow:
    """The speech is right, and late."""

    delay: float
    """Seconds until its first byte."""


@dataclass(frozen=True, slots=True)
class EmptyBody:
    """An answer 200 without a byte, of the type that the right one has. gTTS takes it for success."""


@dataclass(frozen=True, slots=True)
class HtmlPage:
    """An answer 200 that is a page for people, such as a request for consent. gTTS takes it for success."""


@dataclass(frozen=True, slots=True)
class Drip:
    """The right answer comes a byte at a time, and so hardly ends."""

    seconds: float
    """Seconds from each byte to the next."""
    is_head_too: bool = False
    """Whether its head comes like that, too."""


@dataclass(frozen=True, slots=True)
class EndlessSpeech:
    """The speech is said again and again, as fast as it is read."""


@dataclass(frozen=True, slots=True)
class GzipBomb:
    """An answer of the right type and form, in gzip though nobody asked for it, and a thousand times as large."""

    megabytes: int
    """How much it is once it is unpacked."""


@dataclass(frozen=True, slots=True)
class Body:
    """An answer with exactly this body."""

    content_type: str
    """Its content type; "" for an empty one."""
    body: bytes
    """Its bytes."""
    status: int = 200
    """Its HTTP status."""
    headers: tuple[tuple[str, str], ...] = ()
    """Other headers, each with its value."""


# What only Google's speech can do.


@dataclass(frozen=True, slots=True)
class NoAudioLine:
    """An answer 200 in good form, in which the line with the speech is missing. gTTS takes it for success."""


@dataclass(frozen=True, slots=True)
class NullAudio:
    """An answer 200 whose line of speech holds none. gTTS raises."""


@dataclass(frozen=True, slots=True)
class CorruptBase64:
    """The speech is not base64. gTTS lets the ValueError out."""


@dataclass(frozen=True, slots=True)
class CorruptMp3:
    """The speech is base64 of bytes which are not MP3."""


@dataclass(frozen=True, slots=True)
class Truncated:
    """The connection is reset in the middle of the answer."""


SpeechFault = (
    Status
    | EmptyBody
    | NoAudioLine
    | NullAudio
    | HtmlPage
    | CorruptBase64
    | CorruptMp3
    | Hang
    | Truncated
    | Slow
    | Drip
    | EndlessSpeech
    | GzipBomb
)


# What only hosted speech can do.


@dataclass(frozen=True, slots=True)
class CorruptAudio:
    """An answer 200 of type audio whose bytes are none."""


@dataclass(frozen=True, slots=True)
class FramesBomb:
    """FLAC of a few bytes a second, in good form: some kilobytes are hours of sound."""

    minutes: int
    """How long it is once it is decoded; each takes 540 bytes."""


@dataclass(frozen=True, slots=True)
class HangAfter:
    """The stream falls silent in the middle of the speech."""

    fraction: float
    """The part of the speech that comes before that, from 0 to 1."""


@dataclass(frozen=True, slots=True)
class CutAfter:
    """The connection is reset in the middle of the speech."""

    fraction: float
    """The part of the speech that comes before that, from 0 to 1."""


HostedSpeechFault = (
    Status
    | EmptyBody
    | HtmlPage
    | CorruptAudio
    | Hang
    | HangAfter
    | CutAfter
    | Slow
    | Drip
    | EndlessSpeech
    | GzipBomb
    | FramesBomb
)


# What only hosted recognition can do.


@dataclass(frozen=True, slots=True)
class Sureness:
    """How sure Whisper is of a stretch, in the numbers that it gives with it."""

    no_speech_prob: float = 0.01
    """How likely it holds no speech, from 0 to 1."""
    avg_logprob: float = -0.2
    """The mean logarithm of its tokens' probability; near 0 is sure."""
    compression_ratio: float = 1.2
    """How often its text repeats itself."""


@dataclass(frozen=True, slots=True)
class Says:
    """A text that was not said: what recognizers make of silence and noise."""

    text: str
    """The text."""
    sureness: Sureness | None = None
    """How sure the service is of it, where the form of its answer tells that; None: as of what was said."""


@dataclass(frozen=True, slots=True)
class PromptEcho:
    """The request's prompt comes back as what was said, as it does for silence."""


@dataclass(frozen=True, slots=True)
class EndlessText:
    """The answer begins well and never ends."""


HostedRecognitionFault = (
    Status
    | EmptyBody
    | HtmlPage
    | Body
    | Hang
    | HangAfter
    | CutAfter
    | Slow
    | Drip
    | GzipBomb
    | Says
    | PromptEcho
    | EndlessText
)


# What only the language model can do.


@dataclass(frozen=True, slots=True)
class Reset:
    """The connection is reset before any answer."""


@dataclass(frozen=True, slots=True)
class HangAfterTokens:
    """The stream falls silent."""

    tokens: int
    """How many tokens come before that."""


@dataclass(frozen=True, slots=True)
class CutAfterTokens:
    """The connection is reset in the middle of the stream."""

    tokens: int
    """How many tokens come before that."""


@dataclass(frozen=True, slots=True)
class EndAfterTokens:
    """The stream ends in good form, without a `finish_reason` and without `[DONE]`."""

    tokens: int
    """How many tokens come before that."""


@dataclass(frozen=True, slots=True)
class ErrorAfterTokens:
    """An error object takes the place of the next token, and the stream ends."""

    tokens: int
    """How many tokens come before that."""
    code: int | str | None = "server_error"
    """The `code` in the error object."""


HTML_PAGE: Final = Body("text/html", b"<!doctype html><html><body><h1>502 Bad Gateway</h1></body></html>")
"""What a proxy in between says."""
GARBAGE_STREAM: Final = Body("text/event-stream", b"data: {]\xff\xfe\n\ndata: [DONE]\n\n")
"""A stream of events which are not JSON."""


@dataclass(frozen=True, slots=True)
class Empty:
    """A reply in good form, without any text."""


@dataclass(frozen=True, slots=True)
class WholeAnswer:
    """`stream` is ignored: the reply comes as one JSON body."""


@dataclass(frozen=True, slots=True)
class SlowTokens:
    """This one reply has a pace of its own."""

    first_token_seconds: float
    """Seconds until the first token."""
    tokens_per_second: float
    """How fast the others follow."""


@dataclass(frozen=True, slots=True)
class Endless:
    """The reply never ends: these bytes go out again and again, as fast as they are read or at a pace."""

    event: bytes
    """What is repeated, such as a comment, an empty delta or a delta with text."""
    pause: float = 0.0
    """Seconds between two of them."""


@dataclass(frozen=True, slots=True)
class SlowHeaders:
    """The headers of the answer come a byte at a time, and have no end."""

    pause: float
    """Seconds between two bytes."""


@dataclass(frozen=True, slots=True)
class RefusedField:
    """The request is refused as long as it has this field, as by a model that does not know it."""

    field: str
    """Its name."""
    names_param: bool = True
    """Whether the error object names it, as OpenAI's does; else only its message does."""
    message: str = ""
    """The message; "" for OpenAI's."""


KEEP_ALIVE: Final = b": keep-alive\n\n"
"""What proxies send while a model is silent."""
EMPTY_DELTA: Final = b'data: {"choices": [{"index": 0, "delta": {"content": ""}, "finish_reason": null}]}\n\n'
"""A piece of a reply without text."""


ModelFault = (
    Status
    | Reset
    | Hang
    | HangAfterTokens
    | CutAfterTokens
    | EndAfterTokens
    | ErrorAfterTokens
    | Body
    | Empty
    | WholeAnswer
    | SlowTokens
    | Endless
    | SlowHeaders
    | RefusedField
)
