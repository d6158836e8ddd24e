"""One session of the gateway: what it may hear, and what it has heard, so that it can be resumed."""

from __future__ import annotations

import json
from collections import deque
from dataclasses import dataclass, field
from typing import Final

from sandbox.gateway.connection import Connection
from sandbox.gateway.opcodes import GatewayOp
from sandbox.state.event import Event
from sandbox.state.intents import Intent

REPLAY_LIMIT: Final = 10_000
"""How many events are kept for a resume."""


@dataclass(eq=False)
class Session:
    """A bot's session; it outlives its connection until it is ended."""

    id: str
    """The session's id."""
    intents: Intent
    """What it asked to hear."""
    shard: tuple[int, int]
    """Its number, and how many there are."""
    connection: Connection | None = None
    """Where it talks; None while it waits to be resumed."""
    sequence: int = 0
    """The number of the last event."""
    _sent: deque[tuple[int, str]] = field(default_factory=lambda: deque(maxlen=REPLAY_LIMIT))
    """The events sent or missed, by number."""

    def hears(self, event: Event) -> bool:
        """Whether the event is for this session."""
        if event.session_id not in (None, self.id):
            return False
        if event.needs and not event.needs & self.intents:
            return False
        number, count = self.shard
        return event.guild_id is None or (event.guild_id >> 22) % count == number

    def dispatch(self, name: str, data: object) -> None:
        """Send an event, or keep it for the resume."""
        self.sequence += 1
        text = json.dumps({"op": GatewayOp.DISPATCH, "s": self.sequence, "t": name, "d": data})
        self._sent.append((self.sequence, text))
        if self.connection is not None:
            self.connection.send_text(text)

    def replay(self, after: int) -> None:
        """Send again what came after an event."""
        assert self.connection is not None
        for sequence, text in list(self._sent):
            if sequence > after:
                self.connection.send_text(text)
