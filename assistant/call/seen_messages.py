"""Which messages a call has heard, so that none is missed and none is heard twice."""

import logging
from collections.abc import Iterable, Mapping
from typing import Final

import discord

from assistant.discord_io.request_errors import READING_ERRORS
from assistant.domain.channels import TextPlace

_logger = logging.getLogger(__name__)

_MOST: Final = 1000
"""How many messages are read again in a channel, a hundred with each request."""
_MOST_REMEMBERED: Final = 500


class SeenMessages:
    """Remembers what was heard; a message's id says when it was typed."""

    def __init__(self, begun_by: int, newest: Mapping[int, int]) -> None:
        """Nothing typed before the snowflake `begun_by` counts, nor what was typed in a channel up to its `newest`."""
        self._begun_by = begun_by
        self._watermarks = dict(newest)
        """By channel: everything up to this message was heard, or need not be."""
        self._heard: dict[int, int] = {}
        """Which messages were heard since, and in which channel."""

    def is_new(self, message: discord.Message) -> bool:
        """Whether this message is heard for the first time; from now on it is not."""
        if message.id in self._heard or message.id <= self._watermark_of(message.channel.id):
            return False
        self._heard[message.id] = message.channel.id
        if len(self._heard) > _MOST_REMEMBERED:
            self.raise_watermarks()
        return True

    def raise_watermarks(self) -> None:
        """All that was typed up to the newest message in each channel was heard: nothing is missing until now."""
        for message_id, channel_id in self._heard.items():
            self._watermarks[channel_id] = max(message_id, self._watermark_of(channel_id))
        self._heard.clear()

    async def missed(self, places: Iterable[TextPlace]) -> list[discord.Message]:
        """What was typed in these channels and not heard, oldest first; Discord delivers it to no new session."""
        found: dict[int, discord.Message] = {}
        for place in places:
            since = discord.Object(self._watermark_of(place.id))
            try:
                async for message in place.history(after=since, oldest_first=True, limit=_MOST):
                    if message.id not in self._heard:
                        found[message.id] = message
            except READING_ERRORS as error:
                _logger.warning("What was typed meanwhile in #%s could not be read: %s", place, error)
        return [found[key] for key in sorted(found)]

    def _watermark_of(self, channel_id: int) -> int:
        return self._watermarks.get(channel_id, self._begun_by)
