"""What a member has said in one go, as it is made into a question."""

from dataclasses import dataclass


@dataclass(slots=True, eq=False)
class Said:
    """A turn of speech and its text; times are of `time.monotonic()`."""

    began_at: float
    """When its first voice came,"""
    ended_at: float
    """and the last one."""
    committed: float
    """When its speaker had been silent for so long that it was taken for all."""
    text: str = ""
    """What was recognized; empty as long as it is not, and where nothing was said."""
    recognized: float | None = None
    """When it was recognized."""
    is_continued: bool = False
    """Whether its speaker went on at once: what they say then belongs to it."""
