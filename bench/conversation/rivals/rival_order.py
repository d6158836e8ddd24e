"""What a rival's program is told on its standard input, and what it answers on its standard output: lines of JSON."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Self


@dataclass(frozen=True, slots=True)
class RivalOrder:
    """What it is to do."""

    model_url: str
    """Before /chat/completions."""
    speech_url: str
    """Before /audio/speech."""
    recognizer: Sequence[str]
    """The command of a recognizer's process; see `assistant/stt/moonshine_worker.py`."""
    sounds: Sequence[str]
    """Files with what a member says, one after the other: 16-bit samples, little-endian, 16,000 a second."""

    def to_line(self) -> str:
        """It as a line."""
        return json.dumps(asdict(self)) + "\n"

    @classmethod
    def of_line(cls, line: str) -> Self:
        """It from its line."""
        return cls(**json.loads(line))


@dataclass(frozen=True, slots=True)
class RivalTurn:
    """What was heard behind one sound."""

    text: str
    """As it was recognized, in all."""
    sounding: Sequence[float]
    """When sound was played, in seconds since the first sample was spoken, at least every 100 ms while it goes on."""

    def to_line(self) -> str:
        """It as a line."""
        return json.dumps(asdict(self)) + "\n"

    @classmethod
    def of_line(cls, line: str) -> Self:
        """It from its line."""
        return cls(**json.loads(line))
