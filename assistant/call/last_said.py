"""What we said last in a call: it may come back out of a loudspeaker, or have been a question."""

import math
import time
from typing import Final

from assistant.call.echo import may_come_back
from assistant.reply.turn import Turn
from assistant.text.asking import is_question

_ASKED_SECONDS: Final = 15.0
"""How long after a question of ours somebody may think about it before they speak."""


class LastSaid:
    """The answer that was heard last."""

    def __init__(self) -> None:
        """Nothing was said."""
        self._ended = -math.inf
        self._text = ""

    def note(self, turn: Turn) -> None:
        """A turn is over."""
        self._ended, self._text = turn.trace.ended or time.monotonic(), turn.heard_text

    def around(self, moment: float, turn: Turn | None) -> str:
        """What was heard of us at a moment of `time.monotonic()`, just before it and since; "" if nothing was.

        `turn` is the one that goes on.
        """
        said = [(self._ended, self._text)]
        if turn is not None:
            said.append((turn.trace.ended or math.inf, turn.heard_text))
        return may_come_back(moment, said)

    @property
    def is_question(self) -> bool:
        """Whether it was a question, a moment ago."""
        return time.monotonic() - self._ended < _ASKED_SECONDS and is_question(self._text)
