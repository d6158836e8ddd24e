"""Five languages in a process of their own, which may die or hang."""

import asyncio
import os
import signal
from pathlib import Path

import psutil
import pytest

pytest.importorskip("py_nanotts", reason="the package has no wheel for this machine")

from assistant.domain.errors import SpeechEmpty, SpeechTimeout, SpeechTooLong, SpeechUnreachable
from assistant.tts import pico
from assistant.tts.pico import PicoEngine
from assistant.tts.voice import Voice
from tests.support.speaking import say

_SECONDS_A_BYTE = 1 / 2 / 16_000


def voice_of(engine: PicoEngine, language: str) -> Voice:
    return next(voice for voice in engine.voices if language in voice.languages)


def processes() -> list[psutil.Process]:
    """The engine's processes: children of ours that run its program."""
    children = psutil.Process().children()
    return [child for child in children if any("pico_worker" in part for part in child.cmdline())]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("de", "Guten Morgen, meine Freunde."),
        ("fr", "Bonjour, mes amis."),
        ("es", "Buenos días, amigos míos."),
        ("it", "Buongiorno, amici miei."),
        ("en", "Good morning, my friends."),
    ],
)
async def test_each_of_its_languages_is_spoken(language: str, text: str) -> None:
    async with PicoEngine() as engine:
        pcm = await say(engine, text, voice_of(engine, language), language)
    assert 1.0 < len(pcm) * _SECONDS_A_BYTE < 4.0


async def test_its_process_is_started_when_it_is_needed_and_ends_with_it() -> None:
    async with PicoEngine() as engine:
        assert processes() == []
        await asyncio.gather(*(say(engine, "Guten Tag.", voice_of(engine, "de"), "de") for _ in range(5)))
        assert len(processes()) == 1
    assert processes() == []


async def test_a_process_that_died_costs_one_sentence() -> None:
    async with PicoEngine() as engine:
        await say(engine, "Guten Tag.", voice_of(engine, "de"), "de")
        os.kill(processes()[0].pid, signal.SIGKILL)
        with pytest.raises(SpeechUnreachable):
            await say(engine, "Guten Tag.", voice_of(engine, "de"), "de")
        assert await say(engine, "Guten Tag.", voice_of(engine, "de"), "de")


async def test_a_process_that_hangs_is_killed_and_the_next_sentence_is_spoken() -> None:
    async with PicoEngine() as engine:
        await say(engine, "Guten Tag.", voice_of(engine, "de"), "de")
        usual, engine.timeout = engine.timeout, 0.2
        os.kill(processes()[0].pid, signal.SIGSTOP)
        with pytest.raises(SpeechTimeout):
            await say(engine, "Guten Tag.", voice_of(engine, "de"), "de")
        engine.timeout = usual
        assert await say(engine, "Guten Tag.", voice_of(engine, "de"), "de")


async def test_a_process_that_tells_of_gigabytes_is_an_error_and_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mad = tmp_path / "pico_worker.py"
    mad.write_text("import sys\nsys.stdin.buffer.readline()\nsys.stdout.buffer.write(b'\\xff' * 100)\n")
    monkeypatch.setattr(pico, "_PROGRAM", mad)
    async with PicoEngine() as engine:
        with pytest.raises(SpeechTooLong):
            await say(engine, "Guten Tag.", voice_of(engine, "de"), "de")
        assert processes() == []


async def test_a_sentence_that_nobody_waits_for_does_not_become_the_next_one_s() -> None:
    async with PicoEngine() as engine:
        whole = await say(engine, "Eins, zwei, drei, vier, fünf.", voice_of(engine, "de"), "de")
        left = asyncio.ensure_future(say(engine, "Nein.", voice_of(engine, "de"), "de"))
        await asyncio.sleep(0.001)
        left.cancel()
        await asyncio.gather(left, return_exceptions=True)
        again = await say(engine, "Eins, zwei, drei, vier, fünf.", voice_of(engine, "de"), "de")
        assert abs(len(again) - len(whole)) < len(whole) / 5


@pytest.mark.parametrize("text", ["…", "你好"])
async def test_a_text_with_nothing_to_say_is_an_error(text: str) -> None:
    async with PicoEngine() as engine:
        with pytest.raises(SpeechEmpty):
            await say(engine, text, voice_of(engine, "de"), "de")


async def test_what_looks_like_an_order_to_the_engine_is_spoken() -> None:
    async with PicoEngine() as engine:
        pcm = await say(engine, '<break time="30s"/> Hallo & guten <Tag>.', voice_of(engine, "de"), "de")
    assert len(pcm) * _SECONDS_A_BYTE < 10.0


@pytest.mark.parametrize("worker", ["pico_worker.py", "hibari_worker.py"])
def test_the_programs_of_the_processes_need_nothing_of_ours(worker: str) -> None:
    source = Path(pico.__file__).with_name(worker).read_text()
    assert "assistant" not in source


async def test_its_process_is_given_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", "hidden")
    async with PicoEngine() as engine:
        await engine.warm()
        (process,) = processes()
        assert "hidden" not in process.environ().values()
