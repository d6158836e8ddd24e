"""The form of a request for speech, checked as OpenAI checks it.

The fields and limits are those of https://platform.openai.com/docs/api-reference/audio/createSpeech.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping
from typing import Any, Final

from aiohttp import web

from sandbox.standins.openai_http import refusal
from sandbox.standins.speech.audio_format import FORMATS
from sandbox.unimplemented import Unimplemented

MAX_CHARACTERS: Final = 4096
"""The longest `input`, and the longest `instructions`."""
VOICES: Final = (
    "alloy",
    "ash",
    "ballad",
    "coral",
    "echo",
    "fable",
    "onyx",
    "nova",
    "sage",
    "shimmer",
    "verse",
    "marin",
    "cedar",
)
"""OpenAI's own voices."""
DEFAULT_FORMAT: Final = "mp3"
_NAMES: Final = {"model", "input", "voice", "response_format", "speed", "instructions", "stream_format"}
_OPENAI_FORMATS: Final = ("mp3", "opus", "aac", "flac", "wav", "pcm")
_SLOWEST: Final = 0.25
_FASTEST: Final = 4.0


def refuse(body: Mapping[str, Any], *, model: str, voices: Container[str]) -> web.Response | None:
    """The refusal of a form that OpenAI would refuse; None if it is right.

    Raises:
        Unimplemented: OpenAI would take it, and the sandbox cannot do it.
    """
    if problem := next(_problems(body, voices), None):
        return refusal(400, problem)
    if body["model"] != model:
        return refusal(404, f"The model `{body['model']}` does not exist")
    if (form := body.get("response_format", DEFAULT_FORMAT)) not in FORMATS:
        raise Unimplemented(f"speech in the format {form!r}")
    if (speed := body.get("speed", 1)) != 1:
        raise Unimplemented(f"speech at the speed {speed}")
    if (stream := body.get("stream_format", "audio")) != "audio":
        raise Unimplemented(f"speech streamed as {stream!r}")
    return None


def _problems(body: Mapping[str, Any], voices: Container[str]) -> Iterator[str]:
    """What is wrong; only the first is to be trusted, as the later ones rely on what is before them."""
    if unknown := sorted(body.keys() - _NAMES):
        yield f"Unrecognized request arguments: {unknown}"
    for name in ("model", "input", "voice"):
        if not isinstance(body.get(name), str) or not body[name]:
            yield f"{name}: a text is required"
    for name in ("input", "instructions"):
        text = body.get(name, "")
        if not isinstance(text, str) or len(text) > MAX_CHARACTERS:
            yield f"{name}: String should have at most {MAX_CHARACTERS} characters"
    if body["voice"] not in voices:
        yield f"voice: Input should be one of {voices}, not {body['voice']!r}"
    if body.get("response_format", DEFAULT_FORMAT) not in _OPENAI_FORMATS:
        yield f"response_format: Input should be one of {_OPENAI_FORMATS}"
    speed = body.get("speed", 1)
    if not isinstance(speed, int | float) or not _SLOWEST <= speed <= _FASTEST:
        yield f"speed: Input should be from {_SLOWEST} to {_FASTEST}"
    if body.get("stream_format", "audio") not in ("audio", "sse"):
        yield "stream_format: Input should be 'audio' or 'sse'"
