"""Checks that a speech engine speaks."""

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from assistant.audio.opus import FRAME_SECONDS
from assistant.doctor.finding import Finding, failed, ok, unknown
from assistant.domain.errors import (
    SpeechError,
    SpeechRefused,
    SpeechTimeout,
    SpeechUnreachable,
)
from assistant.tts.engine import SpeechEngine
from assistant.tts.monitored_engine import MonitoredEngine
from assistant.tts.speech_settings import SpeechSettings

_SENTENCE: Final = "Hello, this is a test."


async def speech_finding(engine: SpeechEngine, settings: SpeechSettings) -> Finding:
    """Have the engine say a short sentence the way a call does, up to the Opus frames."""
    name = f"speech: {engine.name}"
    if not engine.voices:
        if engine.name in settings.engine:
            return failed(name, "no voice on this machine", "Remove it from TTS_ENGINE")
        return unknown(name, "no voice on this machine; the other engines are used")
    begun = time.monotonic()
    with ThreadPoolExecutor(1, thread_name_prefix="check") as encoders:
        try:
            async with engine:
                frames = await _speak(MonitoredEngine(engine, encoders), settings.language)
        except SpeechError as error:
            return failed(name, f"{type(error).__name__}: {error.detail}", speech_advice(error))
    seconds = time.monotonic() - begun
    return ok(name, f"{len(frames) * FRAME_SECONDS:.1f} s of speech, ready after {seconds:.1f} s")


async def _speak(monitored: MonitoredEngine, preferred: str) -> tuple[bytes, ...]:
    """The frames, in the preferred language if the engine speaks it, else in one that it does speak."""
    first = monitored.engine.voices[0]
    for language in (preferred, "en", min(first.languages)):
        voice = monitored.voice_for(language, None)
        if voice is not None:
            return await monitored.speak(_SENTENCE, voice, language, _NullSink())
    raise AssertionError("every voice speaks a language")


class _NullSink:
    """Discards the frames."""

    def append(self, frame: bytes) -> None:
        """See `Sink.append`."""

    def restart(self) -> bool:
        """See `Sink.restart`."""
        return True


def speech_advice(error: SpeechError) -> str:
    """What the owner can do about an engine that did not speak."""
    match error:
        case SpeechRefused(status=401 | 403, engine="hosted"):
            return "Check TTS_API_KEY"
        case SpeechRefused(status=429):
            return "The service wants fewer requests: wait, or put another engine first in TTS_ENGINE"
        case SpeechRefused(engine="hosted"):
            return "Check TTS_BASE_URL, TTS_MODEL and TTS_VOICES"
        case SpeechTimeout():
            return "Put a faster engine first in TTS_ENGINE, or give a slow service a longer TTS_TIMEOUT"
        case SpeechUnreachable():
            return _way_advice(error)
        case _:
            return "Remove it from TTS_ENGINE, or put another engine first"


def _way_advice(error: SpeechUnreachable) -> str:
    if "certificate" not in error.detail.lower():
        return "Check the connection to its service; meanwhile the next engine of TTS_ENGINE speaks"
    variable = "REQUESTS_CA_BUNDLE" if error.engine == "gtts" else "SSL_CERT_FILE"
    return f"Somebody else answers for its service; if that is a proxy of yours, name its certificate in {variable}"
