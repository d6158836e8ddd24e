"""The state of the connection to Discord's main gateway."""

import asyncio
import math
import time
from typing import Any

from assistant.pycord.api import AnyBot


class GatewayState:
    """Watches the bot and its events."""

    def __init__(self, bot: AnyBot) -> None:
        self._bot = bot
        self.is_connected = bot.is_ready()
        """Whether there is a session now. (py-cord's websocket stays `open` after Discord has closed it.)"""
        bot.add_listener(self._came, "on_connect")
        bot.add_listener(self._came, "on_resumed")
        bot.add_listener(self._went, "on_disconnect")
        self._given_up_at: float | None = None

    def close(self) -> None:
        """Stop listening to events."""
        self._bot.remove_listener(self._came, "on_connect")
        self._bot.remove_listener(self._came, "on_resumed")
        self._bot.remove_listener(self._went, "on_disconnect")

    def follow(self, running: asyncio.Task[None]) -> None:
        """Watch `running`, py-cord's gateway task: while it runs, py-cord reconnects by itself."""
        running.add_done_callback(self._give_up)

    @property
    def latency(self) -> float | None:
        """Seconds from a heartbeat to its answer; None without a connection, or before the first answer."""
        latency = self._bot.latency if self.is_connected else math.nan
        return latency if math.isfinite(latency) else None

    @property
    def is_ready(self) -> bool:
        """Whether Discord has listed all servers once. A connection lost later does not change that."""
        return self._bot.is_ready()

    @property
    def commands_registered(self) -> bool:
        """Whether all our commands are registered with Discord."""
        return len(self._bot.application_commands) >= len(self._bot.pending_application_commands)

    @property
    def given_up_seconds(self) -> float:
        """Seconds since py-cord gave up on the gateway; 0.0 while it has not."""
        return 0.0 if self._given_up_at is None else time.monotonic() - self._given_up_at

    async def _came(self) -> None:
        self.is_connected = True

    async def _went(self) -> None:
        self.is_connected = False

    def _give_up(self, _: asyncio.Task[Any]) -> None:
        self._given_up_at = time.monotonic()
