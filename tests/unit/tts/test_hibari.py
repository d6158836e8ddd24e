"""English on this machine."""

import asyncio

import pytest

from assistant.domain.errors import LanguageUnsupported, SpeechEmpty
from assistant.tts.hibari import HibariEngine
from tests.support.speaking import say


async def test_english_is_spoken_by_several_threads_at_once() -> None:
    async with HibariEngine() as engine:
        spoken = await asyncio.gather(*(say(engine, "Good morning.", engine.voices[0], "en") for _ in range(3)))
    assert all(0.5 < len(pcm) / 2 / 24_000 < 2.0 for pcm in spoken)


async def test_other_scripts_are_refused_instead_of_being_turned_into_noise() -> None:
    async with HibariEngine() as engine:
        with pytest.raises(LanguageUnsupported):
            await say(engine, "Доброе утро, мой друг.", engine.voices[0], "en")


async def test_a_text_with_nothing_to_say_is_an_error() -> None:
    async with HibariEngine() as engine:
        with pytest.raises(SpeechEmpty):
            await say(engine, "👍", engine.voices[0], "en")
