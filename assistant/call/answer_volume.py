"""How loud the answer is that is heard."""

import asyncio
import logging
from collections.abc import Callable

from assistant.audio.fader import Fader
from assistant.audio.track import Track

_logger = logging.getLogger(__name__)

FaderMaker = Callable[[Track], Fader]
"""Makes what turns a track down."""


class AnswerVolume:
    """Turns one answer after the other down, or lets it wait; each is at full volume when it begins."""

    def __init__(self, fader_of: FaderMaker) -> None:
        """Nothing is heard yet."""
        self._fader_of = fader_of
        self._fader: Fader | None = None

    def set(self, track: Track | None, tasks: asyncio.TaskGroup, *, is_ducking: bool, is_holding: bool) -> None:
        """Let an answer be softer, or wait.

        Args:
            track: its sound; None where nothing is heard.
            tasks: the group of whatever makes other frames of it.
            is_ducking: whether it is to be softer.
            is_holding: whether it is to wait.
        """
        if self._fader is not None and self._fader.track is not track:
            self._fader.close()
            self._fader = None
        if self._fader is None:
            if track is None or not (is_ducking or is_holding):
                return
            self._fader = self._fader_of(track)
            tasks.create_task(_keep(self._fader), name="fader")
        if is_ducking:
            self._fader.duck()
        else:
            self._fader.restore()
        if is_holding:
            self._fader.hold()
        else:
            self._fader.go_on()


async def _keep(fader: Fader) -> None:
    try:
        await fader.run()
    except Exception:  # an error of ours must not end the call; the answer goes on as it is
        _logger.exception("The volume of an answer could not be changed")
