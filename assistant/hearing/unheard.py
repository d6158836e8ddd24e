"""Notices members whose packets come and give no sound: they speak, and nobody hears them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

_UNHEARD_SECONDS: Final = 1.2
_LEAST_PACKETS: Final = 10
_QUIET_SECONDS: Final = 1.0
"""Without a packet for so long, nobody speaks."""


@dataclass(slots=True)
class _Watched:
    arrived: int
    decoded: int
    since: float
    """When packets began to come of which none was decoded."""
    last: float
    """When one came."""
    missed: int = 0
    """Packets since then."""


class UnheardWatch:
    """Compares what arrives of each member with what is decoded of them."""

    def __init__(self) -> None:
        self._watched: dict[int, _Watched] = {}

    def look(self, arrived: Mapping[int, int], decoded: Mapping[int, int], now: float) -> list[int]:
        """Who is unheard. To be called at least twice a second; `now` is in seconds.

        `arrived` counts each wanted member's packets at the socket since the call began, `decoded` those with sound.
        """
        self._watched = {user_id: each for user_id, each in self._watched.items() if user_id in arrived}
        return [user_id for user_id, count in arrived.items() if self._is_unheard(user_id, count, decoded, now)]

    def _is_unheard(self, user_id: int, arrived: int, decoded: Mapping[int, int], now: float) -> bool:
        heard = decoded.get(user_id, 0)
        watched = self._watched.get(user_id)
        if watched is None:
            self._watched[user_id] = _Watched(arrived, heard, now, now)
            return False
        came = arrived - watched.arrived
        if heard != watched.decoded or came < 0 or (came and not watched.missed):
            watched.since, watched.missed = now, 0
        if came > 0 and heard == watched.decoded:
            watched.missed += came
        if came:
            watched.last = now
        elif now - watched.last >= _QUIET_SECONDS:
            watched.missed = 0
        watched.arrived, watched.decoded = arrived, heard
        return watched.missed >= _LEAST_PACKETS and now - watched.since >= _UNHEARD_SECONDS
