"""The status line under the voice channel's name during a call. It is optional: a failure never disturbs the call."""

import asyncio
import logging
from typing import Final

import discord

from assistant.discord_io.request_errors import REQUEST_ERRORS
from assistant.domain.channels import VocalChannel

_logger = logging.getLogger(__name__)

_SECONDS: Final = 3.0
"""How long a call waits for the status: Discord rate-limits such changes."""


class ChannelStatus:
    """Shows the status in the call's channel and removes it again."""

    def __init__(self, text: str, left_in: VocalChannel | None = None) -> None:
        """`left_in` is the channel where an earlier process may have left the status."""
        self._text = text
        self._shown_in: VocalChannel | None = None
        self._left_in = left_in

    async def put_up(self, channel: VocalChannel) -> None:
        """Show the status in this channel, and remove it from the one before."""
        if self._shown_in is not None and self._shown_in.id == channel.id:
            return
        if self._left_in is not None and self._left_in.id == channel.id:
            self._left_in = None
        await self.clear()
        self._shown_in = channel  # before the request: one that is cancelled may still have arrived
        await _set(channel, self._text)

    async def clear(self) -> None:
        """Remove the status. Call it while still in the channel: from outside, Discord asks for more permissions."""
        channels, self._shown_in, self._left_in = (self._shown_in, self._left_in), None, None
        for channel in channels:
            if channel is not None:
                await _set(channel, None)


async def _set(channel: VocalChannel, text: str | None) -> None:
    if not isinstance(channel, discord.VoiceChannel):  # a stage shows its topic there
        return
    try:
        async with asyncio.timeout(_SECONDS):
            await channel.set_status(text)
    except REQUEST_ERRORS as error:  # a TimeoutError is an OSError
        _logger.info("Couldn't change the voice channel's status: %s", error)
