"""The main gateway, as it is at each moment."""

import asyncio
import math
import time
from typing import Any

from assistant.pycord.api import AnyBot


class GatewayState:
    """Looks at the bot and hears its events; it changes nothing."""

    def __init__(self, bot: AnyBot) -> None:
        self._bot = bot
        self.is_connected = bot.is_ready()
        """Whether there is a session on it now. (py-cord's websocket is still `open` when Discord has closed it.)"""
        bot.add_listener(self._came, "on_connect")
        bot.add_listener(self._came, "on_resumed")
        bot.add_listener(self._went, "on_disconnect")
        self._given_up_at: float | None = None

    def close(self) -> None:
        """Hear no further event."""
        self._bot.remove_listener(self._came, "on_connect")
        self._bot.remove_listener(self._came, "on_resumed")
        self._bot.remove_listener(self._went, "on_disconnect")

    def follow(self, running: asyncio.Task[None]) -> None:
        """`running` is py-cord's work on the gateway: for as long as it runs, a lost connection is tried again."""
        running.add_done_callback(self._give_up)

    @property
    def latency(self) -> float | None:
        """Seconds from a heartbeat to its answer; None while there is no connection, or no answer yet."""
        latency = self._bot.latency if self.is_connected else math.nan
        return latency if math.isfinite(latency) else None

    @property
    def is_ready(self) -> bool:
        """Whether all servers were made known once; a connection that is lost later does not change that."""
        return self._bot.is_ready()

    @property
    def knows_commands(self) -> bool:
        """Whether Discord knows all of our commands."""
        return len(self._bot.application_commands) >= len(self._bot.pending_application_commands)

    @property
    def given_up_seconds(self) -> float:
        """For how long nobody has tried to connect any more; 0.0 while somebody does."""
        return 0.0 if self._given_up_at is None else time.monotonic() - self._given_up_at

    async def _came(self) -> None:
        self.is_connected = True

    async def _went(self) -> None:
        self.is_connected = False

    def _give_up(self, _: asyncio.Task[Any]) -> None:
        self._given_up_at = time.monotonic()
