"""The form of a request for a transcript, checked as OpenAI checks it.

The fields and limits are those of https://platform.openai.com/docs/api-reference/audio/createTranscription; the
refusals have the words that people report of the real service.
"""

from __future__ import annotations

from collections.abc import Container, Iterator
from typing import Final

from aiohttp import web

from sandbox.standins.openai_http import error_object
from sandbox.standins.recognition.recognition_log import HostedRecognitionRequest

FORMATS: Final = ("json", "text", "srt", "verbose_json", "vtt")
"""The values of `response_format` that there are; models other than Whisper take `json` alone."""
LARGEST: Final = 25 * 2**20
"""Bytes of a file."""
_SHORTEST: Final = 16_000 * 2 // 10
"""Bytes of a tenth of a second."""
_NAMES: Final = {"model", "language", "prompt", "response_format", "temperature", "stream", "include[]"}


def refuse(
    request: HostedRecognitionRequest, *, model: str, formats: Container[str], unknown_fields: Container[str]
) -> web.Response | None:
    """The refusal of a form that the service would refuse; None if it is right."""
    if len(request.file) > LARGEST:
        return _refusal(413, "Maximum content size limit (26214400) exceeded", None)
    for message, field in _problems(request, formats=formats, unknown_fields=unknown_fields):
        return _refusal(400, message, field)
    if request.fields["model"] != model:
        return _refusal(404, f"The model `{request.fields['model']}` does not exist", "model")
    return None


def _problems(
    request: HostedRecognitionRequest, *, formats: Container[str], unknown_fields: Container[str]
) -> Iterator[tuple[str, str]]:
    """What is wrong, with the field that it is about; only the first is to be trusted."""
    fields = request.fields
    for name in sorted(fields):
        if name not in _NAMES or name in unknown_fields:
            yield f"Unrecognized request argument supplied: {name}", name
    if not fields.get("model"):
        yield "you must provide a model parameter", "model"
    if request.format not in FORMATS:
        yield f"response_format: Input should be one of {FORMATS}", "response_format"
    if request.format not in formats:
        other = "Use 'json' or 'text' instead."
        model = fields.get("model")
        yield f"response_format '{request.format}' is not compatible with model '{model}'. {other}", "response_format"
    language = request.language
    if language and not (len(language) in (2, 3) and language.isalpha() and language.islower()):
        yield f"Invalid language '{language}'. Language parameter must be specified in ISO-639-1 format.", "language"
    if "." not in request.file_name:
        yield "Unrecognized file format. Supported formats: ['flac', 'm4a', 'mp3', 'mp4', 'ogg', 'wav', 'webm']", "file"
    try:
        pcm = request.pcm
    except ValueError as error:
        yield f"Audio file might be corrupted or unsupported ({error})", "file"
        return
    if len(pcm) < _SHORTEST:
        yield "Audio file is too short. Minimum audio length is 0.1 seconds.", "file"


def _refusal(status: int, message: str, field: str | None) -> web.Response:
    body = error_object(message, None)
    body["error"]["param"] = field
    return web.json_response(body, status=status)
