"""The sign under the bot's name that it hears nobody."""

import asyncio
import logging

import aiohttp

from assistant.domain.call_state import CallState
from assistant.domain.channels import VocalChannel
from assistant.voice.connection import CallConnection

_logger = logging.getLogger(__name__)


class SelfDeafness:
    """Keeps the bot deaf by its own choice, in a call in which it is not to hear.

    It joins without being deaf, and says so afterwards, over the main gateway (op 4,
    https://discord.com/developers/docs/events/gateway-events#update-voice-state): for the channel it is in, Discord
    sends a voice state and no other voice server, so no frame is lost.
    """

    def __init__(self, connection: CallConnection) -> None:
        """Nothing is said before `run`."""
        self._connection = connection
        self._due = asyncio.Event()

    def refresh(self) -> None:
        """Have `run` look at our voice state again: the connection's state has changed, or our own."""
        self._due.set()

    async def run(self) -> None:
        """Deafen the bot whenever it is in the channel and is not deaf: after each join, until cancelled."""
        while True:
            self._due.clear()
            if self._connection.state is CallState.LIVE:
                await self._deafen()
            await self._due.wait()

    async def _deafen(self) -> None:
        guild = self._connection.channel.guild
        state = guild.me.voice
        channel = state.channel if state is not None else None
        if state is None or state.self_deaf or not isinstance(channel, VocalChannel):
            return
        try:
            await guild.change_voice_state(channel=channel, self_deaf=True)
        except (OSError, aiohttp.ClientError, AttributeError) as error:
            # Without a connection to the main gateway, which the next join needs and has: then it is said.
            _logger.info("The bot could not deafen itself in %s: %r", channel, error)
