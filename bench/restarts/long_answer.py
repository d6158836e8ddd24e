"""What members type, what the model answers, and a voice in which each part of an answer has a pitch of its own."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bench.common.pitch_coded_audio import FRAME_SECONDS, steps_of

PARTS: Final = ("alpha", "bravo", "charlie", "delta", "foxtrot")
"""The parts of a long answer: a sentence each."""
PART_FRAMES: Final = 75
"""How long it takes to say a part, in frames of 20 ms: 1.5 s."""
_SHORT_SECONDS: Final = 0.2
"""How long it takes to say a short answer: all answers that queue up in a deploy must be spoken in a few seconds."""
_RATE: Final = 24_000
_LOWEST_HERTZ: Final = 400.0
_STEPS_PER_PART: Final = 25
_HERTZ_PER_PART: Final = 8.0 * _STEPS_PER_PART
_SHORT_HERTZ: Final = 150.0
_FADE_SECONDS: Final = 0.005
_QUESTION: Final = re.compile(r"(long|short) answer (\d+)")


def question(number: int, *, is_long: bool = False) -> str:
    """What a member types."""
    return f"Please give me the {'long' if is_long else 'short'} answer {number}"


def is_answer(text: str, number: int) -> bool:
    """Whether a post answers the question of that number; an apology for it does not."""
    return re.search(rf"This is answer {number}\b", text) is not None


def respond(messages: Sequence[Mapping[str, str]]) -> str:
    """The model's reply: one short sentence, or one for each part."""
    asked = _QUESTION.search(json.loads(messages[-1]["content"])["message"])
    if asked is None:
        return "I beg your pardon."
    kind, number = asked.groups()
    opening = f"This is answer {number}"
    if kind == "short":
        return f"{opening}."
    first, *others = PARTS
    return " ".join([f"{opening} and its {first} part.", *(f"Now you hear the {part} part of it." for part in others)])


def voice_by_part(text: str, _: str) -> tuple[NDArray[np.float32], int]:
    """A voice with a pitch for each part: the samples of a text, and their rate per second."""
    pitches = [
        _tone(_LOWEST_HERTZ + _HERTZ_PER_PART * number, PART_FRAMES * FRAME_SECONDS)
        for number, part in enumerate(PARTS)
        if re.search(rf"\b{part}\b", text)
    ]
    return np.concatenate(pitches or [_tone(_SHORT_HERTZ, _SHORT_SECONDS)]), _RATE


def parts_heard(frames: Sequence[bytes]) -> dict[str, int]:
    """How many of the Opus frames, in the order in which they were heard, belong to each part."""
    counts = dict.fromkeys(PARTS, 0)
    for step in steps_of(frames):
        number = None if step is None else round(step / _STEPS_PER_PART)
        if number is not None and 0 <= number < len(PARTS):
            counts[PARTS[number]] += 1
    return counts


def _tone(hertz: float, seconds: float) -> NDArray[np.float32]:
    time = np.arange(int(seconds * _RATE)) / _RATE
    fade = np.clip(np.minimum(time, time[::-1]) / _FADE_SECONDS, 0, 1)
    return (0.3 * np.sin(2 * np.pi * hertz * time) * fade).astype(np.float32)
