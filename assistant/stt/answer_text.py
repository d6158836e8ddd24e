"""Reads what services answer to a request for a transcript: JSON of several forms, plain text, or a stream of events.

https://platform.openai.com/docs/api-reference/audio/createTranscription, and what other servers make of it.
"""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

_NO_SPEECH: Final = 0.6
_UNSURE: Final = -1.0
"""Whisper takes a stretch for silence where `no_speech_prob` is above the first and `avg_logprob` below the second
(https://github.com/openai/whisper/blob/main/whisper/transcribe.py)."""
_REPETITIVE: Final = 2.4
"""It takes text that can be compressed by more than this factor for a repetition."""
_LONGEST_DETAIL: Final = 200
_TAGS: Final = ("<!doctype", "<html", "<?xml")


class UnreadableAnswer(ValueError):
    """The answer is no transcript. Its text says what it is; it may quote the service."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a service has understood."""

    text: str
    """The text; "" when nothing was said."""
    language: str = ""
    """The language as the service names it, such as `en` or `english`; "" when it does not say."""


def read_answer(body: bytes, content_type: str) -> Answer:
    """The transcript in a whole answer that is no stream of events.

    Raises:
        UnreadableAnswer: there is none.
    """
    try:
        text = body.decode("utf-8-sig").strip()
    except UnicodeDecodeError as error:
        raise UnreadableAnswer(f"{len(body)} bytes of {content_type or 'no type'} that are no text") from error
    if text.lower().startswith(_TAGS) or "html" in content_type:
        raise UnreadableAnswer(f"a page: {_shortened(text)}")
    if text.startswith(("{", "[", '"')) or "json" in content_type:
        return _answer_in(_parsed(text))
    if "\0" in text:
        raise UnreadableAnswer(f"{len(body)} bytes of {content_type or 'no type'} that are no text")
    if not text and not content_type.startswith("text/plain"):
        raise UnreadableAnswer("nothing")
    return Answer(text)


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UnreadableAnswer(f"no JSON: {_shortened(text)}") from error


def _answer_in(value: Any) -> Answer:
    if isinstance(value, str):
        return Answer(value)
    if not isinstance(value, dict):
        raise UnreadableAnswer(f"JSON that is no object: {_shortened(json.dumps(value))}")
    error, text, segments = value.get("error"), value.get("text"), value.get("segments")
    if error and not isinstance(text, str):
        raise UnreadableAnswer(f"an error: {_shortened(said_in(error))}")
    kept = _text_of(segments) if isinstance(segments, Sequence) and not isinstance(segments, str) else None
    if kept is None and not isinstance(text, str):
        raise UnreadableAnswer(f"JSON without a text: {_shortened(json.dumps(value))}")
    return Answer(str(text) if kept is None else kept, language_in(value))


def language_in(value: Mapping[str, Any]) -> str:
    """The language in an answer: `language`, or the only one of `languages`."""
    language, languages = value.get("language"), value.get("languages")
    if isinstance(languages, list) and len(languages) == 1:
        language = languages[0].get("code") if isinstance(languages[0], dict) else languages[0]
    return language if isinstance(language, str) else ""


def said_in(error: object) -> str:
    """The words of an error, which may be a text or an object with a message."""
    if isinstance(error, dict) and isinstance(error.get("message"), str):
        return str(error["message"])
    return error if isinstance(error, str) else json.dumps(error)


def _text_of(segments: Sequence[Any]) -> str | None:
    """The text of the stretches in which somebody spoke; None where the service does not tell which these are."""
    if not segments or not all(isinstance(each, dict) and isinstance(each.get("text"), str) for each in segments):
        return None
    kept = [each for each in segments if not _is_invented(each)]
    texts = [str(each["text"]) for each in kept]
    has_spaces = any(text.startswith(" ") for text in texts[1:])
    return ("" if has_spaces else " ").join(texts).strip()


def _is_invented(segment: Mapping[str, Any]) -> bool:
    """Whether the service itself takes a stretch for silence, or for a repetition of which it is not sure."""
    no_speech, sureness = _number(segment.get("no_speech_prob")), _number(segment.get("avg_logprob"))
    is_unsure = sureness < _UNSURE
    return is_unsure and (no_speech > _NO_SPEECH or _number(segment.get("compression_ratio")) > _REPETITIVE)


def _number(value: object) -> float:
    """A number; NaN, which is neither above nor below anything, where there is none."""
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else math.nan


def _shortened(text: str) -> str:
    return " ".join(text.split())[:_LONGEST_DETAIL]
