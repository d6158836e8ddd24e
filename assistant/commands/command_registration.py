"""Tells Discord which commands the bot has, until Discord has taken them."""

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable
from typing import Final

from assistant.discord_io.login import LONGEST_ASKED_SECONDS
from assistant.discord_io.request_errors import REQUEST_ERRORS, asked_pause, is_refusal
from assistant.util.backoff import backoff_seconds
from assistant.util.durations import duration

_logger = logging.getLogger(__name__)

_FIRST_SECONDS: Final = 2.0
"""The longest first pause, where Discord asks for none: py-cord itself has tried some times by then."""
_LONGEST_SECONDS: Final = 300.0
"""The longest later one."""


class CommandRegistration:
    """Registers the commands each time that the bot is connected anew.

    py-cord does that by itself, but once: where Discord failed just then, a new bot had no command until its next
    session.
    """

    def __init__(
        self,
        sync: Callable[[], Awaitable[None]],
        *,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        """Registers nothing until `run`.

        Args:
            sync: registers what differs from what Discord knows, as `discord.Bot.sync_commands` does.
            sleep: waits between two tries, so many seconds.
            jitter: from 0 to 1, spreads out bots that failed together.
        """
        self._sync = sync
        self._sleep = sleep
        self._jitter = jitter
        self._wanted = asyncio.Event()

    def request(self) -> None:
        """The bot is connected: register the commands, unless that is being tried already."""
        self._wanted.set()

    async def run(self) -> None:
        """Register the commands whenever that is requested, until cancelled."""
        while True:
            await self._wanted.wait()
            self._wanted.clear()
            await self._register()

    async def _register(self) -> None:
        failures = 0
        while True:
            try:
                await self._sync()
            except REQUEST_ERRORS as error:
                if is_refusal(error):
                    _logger.warning("Discord does not take the commands: %.300s", error)
                    return
                failures += 1
                pause = self._pause_after(error, failures)
                _logger.warning("Couldn't register the commands: %.300s. Trying again in %s", error, duration(pause))
                await self._sleep(pause)
            except Exception:  # calls go on without new commands
                _logger.exception("The commands can't be registered")
                return
            else:
                return

    def _pause_after(self, error: Exception, failures: int) -> float:
        """Seconds to wait before the next try: at least what Discord asks for, unless that is absurdly long."""
        own = backoff_seconds(failures, self._jitter(), first=_FIRST_SECONDS, longest=_LONGEST_SECONDS)
        return max(own, min(asked_pause(error), LONGEST_ASKED_SECONDS))
