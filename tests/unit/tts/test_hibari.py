"""English on this machine, in a process of its own, which may die or hang."""

import asyncio
import os
import signal
import subprocess
import sys

import psutil
import pytest

from assistant.domain.errors import LanguageUnsupported, SpeechEmpty, SpeechTimeout, SpeechUnreachable
from assistant.tts import speech_process
from assistant.tts.hibari import HibariEngine
from tests.support.child_processes import child_processes
from tests.support.eventually import eventually
from tests.support.speaking import say


def processes() -> list[psutil.Process]:
    """The engine's processes."""
    return child_processes("hibari_worker")


async def test_english_is_spoken_for_several_at_once_by_one_process() -> None:
    async with HibariEngine() as engine:
        assert processes() == []
        spoken = await asyncio.gather(*(say(engine, "Good morning.", engine.voices[0], "en") for _ in range(3)))
        assert len(processes()) == 1
    assert all(0.5 < len(pcm) / 2 / 24_000 < 2.0 for pcm in spoken)
    assert processes() == []


async def test_its_process_goes_a_while_after_its_last_word_and_comes_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(speech_process, "_IDLE_SECONDS", 0.1)
    async with HibariEngine() as engine:
        for _ in range(2):
            assert await say(engine, "Good morning.", engine.voices[0], "en")
            await eventually(lambda: not processes())


async def test_other_scripts_are_refused_instead_of_being_turned_into_noise() -> None:
    async with HibariEngine() as engine:
        with pytest.raises(LanguageUnsupported):
            await say(engine, "Доброе утро, мой друг.", engine.voices[0], "en")


async def test_a_text_with_nothing_to_say_is_an_error() -> None:
    async with HibariEngine() as engine:
        with pytest.raises(SpeechEmpty):
            await say(engine, "👍", engine.voices[0], "en")


async def test_a_process_that_died_costs_one_sentence_and_one_that_hangs_does_too() -> None:
    async with HibariEngine() as engine:
        await say(engine, "Good morning.", engine.voices[0], "en")
        os.kill(processes()[0].pid, signal.SIGKILL)
        with pytest.raises(SpeechUnreachable):
            await say(engine, "Good morning.", engine.voices[0], "en")
        assert await say(engine, "Good morning.", engine.voices[0], "en")
        usual, engine.timeout = engine.timeout, 0.2
        os.kill(processes()[0].pid, signal.SIGSTOP)
        with pytest.raises(SpeechTimeout):
            await say(engine, "Good morning.", engine.voices[0], "en")
        engine.timeout = usual
        assert await say(engine, "Good morning.", engine.voices[0], "en")


async def test_a_sentence_that_is_skipped_costs_neither_its_process_nor_the_next_sentence() -> None:
    async with HibariEngine() as engine:
        whole = await say(engine, "One, two, three.", engine.voices[0], "en")
        (process,) = processes()
        left = asyncio.ensure_future(say(engine, "No, no, no, no, no and no.", engine.voices[0], "en"))
        await asyncio.sleep(0.001)
        left.cancel()
        await asyncio.gather(left, return_exceptions=True)
        again = await say(engine, "One, two, three.", engine.voices[0], "en")
        assert abs(len(again) - len(whole)) < len(whole) / 5
        assert processes() == [process]


async def test_closing_it_while_it_speaks_or_loads_leaves_no_process() -> None:
    async with HibariEngine() as engine:
        speaking = asyncio.ensure_future(say(engine, "Good morning.", engine.voices[0], "en"))
        await eventually(processes)
    assert processes() == []
    await asyncio.wait([speaking])
    assert speaking.cancelled() or speaking.exception() is not None


def test_its_runtime_is_loaded_in_its_own_process_only() -> None:
    program = "import sys, asyncio\nfrom assistant.tts.hibari import HibariEngine\n"
    program += "asyncio.run(HibariEngine().warm())\nsys.exit('onnxruntime' in sys.modules or 'numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
