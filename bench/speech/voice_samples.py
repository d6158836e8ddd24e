"""Which voices are measured, and what they say."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from assistant.tts.engine import SpeechEngine
from assistant.tts.google import GoogleEngine
from assistant.tts.hibari import HibariEngine
from assistant.tts.openai_compatible import OpenAiEngine
from assistant.tts.pico import PicoEngine
from bench.speech.standin_services import hosted_engine, services
from bench.speech.voice_quality import VoiceRow, measure_voice

_SENTENCES: Final[Mapping[str, Sequence[str]]] = {
    "de": (
        "Das Wetter bleibt bis zum Ende der Woche warm und trocken.",
        "Bitte stell die grüne Kiste auf den Tisch neben dem Fenster.",
        "Die Kinder spielten nach dem Mittagessen im Garten.",
    ),
    "fr": (
        "Le temps restera chaud et sec jusqu'à la fin de la semaine.",
        "Posez la boîte verte sur la table près de la fenêtre.",
        "Les enfants ont joué dans le jardin après le déjeuner.",
    ),
    "es": (
        "El tiempo seguirá cálido y seco hasta el fin de semana.",
        "Pon la caja verde en la mesa cerca de la ventana.",
        "Los niños jugaron en el jardín después de comer.",
    ),
    "it": (
        "Il tempo resterà caldo e secco fino alla fine della settimana.",
        "Metti la scatola verde sul tavolo vicino alla finestra.",
        "I bambini hanno giocato in giardino dopo pranzo.",
    ),
}


async def try_voices(english: Sequence[str], folder: Path) -> list[VoiceRow]:
    """Measure every voice that speaks on this machine, and those of the two services."""
    rows = []
    async with _engines() as engines:
        for engine in engines:
            for voice in engine.voices if isinstance(engine, PicoEngine) else engine.voices[:1]:
                language = "en" if "en" in voice.languages else next(iter(voice.languages))
                rows.append(await measure_voice(engine, voice, language, _SENTENCES.get(language, english), folder))
    return rows


@asynccontextmanager
async def _engines() -> AsyncIterator[Sequence[SpeechEngine]]:
    async with (
        services() as (_, hosted),
        HibariEngine() as hibari,
        PicoEngine() as pico,
        GoogleEngine(accent="com", timeout=10.0, per_minute=100_000) as google,
        hosted_engine(hosted, timeout=10.0) as remote,
    ):
        assert isinstance(remote, OpenAiEngine)
        yield hibari, pico, google, remote
