"""What is behind the curtain: the turns step by step, the voice connection, the bot's log, and what may go wrong."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Any, Final

from sandbox.actions.guild_handle import GuildHandle
from sandbox.loopback_discord import Sandbox
from sandbox.playground.backstage import Backstage
from sandbox.playground.bot_log import BotLog
from sandbox.playground.connection_view import ConnectionView
from sandbox.playground.fault_panel import FaultPanel
from sandbox.playground.people import People
from sandbox.playground.turn_timeline import TurnTimeline
from sandbox.state.json_types import Json

_logger = logging.getLogger(__name__)

_LOOK_SECONDS: Final = 0.25


class Curtain:
    """One for all pages."""

    def __init__(self, discord: Sandbox, guild: GuildHandle, people: People, backstage: Backstage) -> None:
        self.faults = FaultPanel(discord, guild, backstage)
        """What one may let happen."""
        self._bot = backstage.bot
        self._timeline = TurnTimeline(guild, people, backstage)
        self._connection = ConnectionView(guild)

    def view(self) -> Json:
        """What there is to see at this moment, but for the log."""
        return {"turns": self._timeline.view(), "connection": self._connection.view(), "faults": self.faults.view()}

    def log(self) -> BotLog | None:
        """The bot's log from its latest lines on; None where it is not known."""
        return BotLog(self._bot.log_file) if self._bot is not None else None


class CurtainFeed:
    """Tells one page what it sees while its curtain is open."""

    def __init__(self, curtain: Curtain, say: Callable[[dict[str, Any]], None]) -> None:
        """`say` sends a message to the page."""
        self._curtain = curtain
        self._say = say
        self._opened = asyncio.Event()

    def open(self, is_open: bool) -> None:
        """The page's curtain is opened or closed."""
        (self._opened.set if is_open else self._opened.clear)()

    async def run(self) -> None:
        """Tell what is new, without end."""
        while True:
            await self._opened.wait()
            told: Json = {}
            log = self._curtain.log()
            while self._opened.is_set():
                seen = self._curtain.view()
                news = {name: part for name, part in seen.items() if name not in told or told[name] != part}
                if lines := await self._new_lines(log):
                    news["log"] = lines
                told = seen
                if news:
                    self._say({"curtain": news})
                await asyncio.sleep(_LOOK_SECONDS)

    @staticmethod
    async def _new_lines(log: BotLog | None) -> list[str]:
        if log is None:
            return []
        try:
            return await asyncio.to_thread(log.new_lines)
        except OSError as error:
            _logger.debug("the bot has no log yet: %s", error)
            return []
