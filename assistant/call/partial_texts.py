"""What somebody has said so far, as text, while they speak."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Final

from assistant.domain.spoken_turn import SpokenTurn
from assistant.domain.transcript import Transcript

_logger = logging.getLogger(__name__)

_SECONDS: Final = 0.2
"""So often it is recognized what somebody has said so far,"""
_MOST: Final = 10
"""but so many times at most;"""
_HOSTED_SECONDS: Final = 0.4
"""and less often"""
_MOST_HOSTED: Final = 3
"""where a service is asked, which may cost something."""


class PartialTexts:
    """Those of one member's turn of speech; one is made at a time."""

    def __init__(
        self,
        guess: Callable[[SpokenTurn], Awaitable[Transcript | None]],
        on_text: Callable[[str], None],
        *,
        is_hosted: bool,
    ) -> None:
        """Nothing is recognized before `look`.

        Args:
            guess: recognizes; None where nobody has time for it, or it failed.
            on_text: is given each text.
            is_hosted: whether a service does it.
        """
        self._guess = guess
        self._on_text = on_text
        self._is_hosted = is_hosted
        self._seconds, self._most = (_HOSTED_SECONDS, _MOST_HOSTED) if is_hosted else (_SECONDS, _MOST)
        self._made = 0
        self._begun_at = float("-inf")
        self._voiced_seconds = 0.0
        """How much voice there was at the last look that did something."""
        self._task: asyncio.Task[None] | None = None

    def restart(self) -> None:
        """The next turn of speech begins."""
        self._made = 0
        self._voiced_seconds = 0.0

    def look(self, said: SpokenTurn | None, now: float, tasks: asyncio.TaskGroup) -> bool:
        """Have recognized what was said so far, if that is more than the last time, and it is time for it.

        Returns whether more was said of which no text will be made any more.
        """
        if said is None or said.voiced_seconds <= self._voiced_seconds:
            return False
        if self._made >= self._most:
            self._voiced_seconds = said.voiced_seconds
            return True
        if self._task is None and now - self._begun_at >= self._seconds:
            self._begun_at, self._voiced_seconds = now, said.voiced_seconds
            self._task = tasks.create_task(self._make(said), name=f"words of {said.user_id}")
        return False

    def cancel(self) -> None:
        """Nobody needs them any more."""
        if self._task is not None:
            self._task.cancel()

    async def _make(self, said: SpokenTurn) -> None:
        try:
            transcript = await self._guess(said)
            if transcript is None and not self._is_hosted:  # the engine is busy: try again
                self._voiced_seconds = 0.0
                return
            self._made += 1
            if transcript is not None:
                self._on_text(transcript.text)
        except Exception:  # an error of ours: the text of the whole turn decides
            _logger.exception("What somebody has said so far could not be recognized")
        finally:
            self._task = None
