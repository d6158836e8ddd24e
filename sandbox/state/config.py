"""How a sandbox behaves."""

from __future__ import annotations

from dataclasses import dataclass

from sandbox.state.intents import PRIVILEGED, Intent


@dataclass(frozen=True)
class Config:
    """How a sandbox behaves, where Discord leaves a choice or a test wants to be quick."""

    bot_name: str = "Bot"
    """The bot's name."""
    heartbeat_interval: float = 41.25
    """Seconds between the gateway heartbeats which the bot is asked for."""
    shards: int = 1
    """How many shards GET /gateway/bot recommends."""
    session_starts: int = 1000
    """How often the bot may identify."""
    max_concurrency: int = 1
    """How many shards may identify at once, each 5 s."""
    rate_limits: bool = True
    """Whether REST and identifying are limited as by Discord. Without it a test need not wait."""
    privileged_intents: Intent = PRIVILEGED
    """The privileged intents that are switched on for the application."""
    interaction_deadline: float = 3.0
    """Seconds until "The application did not respond"."""
    interaction_lifetime: float = 900.0
    """Seconds for which an interaction's token can be used."""
