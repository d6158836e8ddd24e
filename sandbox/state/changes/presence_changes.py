"""What the bot says about itself."""

from __future__ import annotations

from dataclasses import dataclass

from sandbox.state.json_types import Json
from sandbox.state.store import Store


@dataclass(frozen=True)
class PresenceSet:
    """The bot changes its presence: its status and what it is doing."""

    presence: Json
    """The data of gateway op 3."""

    def apply(self, store: Store) -> None:
        """Keep it."""
        store.presence = self.presence

    def event(self, _store: Store) -> None:
        """Only others hear of a bot's presence."""
