"""Writes down in the chat what members said; nobody's answer waits for long until that stands there."""

import asyncio
import logging
import secrets
from typing import Final

import discord

from assistant.call.context import CallContext
from assistant.discord_io.heard_line import heard_line
from assistant.discord_io.posting import try_to_post

_logger = logging.getLogger(__name__)

_PATIENCE_SECONDS: Final = 1.0
"""A post usually takes a tenth of it. Where Discord's REST side fails, its voice side may work all the same."""
_TRIES: Final = 3


class HeardLines:
    """Those of one call."""

    def __init__(self, context: CallContext) -> None:
        """`context` is the call. Nothing is written before `run`."""
        self._context = context
        self._tasks: asyncio.TaskGroup | None = None

    async def run(self) -> None:
        """Go on with what takes longer, until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            self._tasks = tasks
            try:
                await asyncio.Event().wait()
            finally:
                self._tasks = None

    async def write(self, speaker: discord.Member, text: str) -> discord.Message | None:
        """The message with what somebody said; None where it is not there soon, though it may come."""
        if self._tasks is None:
            return None
        writing = self._tasks.create_task(self._try_to_write(speaker, text), name="a heard line")
        await asyncio.wait({writing}, timeout=_PATIENCE_SECONDS)
        message = writing.result() if writing.done() else None
        if message is None:
            _logger.warning("What %s said is answered aloud only: Discord does not take its text", speaker)
        return message

    async def _try_to_write(self, speaker: discord.Member, text: str) -> discord.Message | None:
        written: list[discord.Message] = []
        shown = heard_line(speaker.display_name, text)
        once = secrets.token_hex(8)  # Discord may take a post, and its answer be lost
        try:
            for place in self._context.places:
                await try_to_post(place, shown, once=once, tries=_TRIES, on_sent=written.append)
                if written:
                    return written[0]
        except Exception:  # an error of ours: the answer is heard all the same
            _logger.exception("What somebody said could not be written down")
        return None
