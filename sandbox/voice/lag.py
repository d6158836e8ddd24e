"""A member whose voice gateway is slower than its voice packets."""

import asyncio
from collections.abc import Callable, Sequence
from typing import ParamSpec

from sandbox.voice.mls import Proposal
from sandbox.voice.participant import Participant

_P = ParamSpec("_P")


class Lagging:
    """Tells a participant everything some seconds late, in order."""

    def __init__(self, participant: Participant, seconds: float, is_present: Callable[[], bool]) -> None:
        """Whoever has left, as `is_present` says, is told nothing more."""
        self.user_id = participant.user_id
        """Who it is."""
        self._participant = participant
        self._seconds = seconds
        self._is_present = is_present

    def take_external_sender(self, package: bytes) -> None:
        """Op 25."""
        self._later(self._participant.take_external_sender, package)

    def take_proposals(self, proposals: Sequence[Proposal]) -> None:
        """Op 27, to append."""
        self._later(self._participant.take_proposals, list(proposals))

    def revoke_proposals(self, proposals: Sequence[Proposal]) -> None:
        """Op 27, to revoke."""
        self._later(self._participant.revoke_proposals, list(proposals))

    def take_commit(self, transition_id: int, commit: bytes) -> None:
        """Op 29."""
        self._later(self._participant.take_commit, transition_id, commit)

    def take_welcome(self, transition_id: int, welcome: bytes) -> None:
        """Op 30."""
        self._later(self._participant.take_welcome, transition_id, welcome)

    def prepare_epoch(self, version: int, epoch: int) -> None:
        """Op 24."""
        self._later(self._participant.prepare_epoch, version, epoch)

    def prepare_transition(self, version: int, transition_id: int) -> None:
        """Op 21."""
        self._later(self._participant.prepare_transition, version, transition_id)

    def execute_transition(self, transition_id: int) -> None:
        """Op 22."""
        self._later(self._participant.execute_transition, transition_id)

    def _later(self, tell: Callable[_P, None], *args: _P.args, **kwargs: _P.kwargs) -> None:
        def tell_if_present() -> None:
            if self._is_present():
                tell(*args, **kwargs)

        asyncio.get_running_loop().call_later(self._seconds, tell_if_present)
