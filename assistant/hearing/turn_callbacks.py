"""Who is told of what members say."""

from collections.abc import Callable
from dataclasses import dataclass

from assistant.domain.spoken_turn import SpokenTurn


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnCallbacks:
    """Each `on_speech` is followed by one `on_turn` or one `on_dismissed`; none of them may wait."""

    on_speech: Callable[[int], None]
    """A member, by their id, begins to speak."""
    on_pause: Callable[[SpokenTurn], None]
    """A member pauses: that is what they have said so far, and it may be the whole turn."""
    on_resume: Callable[[int], None]
    """They go on behind a pause that was told, with more than a breath."""
    on_turn: Callable[[SpokenTurn], None]
    """A member has said something."""
    on_dismissed: Callable[[int], None]
    """What began is over and was no speech, or too much of it, or they may not be heard any more."""
