"""Engines made to speak, alone and as links of the chain."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing

from assistant.tts.engine import SpeechEngine
from assistant.tts.monitored_engine import MonitoredEngine
from assistant.tts.voice import Voice
from tests.support.speech_sinks import Heard


async def say(engine: SpeechEngine, text: str, voice: Voice, language: str) -> bytes:
    """All audio of a sentence."""
    async with aclosing(engine.speak(text, voice, language)) as audio:
        return b"".join([chunk async for chunk in audio])


async def through_the_chain(engine: SpeechEngine, text: str, sink: Heard, language: str = "en") -> None:
    """A sentence's frames, into `sink`, by the engine's first voice that knows the language."""
    with ThreadPoolExecutor(1) as encoders:
        monitored = MonitoredEngine(engine, encoders)
        voice = monitored.voice_for(language, None)
        assert voice is not None
        await monitored.speak(text, voice, language, sink)
