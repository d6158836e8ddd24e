"""A reply as it is seen in the channel: the typing indicator, the text, and the notes under it."""

import asyncio
import logging
from collections.abc import Iterable
from typing import Final

import discord

from assistant.discord_io import wording
from assistant.discord_io.posting import post
from assistant.domain.channels import TextPlace

_log = logging.getLogger(__name__)

_TYPING_SECONDS: Final = 8.0
"""Discord shows a typing indicator for ten seconds (https://discord.com/developers/docs/resources/channel)."""


class ReplyPoster:
    """Writes in one channel what belongs to the reply to one message."""

    def __init__(self, place: TextPlace, message: discord.Message) -> None:
        self._place = place
        self._message = message

    async def show_typing(self) -> None:
        """Show that a reply is being written, until cancelled."""
        while True:
            try:
                await self._place.trigger_typing()
            except (discord.DiscordException, OSError) as error:
                _log.debug("The typing indicator could not be shown: %s", error)
            await asyncio.sleep(_TYPING_SECONDS)

    async def post(self, *parts: str) -> None:
        """Post the parts of a reply that are not empty, each once, whether by this process or by another."""
        for number, part in enumerate(part for part in parts if part):
            answering = None if number else self._message
            await post(self._place, part, answering=answering, once=f"{self._message.id}{'.' * number}")

    async def note_unspoken_languages(self, languages: Iterable[str]) -> None:
        """Tell that nobody speaks these languages, given as gTTS codes, so that what is in them can only be read."""
        for language in sorted(languages):
            await post(self._place, wording.no_voice(language))

    async def note_missing_speech(self, *, has_begun: bool) -> None:
        """Tell that the reply could not be spoken: the rest of it, if speech `has_begun`, else all of it."""
        await post(self._place, wording.PARTLY_SPOKEN if has_begun else wording.UNSPOKEN)
