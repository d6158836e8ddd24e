"""Mends what keeps a member from being heard."""

import logging
import time
from collections.abc import Callable, Mapping
from typing import Final

from assistant.domain.hearing_trouble import HearingTrouble
from assistant.telemetry.metrics import Metrics
from assistant.voice.connection import CallConnection

_logger = logging.getLogger(__name__)

_KEYS_SECONDS: Final = 2.0
"""How long new keys may take to help before the call is joined anew."""
_KEYS_APART: Final = 30.0
_REJOINS_APART: Final = 600.0
"""A member whose client is broken, or hostile, must not have the call joined anew again and again."""


class UnheardMembers:
    """Mends what keeps somebody from being heard: new keys first, then a new connection."""

    def __init__(self, connection: CallConnection, metrics: Metrics, now: Callable[[], float] = time.monotonic) -> None:
        """`now` is in seconds."""
        self._connection = connection
        self._metrics = metrics
        self._now = now
        self._since: dict[int, float] = {}
        self._keys_at = self._joined_at = float("-inf")
        self.unheard: Mapping[int, HearingTrouble] = {}
        """Who speaks and is not heard, and why."""

    def look(self, unheard: Mapping[int, HearingTrouble]) -> bool:
        """Do what is due for those who are unheard; True if they are others than before."""
        now = self._now()
        for user_id, trouble in unheard.items():
            if user_id not in self._since:
                _logger.warning("Member %d speaks and is not heard: %s", user_id, trouble.value)
                self._metrics.member_unheard(trouble)
        for user_id in self._since.keys() - unheard.keys():
            _logger.info("Member %d is heard again after %.1f s", user_id, now - self._since[user_id])
        self._since = {user_id: self._since.get(user_id, now) for user_id in unheard}
        if HearingTrouble.NOT_OPENED in unheard.values():
            self._mend(now, min(self._since[each] for each in unheard if unheard[each] is HearingTrouble.NOT_OPENED))
        is_changed = unheard != self.unheard
        self.unheard = dict(unheard)
        return is_changed

    def _mend(self, now: float, since: float) -> None:
        if now - self._keys_at >= _KEYS_APART:
            self._keys_at = now
            self._connection.renew_keys()
        elif min(now - self._keys_at, now - since) >= _KEYS_SECONDS and now - self._joined_at >= _REJOINS_APART:
            self._joined_at = now
            self._connection.join_anew()
