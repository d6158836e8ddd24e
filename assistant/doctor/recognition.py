"""Checks that an engine recognizes speech."""

import time
from collections.abc import Sequence
from typing import Final

from av import AudioFrame, AudioResampler

from assistant.doctor.finding import Finding, failed, ok
from assistant.domain.errors import (
    RecognitionEngineError,
    RecognitionRefused,
    RecognitionTimeout,
    RecognitionUnreachable,
    SpeechError,
)
from assistant.stt.engine import RecognitionEngine
from assistant.stt.monitored_engine import MonitoredEngine
from assistant.stt.offline_limits import reason_against_offline
from assistant.stt.recognition_settings import AUTO, RecognitionSettings
from assistant.stt.voiced_time import RATE
from assistant.tts.hibari import HibariEngine

_SENTENCE: Final = "Hello, this is a test."
_WORD: Final = "test"
"""Whoever hears this word has heard the sentence: names of languages and numbers are spelled in many ways."""
_VOICE_RATE: Final = 24_000
_REFUSALS: Final = {
    401: "Check STT_API_KEY",
    403: "Check STT_API_KEY",
    404: "Check STT_BASE_URL and STT_MODEL; whisper.cpp's server needs --inference-path /v1/audio/transcriptions",
    429: "The service wants fewer requests: wait, or put another engine first in STT_ENGINE",
}
"""What to do, by the status of a refusal."""
_HOW_TO_HEAR: Final = "For speech, set STT_API_KEY or STT_BASE_URL; without it, the bot answers what is typed"
_OTHER_LANGUAGE: Final = "Set STT_BASE_URL to a service that does, or STT_LANGUAGE=auto where people speak others, too"


async def recognition_finding(engine: RecognitionEngine) -> Finding:
    """Have the engine hear a short English sentence, which hibari says, the way it hears people in a call."""
    name = f"recognition: {engine.name}"
    try:
        pcm = await _spoken()
    except SpeechError as error:
        advice = "The check needs hibari, which says the sentence: see its own row, or TTS_ENGINE"
        return failed(name, f"there was nothing to hear: {type(error).__name__}", advice)
    begun = time.monotonic()
    try:
        async with engine:
            text = (await MonitoredEngine(engine).transcribe(pcm, "en")).text
    except RecognitionEngineError as error:
        return failed(name, f"{type(error).__name__}: {error.detail}", recognition_advice(error))
    seconds = time.monotonic() - begun
    if _WORD not in text.casefold():
        advice = "Check STT_MODEL: it must understand English for this"
        return failed(name, f"“{_SENTENCE}” was heard as “{text[:80]}”", advice)
    return ok(name, f"“{text[:80]}” was heard after {seconds:.1f} s")


def choice_finding(settings: RecognitionSettings, engines: Sequence[RecognitionEngine], memory: int | None) -> Finding:
    """Which engines are used, and why not others.

    Args:
        settings: what the owner asked for.
        engines: what became of it.
        memory: how many bytes this machine lets us have; None if that is not known.
    """
    name, language = "recognition", settings.language
    reason = reason_against_offline(memory) if AUTO in settings.engine else ""
    left_out = f"; English on this machine is left out: {reason}" if reason else ""
    names = f"{', then '.join(engine.name for engine in engines) or 'off: nobody is listened to'}{left_out}"
    if engines and language != AUTO and not any(engine.understands(language) for engine in engines):
        return failed(name, f"{names}; none of it understands the language {language}", _OTHER_LANGUAGE)
    return ok(name, names, _HOW_TO_HEAR if reason and not engines else "")


async def _spoken() -> bytes:
    """The sentence as a turn of speech, with the silence that turns have at their ends."""
    async with HibariEngine() as voice:
        speaking = voice.speak(_SENTENCE, voice.voices[0], "en")
        pcm = b"".join([chunk async for chunk in speaking])
    frame = AudioFrame("s16", "mono", len(pcm) // 2)
    frame.sample_rate = _VOICE_RATE
    frame.planes[0].update(pcm.ljust(frame.planes[0].buffer_size, b"\0"))
    resampler = AudioResampler("s16", "mono", RATE)
    made = [*resampler.resample(frame), *resampler.resample(None)]
    pause = bytes(RATE // 2)
    return pause + b"".join(bytes(each.planes[0])[: each.samples * 2] for each in made) + pause


def recognition_advice(error: RecognitionEngineError) -> str:
    """What the owner can do about an engine that did not hear."""
    match error:
        case RecognitionRefused():
            return _REFUSALS.get(error.status, "Check STT_BASE_URL and STT_MODEL")
        case RecognitionTimeout(engine="hosted"):
            return "Give a slow service a longer STT_TIMEOUT: some load their model with the first request"
        case RecognitionUnreachable(engine="hosted") if "certificate" in error.detail.lower():
            return "Somebody else answers for it; if that is a proxy of yours, name its certificate in SSL_CERT_FILE"
        case RecognitionUnreachable(engine="hosted"):
            return "Check STT_BASE_URL and the connection to it; meanwhile the next engine of STT_ENGINE listens"
        case _:
            return "Remove it from STT_ENGINE, or put another engine first"
