"""What a member hears of whole calls, listened to by a machine: each offline path is understood, whole and even."""

import asyncio
import json
import statistics
import wave
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import dropwhile, pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

pytest.importorskip("moonshine_voice", reason="the listener has no wheel for this machine")

from assistant.audio.loudness import TARGET
from assistant.audio.opus import FRAME_SECONDS
from bench.encoder.recordings import SENTENCES
from sandbox.tools.bot_process import BotProcess
from sandbox.voice import HeardFrame
from sandbox.voice.wav import write_wav
from tests.support.assistant_process import APP, variables
from tests.support.hearing import clicks, loudness, speech_bounds
from tests.support.listener import Listener, word_error_rate, words_of
from tests.support.scene import make_scene

WORD_ERRORS = 0.05
ENGINES = ("hibari", "pico")
LONGEST_HOLD = 0.5
"""For how long, in seconds, a machine that is busy with other tests may hold a frame up. A longer pause is meant."""
PARAGRAPHS = [" ".join(SENTENCES[start : start + 4]) for start in range(0, 12, 4)]


def reader(messages: Sequence[Any]) -> str:
    """A model that reads a paragraph."""
    return PARAGRAPHS[int(json.loads(messages[-1]["content"])["message"])]


@dataclass(frozen=True)
class HeardCall:
    """A call in which all paragraphs were read out, as a member heard it."""

    recording: Path
    """A WAV file."""
    arrivals: Sequence[float]
    """When each frame of speech arrived, in seconds."""

    def samples(self) -> tuple[npt.NDArray[np.float64], int]:
        """What was heard, and how many samples make a second."""
        with wave.open(str(self.recording), "rb") as file:
            return np.frombuffer(file.readframes(file.getnframes()), "<i2") / 32768, file.getframerate()


def played(frames: Sequence[HeardFrame]) -> list[tuple[float, bytes]]:
    """When each frame is played, from the first speech on, by a member who waits for what is held up: without holes."""
    frames = [*dropwhile(lambda frame: frame.is_silence, frames)]
    late = 0.0
    times: list[tuple[float, bytes]] = []
    for before, frame in zip((None, *frames), frames, strict=False):
        distance = frame.arrival - before.arrival if before is not None else 0.0
        if FRAME_SECONDS < distance < LONGEST_HOLD:
            late += distance - FRAME_SECONDS
        times.append((frame.arrival - late, frame.opus))
    return times


async def hear(engine: str, folder: Path) -> HeardCall:
    """Have the paragraphs read out by an engine, in a call of its own."""
    async with (
        make_scene(lambda _: None, folder, responder=reader) as scene,
        BotProcess(APP, variables(scene, TTS_ENGINE=engine), folder / "bot.log"),
    ):
        await scene.discord.wait_until_ready(30)
        await scene.begin_call()
        for number in range(len(PARAGRAPHS)):
            await scene.answer_to(str(number))
            await scene.heard_to_the_end(1.0)
        await asyncio.to_thread(write_wav, played(scene.call.frames), folder / "call.wav")
        return HeardCall(folder / "call.wav", [frame.arrival for frame in scene.call.speech()])


@pytest.fixture(scope="module")
def calls(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, HeardCall]:
    """A call for each engine: both at once, for speaking takes a minute and hardly any work."""

    async def hear_both() -> list[HeardCall]:
        return await asyncio.gather(*(hear(engine, tmp_path_factory.mktemp(engine)) for engine in ENGINES))

    return dict(zip(ENGINES, asyncio.run(hear_both()), strict=True))


@pytest.mark.timeout(400)
@pytest.mark.parametrize("engine", ENGINES)
def test_a_call_in_english_is_understood_whole_and_as_loud_as_any_other(
    calls: Mapping[str, HeardCall], engine: str
) -> None:
    call = calls[engine]
    said = " ".join(PARAGRAPHS)
    with Listener() as listener:
        heard = listener.typical_transcript(said, call.recording, within=WORD_ERRORS)
    errors = word_error_rate(said, heard)
    assert errors <= WORD_ERRORS, f"{errors:.1%}: {heard}"
    assert words_of(heard)[0] == words_of(said)[0], "the first word was clipped"
    assert words_of(heard)[-1] == words_of(said)[-1], "the last word was clipped"

    samples, rate = call.samples()
    assert abs(loudness(samples, rate) - TARGET) < 2.0
    assert len(clicks(samples, rate)) <= 1, "the tool itself finds one in many minutes"
    begin, end = speech_bounds(samples, rate)
    assert begin < 1.0
    assert end > len(samples) / rate - 1.5
    distances = [now - before for before, now in pairwise(call.arrivals) if now - before < 0.5]
    assert abs(statistics.median(distances) - 0.02) < 0.002, "the cadence of speech is another one"
    letters = len(said)
    assert 0.04 < len(call.arrivals) * 0.02 / letters < 0.09, "frames are missing, or were sent twice"
