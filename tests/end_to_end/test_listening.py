"""What a member hears of whole calls, listened to by a machine: each offline path is understood, whole and even."""

import asyncio
import json
import statistics
import wave
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

pytest.importorskip("moonshine_voice", reason="the listener has no wheel for this machine")

from assistant.audio.loudness import TARGET
from bench.encoder.recordings import SENTENCES
from tests.support.hearing import clicks, loudness, speech_bounds
from tests.support.listener import Listener, word_error_rate, words_of
from tests.support.scene import Scene, SceneMaker

WORD_ERRORS = 0.05
PARAGRAPHS = [" ".join(SENTENCES[start : start + 4]) for start in range(0, 12, 4)]


def reader(messages: Sequence[Any]) -> str:
    """A model that reads a paragraph."""
    return PARAGRAPHS[int(json.loads(messages[-1]["content"])["message"])]


def sound_of(scene: Scene, path: Path) -> tuple[npt.NDArray[np.float64], int]:
    """What was heard so far."""
    scene.call.write_wav(path)
    with wave.open(str(path), "rb") as file:
        samples = np.frombuffer(file.readframes(file.getnframes()), "<i2") / 32768
        return samples, file.getframerate()


@pytest.mark.alone  # frames that a busy machine holds up make holes, which the listener takes for other words
@pytest.mark.timeout(240)
@pytest.mark.parametrize("engine", ["hibari", "pico"])
async def test_a_call_in_english_is_understood_whole_and_as_loud_as_any_other(
    open_scene: SceneMaker, tmp_path: Path, engine: str
) -> None:
    async with open_scene(responder=reader) as scene, scene.assistant(speech=scene.speech(engine=(engine,))):
        await scene.begin_call()
        for number in range(len(PARAGRAPHS)):
            await scene.answer_to(str(number))
            await scene.heard_to_the_end(1.0)
        arrivals = [frame.arrival for frame in scene.call.speech()]
        samples, rate = await asyncio.to_thread(sound_of, scene, tmp_path / "call.wav")

    with Listener() as listener:
        heard = await asyncio.to_thread(listener.transcribe, tmp_path / "call.wav")
    said = " ".join(PARAGRAPHS)
    errors = word_error_rate(said, heard)
    assert errors <= WORD_ERRORS, f"{errors:.1%}: {heard}"
    assert words_of(heard)[0] == words_of(said)[0], "the first word was clipped"
    assert words_of(heard)[-1] == words_of(said)[-1], "the last word was clipped"

    assert abs(loudness(samples, rate) - TARGET) < 2.0
    assert len(clicks(samples, rate)) <= 1, "the tool itself finds one in many minutes"
    begin, end = speech_bounds(samples, rate)
    assert begin < 1.0
    assert end > len(samples) / rate - 1.5
    distances = [now - before for before, now in pairwise(arrivals) if now - before < 0.5]
    assert abs(statistics.median(distances) - 0.02) < 0.002, "the cadence of speech is another one"
    letters = len(said)
    assert 0.04 < len(arrivals) * 0.02 / letters < 0.09, "frames are missing, or were sent twice"
