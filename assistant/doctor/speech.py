"""Whether an engine speaks."""

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from assistant.audio.opus import FRAME_SECONDS
from assistant.doctor.finding import Finding, right, unknown, wrong
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
    """Have it say a short sentence, on the way that an answer takes, up to the frames of a call."""
    name = f"speech: {engine.name}"
    if not engine.voices:
        if engine.name in settings.engine:
            return wrong(name, "has no voice on this machine", "Leave it out of TTS_ENGINE")
        return unknown(name, "has no voice on this machine; the other engines speak")
    begun = time.monotonic()
    with ThreadPoolExecutor(1, thread_name_prefix="check") as encoders:
        try:
            async with engine:
                frames = await _speak(MonitoredEngine(engine, encoders), settings.language)
        except SpeechError as error:
            return wrong(name, f"{type(error).__name__}: {error.detail}", speech_advice(error))
    seconds = time.monotonic() - begun
    return right(name, f"{len(frames)} frames, {len(frames) * FRAME_SECONDS:.1f} s of speech, after {seconds:.1f} s")


async def _speak(monitored: MonitoredEngine, wished: str) -> tuple[bytes, ...]:
    """The frames, in the language of the settings where the engine speaks it, else in one that it does speak."""
    first = monitored.engine.voices[0]
    for language in (wished, "en", min(first.languages)):
        voice = monitored.voice_for(language, None)
        if voice is not None:
            return await monitored.speak(_SENTENCE, voice, language, _Nowhere())
    raise AssertionError("a voice has a language")


class _Nowhere:
    """Where nobody listens."""

    def append(self, frame: bytes) -> None:
        """See `Sink.append`."""

    def restart(self) -> bool:
        """See `Sink.restart`."""
        return True


def speech_advice(error: SpeechError) -> str:
    """What to do about an engine that did not speak."""
    match error:
        case SpeechRefused(status=401 | 403, engine="hosted"):
            return "Check TTS_API_KEY"
        case SpeechRefused(status=429):
            return "It wants fewer requests: wait, or name another engine first in TTS_ENGINE"
        case SpeechRefused(engine="hosted"):
            return "Check TTS_BASE_URL, TTS_MODEL and TTS_VOICES"
        case SpeechTimeout():
            return "Name a quicker engine first in TTS_ENGINE; a slow service needs a longer TTS_TIMEOUT"
        case SpeechUnreachable():
            return "Check the way to its service; the next engine of TTS_ENGINE speaks in its place"
        case _:
            return "Leave it out of TTS_ENGINE, or name another engine first"
