"""A client of a DAVE call, as the gateway speaks to it."""

from collections.abc import Sequence
from typing import Protocol

from sandbox.voice.mls import Proposal


class Participant(Protocol):
    """A client in the call, as the gateway speaks to it."""

    user_id: int
    """Who it is."""

    def take_external_sender(self, package: bytes) -> None:
        """Op 25: the gateway's identity, before any proposal."""

    def take_proposals(self, proposals: Sequence[Proposal]) -> None:
        """Op 27: proposals to add to those it has."""

    def revoke_proposals(self, proposals: Sequence[Proposal]) -> None:
        """Op 27: proposals to take back."""

    def take_commit(self, transition_id: int, commit: bytes) -> None:
        """Op 29: the commit that won."""

    def take_welcome(self, transition_id: int, welcome: bytes) -> None:
        """Op 30: it is added to the group."""

    def prepare_epoch(self, version: int, epoch: int) -> None:
        """Op 24: with epoch 1 a new group is made, and a new key package wanted."""

    def prepare_transition(self, version: int, transition_id: int) -> None:
        """Op 21: another protocol version is coming; with transition 0 it is here."""

    def execute_transition(self, transition_id: int) -> None:
        """Op 22: the prepared transition takes place."""
