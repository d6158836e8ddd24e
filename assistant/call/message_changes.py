"""What became of messages after they were typed: Discord may tell it before they have been accepted."""

import logging
from collections.abc import Collection, Iterable, Sequence, Set
from typing import Final

import discord

from assistant.discord_io.request_errors import READING_ERRORS
from assistant.domain.channels import TextPlace

_logger = logging.getLogger(__name__)

_MOST: Final = 500
"""How many changes are remembered; a message is accepted within seconds."""
_MOST_READ: Final = 200
"""How many messages of a channel are read again, a hundred with each request."""


class MessageChanges:
    """The latest edits and deletions."""

    def __init__(self) -> None:
        """Nothing has changed yet."""
        self._latest: dict[int, discord.Message | None] = {}

    def delete(self, message_ids: Iterable[int]) -> None:
        """These messages are gone."""
        for message_id in message_ids:
            self._note(message_id, None)

    def edit(self, message: discord.Message) -> None:
        """A message reads like this now."""
        self._note(message.id, message)

    def latest(self, message: discord.Message) -> discord.Message | None:
        """The message as it is now; None when it is gone."""
        return self._latest.get(message.id, message)

    def _note(self, message_id: int, now: discord.Message | None) -> None:
        self._latest.pop(message_id, None)
        self._latest[message_id] = now
        if len(self._latest) > _MOST:
            del self._latest[next(iter(self._latest))]


async def look_again(place: TextPlace, message_ids: Collection[int]) -> tuple[Sequence[discord.Message], Set[int]]:
    """The messages of a channel that are there since the first of these, and which of these are gone.

    Where that can't be read, none is found, and none is taken for gone.
    """
    since = discord.Object(min(message_ids) - 1)
    try:
        found = [message async for message in place.history(after=since, oldest_first=True, limit=_MOST_READ)]
    except READING_ERRORS as error:
        _logger.warning("What became of the messages that wait in #%s could not be read: %s", place, error)
        return (), set()
    there = {message.id for message in found}
    newest = max(there, default=0) if len(found) >= _MOST_READ else max(message_ids)
    return found, {message_id for message_id in message_ids if message_id <= newest and message_id not in there}
