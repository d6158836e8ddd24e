"""What was heard in a turn of speech."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Transcript:
    """The text of one turn."""

    text: str
    """What was said, on one line; "" when nothing was."""
    language: str
    """Its language as the engine tells it, as a code such as `en`; "" when that is unknown."""
    engine: str
    """The name of the engine that recognized it; "" when none was asked."""
