"""Reads a transcript that comes as a stream of server-sent events.

OpenAI sends `transcript.text.delta` and `transcript.text.done`
(https://developers.openai.com/api/reference/resources/audio/subresources/transcriptions/streaming-events), Mistral
`transcription.text.delta` and `transcription.done`, vLLM pieces as in a chat, and faster-whisper-server a whole stretch
of text with each event.
"""

import json
from typing import Any

from assistant.stt.answer_text import Answer, UnreadableAnswer, language_in, said_in
from assistant.util.sse import Event, EventParser, EventTooLongError


class AnswerStream:
    """Takes the bytes of one stream as they arrive."""

    def __init__(self) -> None:
        self._parser = EventParser()
        self._pieces: list[str] = []
        self._stretches: list[str] = []
        self._whole: str | None = None
        self._language = ""
        self._is_ended = False
        self._needs_end = False
        """Whether the stream is of a kind that tells when it ends: without that it was cut off."""

    def feed(self, chunk: bytes) -> None:
        """Take the next bytes.

        Raises:
            UnreadableAnswer: it tells of an error, or is no such stream.
        """
        try:
            events = self._parser.feed(chunk)
        except EventTooLongError as error:
            raise UnreadableAnswer(str(error)) from error
        for event in events:
            self._read(event)

    def close(self) -> Answer:
        """The stream has ended: what was said.

        Raises:
            UnreadableAnswer: it was cut off, or told nothing.
        """
        for event in self._parser.close():
            self._read(event)
        if not self._is_ended and (self._needs_end or not self._stretches):
            raise UnreadableAnswer("a stream that was cut off")
        if self._whole is not None:
            return Answer(self._whole, self._language)
        return Answer("".join(self._pieces) or " ".join(self._stretches), self._language)

    def _read(self, event: Event) -> None:
        if event.data.strip() == "[DONE]":
            self._is_ended = True
            return
        value = _value_of(event.data)
        if event.name == "error" or (isinstance(value, dict) and value.get("error")):
            error = value.get("error", value) if isinstance(value, dict) else value
            raise UnreadableAnswer(f"an error in the stream: {said_in(error)[:200]}")
        if isinstance(value, str):
            self._stretches.append(value.strip())
        elif isinstance(value, dict):
            self._read_object(value, str(value.get("type") or event.name))

    def _read_object(self, value: dict[str, Any], kind: str) -> None:
        self._language = language_in(value) or self._language
        text, choices = value.get("text"), value.get("choices")
        if isinstance(choices, list):
            self._read_choices(choices)
        elif kind.endswith(".done"):
            self._is_ended = True
            self._whole = text if isinstance(text, str) else None
        elif kind.endswith(".delta"):
            self._needs_end = True
            delta = value.get("delta", text)
            self._pieces.append(delta if isinstance(delta, str) else "")
        elif isinstance(text, str):
            self._stretches.append(text.strip())

    def _read_choices(self, choices: list[Any]) -> None:
        self._needs_end = True
        for choice in choices:
            delta = choice.get("delta") if isinstance(choice, dict) else None
            content = delta.get("content") if isinstance(delta, dict) else None
            self._pieces.append(content if isinstance(content, str) else "")
            self._is_ended = self._is_ended or bool(isinstance(choice, dict) and choice.get("finish_reason"))


def _value_of(data: str) -> Any:
    """The JSON of an event; its text where it is none."""
    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        return data
