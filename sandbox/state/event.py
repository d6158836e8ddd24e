"""Gateway events: what is told, to whom, and to whom it is kept quiet."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sandbox.state.channel import Channel
from sandbox.state.intents import NO_INTENT, Intent
from sandbox.state.json_types import Json


@dataclass(frozen=True)
class Event:
    """One dispatch of the gateway."""

    name: str
    """Discord's name of it, such as MESSAGE_CREATE."""
    data: Callable[[Intent], Json]
    """Its data for a session with these intents; made when it happens."""
    guild_id: int | None = None
    """The guild, which decides the shard that hears of it."""
    needs: Intent = NO_INTENT
    """The intent that a session must have asked for."""
    channel: Channel | None = None
    """The channel that the bot must be able to see; None: any."""
    session_id: str | None = None
    """The only session that hears of it; None: all."""
