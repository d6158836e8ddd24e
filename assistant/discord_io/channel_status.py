"""The line under the voice channel's name while a call is on. Nice to have: it never disturbs a call."""

import asyncio
import logging
from typing import Final

import discord

from assistant.domain.channels import VocalChannel

_logger = logging.getLogger(__name__)

_SECONDS: Final = 3.0
"""A call does not wait longer for its status: Discord may limit the rate of such changes."""


class ChannelStatus:
    """Puts the status up in the call's channel and takes it down again."""

    def __init__(self, text: str, left_in: VocalChannel | None = None) -> None:
        """`left_in` is the channel in which an earlier process may have put it up."""
        self._text = text
        self._shown_in: VocalChannel | None = None
        self._left_in = left_in

    async def put_up(self, channel: VocalChannel) -> None:
        """Show the status in this channel, and no longer in the one before."""
        if self._shown_in is not None and self._shown_in.id == channel.id:
            return
        if self._left_in is not None and self._left_in.id == channel.id:
            self._left_in = None
        await self.clear()
        self._shown_in = channel  # also if the request is cancelled on its way: it may have arrived
        await _set(channel, self._text)

    async def clear(self) -> None:
        """Remove the status; while still in the channel, since from outside it asks for more rights."""
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
    except (discord.DiscordException, OSError) as error:  # a TimeoutError is an OSError
        _logger.info("The voice channel's status was not changed: %s", error)
