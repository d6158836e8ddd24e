"""English on this machine, in a process of its own, which comes when somebody speaks, and may die or hang."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from array import array
from pathlib import Path
from types import SimpleNamespace

import psutil
import pytest

pytest.importorskip("moonshine_voice", reason="the package has no wheel for this machine")

from assistant.domain.errors import RecognitionBusy, RecognitionTimeout, RecognitionUnreachable
from assistant.stt import moonshine, moonshine_worker
from assistant.stt.moonshine import MoonshineEngine
from assistant.tts.hibari import HibariEngine
from tests.support.child_processes import child_processes
from tests.support.eventually import eventually
from tests.support.listener import word_error_rate
from tests.support.speaking import say
from tests.support.spoken_pcm import at_16_khz, silence, voice_like

QUESTION = "What is the capital of France, and how many people live there?"


def processes() -> list[psutil.Process]:
    """The engine's processes: children of ours that run its program."""
    return child_processes("moonshine_worker")


def peak_memory(process: psutil.Process) -> int:
    """The most bytes that it has held so far; 0 where that is not known."""
    status = Path(f"/proc/{process.pid}/status")
    lines = status.read_text().splitlines() if status.exists() else []
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM:")), 0)


@pytest.fixture(scope="module")
def spoken() -> bytes:
    """QUESTION, as hibari says it."""

    async def speak() -> bytes:
        async with HibariEngine() as voice:
            return await say(voice, QUESTION, voice.voices[0], "en")

    return at_16_khz(asyncio.run(speak()), 24_000)


async def test_what_is_said_is_heard_by_one_process_for_several_at_once(spoken: bytes) -> None:
    async with MoonshineEngine() as engine:
        assert processes() == []
        heard = await asyncio.gather(*(engine.transcribe(spoken, "en") for _ in range(3)))
        (process,) = processes()
        assert process.memory_info().rss < moonshine_worker.MOST_MEMORY
    assert processes() == []
    assert {transcript.text for transcript in heard} == {heard[0].text}
    assert word_error_rate(QUESTION, heard[0].text) < 0.2
    assert (heard[0].language, heard[0].engine) == ("en", "moonshine")


async def test_it_understands_english_and_takes_what_is_unknown_for_it() -> None:
    understood = [
        language for language in ("", "en", "en-GB", "de", "zh-CN") if MoonshineEngine().understands(language)
    ]
    assert understood == ["", "en", "en-GB"]


async def test_a_turn_of_half_a_minute_is_heard_to_its_end_within_the_memory(spoken: bytes) -> None:
    times = 30 * 32_000 // len(spoken)
    async with MoonshineEngine() as engine:
        engine.timeout = 60.0
        heard = await engine.transcribe((spoken + silence(0.4)) * times, "en")
        (process,) = processes()
        assert peak_memory(process) < moonshine_worker.MOST_MEMORY
    assert word_error_rate(" ".join([QUESTION] * times), heard.text) < 0.2


async def test_silence_is_no_you() -> None:
    async with MoonshineEngine() as engine:
        assert (await engine.transcribe(silence(2.0), "en")).text == ""
        assert (await engine.transcribe(b"", "en")).text == ""


async def test_a_process_that_died_or_hangs_costs_one_turn(spoken: bytes) -> None:
    async with MoonshineEngine() as engine:
        await engine.transcribe(spoken, "en")
        os.kill(processes()[0].pid, signal.SIGKILL)
        with pytest.raises(RecognitionUnreachable):
            await engine.transcribe(spoken, "en")
        usual, engine.timeout = engine.timeout, 0.3
        with pytest.raises(RecognitionTimeout):  # it still loads
            await engine.transcribe(spoken, "en")
        engine.timeout = usual
        assert (await engine.transcribe(spoken, "en")).text


async def test_it_comes_when_somebody_begins_to_speak_and_goes_when_nobody_does(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(moonshine, "_IDLE_SECONDS", 0.5)
    async with MoonshineEngine() as engine:
        await engine.warm()
        await engine.warm()
        assert len(processes()) == 1
        await eventually(lambda: not processes())


async def test_it_refuses_turns_rather_than_let_many_wait() -> None:
    async with MoonshineEngine() as engine:
        turns = [asyncio.ensure_future(engine.transcribe(silence(0.5), "en")) for _ in range(12)]
        done = await asyncio.gather(*turns, return_exceptions=True)
        refused = [each for each in done if isinstance(each, RecognitionBusy)]
        assert 3 <= len(refused) <= 6
        assert not [each for each in done if isinstance(each, BaseException) and each not in refused]
        assert (await engine.transcribe(silence(0.5), "en")).text == ""


async def test_its_process_is_given_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STT_API_KEY", "hidden")
    async with MoonshineEngine() as engine:
        await engine.warm()
        (process,) = processes()
        assert "hidden" not in process.environ().values()


def test_its_runtime_is_loaded_in_its_own_process_only() -> None:
    program = "import sys\nfrom assistant.stt.engine_factory import engines_for\n"
    program += "from assistant.stt.recognition_settings import RecognitionSettings\n"
    program += "engines_for(RecognitionSettings(engine=('offline',)), 'Molly', None)\n"
    program += "sys.exit('moonshine_voice' in sys.modules or 'numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_a_long_turn_is_cut_where_it_is_softest_and_nothing_is_lost() -> None:
    loud = array("h", voice_like(5.8, peak=8000))
    quiet = array("h", bytes(16_000))
    samples = loud + quiet + loud + quiet + loud
    pieces = list(moonshine_worker.pieces_of(samples))
    assert b"".join(bytes(piece) for piece in pieces) == bytes(samples)
    assert all(0 < len(piece) <= moonshine_worker.LONGEST for piece in pieces)
    assert all(abs(piece[-1]) < 100 for piece in pieces)


class FakeTranscriber:
    """Gives these texts, one a piece."""

    def __init__(self, *texts: str) -> None:
        self.texts = list(texts)
        self.seconds: list[float] = []

    def transcribe_without_streaming(self, samples: array[float], rate: int) -> SimpleNamespace:
        self.seconds.append(len(samples) / rate)
        return SimpleNamespace(lines=[SimpleNamespace(text=self.texts.pop(0))])


@pytest.mark.parametrize("text", ["And then we went to", "I know. I know. I know. I know.", "Well, and"])
def test_a_piece_that_is_too_much_at_once_is_heard_again_in_halves(text: str) -> None:
    fake = FakeTranscriber(text, "And then we went home.", "It was late.")
    heard = moonshine_worker.recognized(fake, array("h", voice_like(6.0)))
    assert heard == "And then we went home. It was late."
    assert fake.seconds[1] + fake.seconds[2] == pytest.approx(fake.seconds[0])


@pytest.mark.parametrize(("text", "seconds"), [("We went home.", 6.0), ("To the", 2.0), ("No, no, no!", 6.0)])
def test_a_piece_that_is_whole_or_short_is_heard_once(text: str, seconds: float) -> None:
    fake = FakeTranscriber(text)
    assert moonshine_worker.recognized(fake, array("h", voice_like(seconds))) == text
    assert fake.texts == []


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("And more " + "words " * 40 + "wor", "And more words wor"),
        ("the same as " * 20 + "the", "the same as the"),
        ("no no no no no no", "no no no no no no"),
        ("one two one two three", "one two one two three"),
    ],
)
def test_what_has_no_end_is_kept_once(text: str, kept: str) -> None:
    assert moonshine_worker.recognized(FakeTranscriber(text), array("h", voice_like(2.0))) == kept
