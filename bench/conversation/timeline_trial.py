"""One conversation in which everything happens once, noted for a picture."""

import asyncio
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import numpy as np

from bench.common.pitch_coded_audio import tones_of
from bench.conversation.disturbances import Disturbance, disturbances
from bench.conversation.spoken_call import SpokenCall, open_spoken_call
from bench.conversation.synthetic_speakers import BEFORE_SECONDS, PITCHES, frames_by, spoken_by
from sandbox.standins.mp3 import Samples
from tests.support.recorded_speech import Recording
from tests.support.sent_packets import RATE

_VOICE_RATE: Final = 24_000
_CHARACTERS_A_SECOND: Final = 15.0
_LONG: Final = (
    "Most people go up the old tower first. Then they walk along the river to the islands, and end in the park. "
    "If it rains, there are a hundred museums to choose from. My favorite one is in an old station by the water. "
    "In the evening, take a boat, and look at the bridges from below."
)
_SHORT: Final = "It is about an hour by train."

_LINES: Final = (
    ("Ben", "We could go to Paris in May."),
    ("Cara", "I have never been there."),
    ("Ada", "Molly, what can we see in Paris?"),
    ("Ben", "That sounds good to me."),
    ("Ada", "Stop it, Molly."),
    ("Cara", "How far is it to Paris, Molly?"),
)


@dataclass(frozen=True, slots=True)
class Span:
    """Something lasted from then to then, in seconds from the beginning."""

    begin: float
    end: float
    text: str
    """What it was."""


@dataclass
class Timeline:
    """What happened in a conversation."""

    spoken: dict[str, list[Span]] = field(default_factory=dict)
    """What each member said."""
    model: list[Span] = field(default_factory=list)
    """Requests to the model, up to their last token."""
    speech: list[Span] = field(default_factory=list)
    """Requests to the speech service, up to their last byte."""
    written: list[tuple[float, str]] = field(default_factory=list)
    """What the assistant posted, and when."""
    levels: list[tuple[float, float]] = field(default_factory=list)
    """How loud the assistant was, every 20 ms in which it was heard."""


async def timeline_of(everything: Sequence[Recording]) -> Timeline:
    """Three people talk, ask, are answered, cough, and interrupt. `everything` holds the recording of a cough.

    Raises:
        LookupError: it does not.
    """
    cough = next(disturbances("cough", everything))
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        async with open_spoken_call(
            Path(folder), _answer, _voice, names=tuple(PITCHES), settings={"ADDRESSING": "auto"}
        ) as call:
            await asyncio.to_thread(_speak_beforehand)
            begun, line = time.monotonic(), Timeline({name: [] for name in PITCHES})
            await _talk(call, line, begun, cough)
            await asyncio.sleep(1.0)
            _note_services(call, line, begun)
            heard = call.heard_since(begun)
    tones = await asyncio.to_thread(tones_of, [frame.opus for frame in heard])
    line.levels = [(frame.arrival - begun, tone.level) for frame, tone in zip(heard, tones, strict=True)]
    return line


async def _talk(call: SpokenCall, line: Timeline, begun: float, cough: Disturbance) -> None:
    async def say(name: str, text: str) -> None:
        at = await call.say(name, frames_by(name, text)) - begun + BEFORE_SECONDS
        line.spoken[name].append(Span(at, at + len(spoken_by(name, text)) / RATE, text))

    for number in range(3):
        await say(*_LINES[number])
    await asyncio.sleep(1.0)
    coughed = await call.say("Ada", cough.frames) - begun + BEFORE_SECONDS
    line.spoken["Ada"].append(Span(coughed, coughed + 0.8, "(coughs)"))
    await asyncio.sleep(0.5)
    await say(*_LINES[3])
    await say(*_LINES[4])
    await asyncio.sleep(1.0)
    await say(*_LINES[5])
    await call.until_quiet(2.0)


def _speak_beforehand() -> None:
    """Let the voices be ready: their making would hold up what is measured."""
    for name, text in _LINES:
        frames_by(name, text)


def _note_services(call: SpokenCall, line: Timeline, begun: float) -> None:
    for request in call.model.requests:
        last = request.tokens[-1][0] if request.tokens else request.arrived
        line.model.append(Span(request.arrived - begun, last - begun, "".join(token for _, token in request.tokens)))
    for spoken in call.speech.requests:
        answered = spoken.answered or spoken.arrived
        line.speech.append(Span(spoken.arrived - begun, answered - begun, spoken.text))
    line.written = [(message.time - begun, message.content) for message in call.text.messages if message.time > begun]


def _answer(text: str) -> str:
    return _SHORT if "far" in text else _LONG


def _voice(text: str, _: str) -> tuple[Samples, int]:
    """A tone, as long as a voice speaks."""
    at = np.arange(round(len(text) / _CHARACTERS_A_SECOND * _VOICE_RATE)) / _VOICE_RATE
    return (0.3 * np.sin(2 * np.pi * 440 * at)).astype(np.float32), _VOICE_RATE
