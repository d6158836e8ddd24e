"""The forms in which hosted recognition gives a text."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from sandbox.standins.faults import Sureness


def verbose_json(text: str, *, language: str, duration: float, sureness: Sureness) -> dict[str, Any]:
    """Whisper's answer with its stretches: here, the whole turn is one. `duration` is in seconds."""
    segment = {
        "id": 0,
        "seek": 0,
        "start": 0.0,
        "end": duration,
        "text": f" {text}",
        "tokens": [50364],
        "temperature": 0.0,
        "avg_logprob": sureness.avg_logprob,
        "compression_ratio": sureness.compression_ratio,
        "no_speech_prob": sureness.no_speech_prob,
    }
    segments = [segment] if text else []
    return {"task": "transcribe", "language": language, "duration": duration, "text": text, "segments": segments}


def openai_events(text: str) -> Iterator[bytes]:
    """`transcript.text.delta` for each word, and `transcript.text.done`, as gpt-4o-transcribe streams."""
    for word in _words(text):
        yield _event({"type": "transcript.text.delta", "delta": word})
    usage = {"type": "tokens", "input_tokens": 14, "output_tokens": 8, "total_tokens": 22}
    yield _event({"type": "transcript.text.done", "text": text, "usage": usage})


def mistral_events(text: str) -> Iterator[bytes]:
    """The events of Mistral, which have names of their own (https://docs.mistral.ai/capabilities/audio_transcription)."""
    for word in _words(text):
        yield b"event: transcription.text.delta\n" + _event({"type": "transcription.text.delta", "text": word})
    done = {"type": "transcription.done", "model": "voxtral-mini", "text": text, "language": "en"}
    yield b"event: transcription.done\n" + _event(done)


def vllm_events(text: str) -> Iterator[bytes]:
    """Pieces as in a chat, as vLLM streams a transcript."""
    for word in _words(text):
        yield _event({"object": "transcription.chunk", "choices": [{"delta": {"content": word}}]})
    yield _event({"object": "transcription.chunk", "choices": [{"delta": {"content": ""}, "finish_reason": "stop"}]})
    yield b"data: [DONE]\n\n"


def whole_stretches(text: str) -> Iterator[bytes]:
    """A whole stretch of text as JSON with each event and no last one, as faster-whisper-server streams."""
    for part in text.split(", "):
        yield _event({"text": part})


EVENTS: Final[Mapping[str, Callable[[str], Iterator[bytes]]]] = {
    "openai": openai_events,
    "mistral": mistral_events,
    "vllm": vllm_events,
    "stretches": whole_stretches,
}
"""The streams of events, by whose they are."""


def _words(text: str) -> list[str]:
    first, *others = text.split(" ")
    return [first, *(f" {word}" for word in others)]


def _event(value: object) -> bytes:
    return f"data: {json.dumps(value)}\n\n".encode()
