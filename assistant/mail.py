"""Which messages a call has heard, so that none is missed and none is heard twice."""

import logging
from collections.abc import Iterable
from typing import Final

import discord

from assistant.preflight import TextPlace

_log = logging.getLogger(__name__)

_MOST: Final = 50
"""How many messages are read again in a channel; an outage in which more are typed is no conversation."""


class Mail:
    """Remembers the newest message heard in each channel; a message's id says when it was typed."""

    def __init__(self, begun_by: int) -> None:
        """Nothing typed before the snowflake `begun_by` counts."""
        self._begun_by = begun_by
        self._newest: dict[int, int] = {}

    def is_new(self, message: discord.Message) -> bool:
        """Whether this message is heard for the first time; from now on it is not."""
        if message.id <= self._newest_in(message.channel.id):
            return False
        self._newest[message.channel.id] = message.id
        return True

    async def missed(self, places: Iterable[TextPlace]) -> list[discord.Message]:
        """What was typed in these channels and not heard, oldest first; Discord delivers it to no new session."""
        found: dict[int, discord.Message] = {}
        for place in places:
            since = discord.Object(self._newest_in(place.id))
            try:
                async for message in place.history(after=since, oldest_first=True, limit=_MOST):
                    found[message.id] = message
            except (discord.DiscordException, OSError) as error:
                _log.warning("What was typed meanwhile in #%s could not be read: %s", place, error)
        return [found[key] for key in sorted(found)]

    def _newest_in(self, channel_id: int) -> int:
        return self._newest.get(channel_id, self._begun_by)
