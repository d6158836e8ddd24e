"""A reply as it is seen in the channel: the typing indicator, the text, and the notes under it."""

import asyncio
import logging
from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import Final

import discord

from assistant.discord_io import wording
from assistant.discord_io.message_splitter import one_post
from assistant.discord_io.posting import Posted, post, try_to_post
from assistant.discord_io.request_errors import REQUEST_ERRORS
from assistant.domain.channels import TextPlace

_logger = logging.getLogger(__name__)

_TYPING_SECONDS: Final = 8.0
"""Discord shows a typing indicator for ten seconds (https://discord.com/developers/docs/resources/channel)."""

_TRIES: Final = 3
"""How often each post of a reply is sent, besides all that py-cord does."""
_MOST_SECONDS: Final = 120.0
"""How long it is tried to post a reply; later, nobody would know what it is about."""
_TELL_SECONDS: Final = 30.0
"""How long it is tried to tell that a reply could not be posted."""


class ReplyPoster:
    """Writes what belongs to the reply to one message, in the channel where that was typed."""

    def __init__(self, place: TextPlace, message: discord.Message, elsewhere: Sequence[TextPlace] = ()) -> None:
        """Nothing is written yet.

        Args:
            place: where the message was typed.
            message: what is replied to.
            elsewhere: where the reply is written when that is not possible in `place`.
        """
        self._place = place
        self._message = message
        self._elsewhere = elsewhere
        self._is_wanted = True

    def stop(self) -> None:
        """Write no more of the reply."""
        self._is_wanted = False

    async def show_typing(self) -> None:
        """Show that a reply is being written, until cancelled."""
        while True:
            try:
                await self._place.trigger_typing()
            except REQUEST_ERRORS as error:
                _logger.debug("The typing indicator could not be shown: %s", error)
            await asyncio.sleep(_TYPING_SECONDS)

    async def post(self, *parts: str) -> bool:
        """Post the parts of a reply that are not empty, each once, whether by this process or by another.

        Where that can't be done, it is told. False if the reply is not there; True, too, if it is not wanted any more.
        """
        posted = Posted.FAILED
        with suppress(TimeoutError):
            async with asyncio.timeout(_MOST_SECONDS):
                posted = await self._post_somewhere([part for part in parts if part])
        if posted in (Posted.ALL, Posted.UNWANTED):
            return True
        _logger.error("The reply to message %d could not be posted", self._message.id)
        with suppress(TimeoutError):  # the log has it
            async with asyncio.timeout(_TELL_SECONDS):
                await post(self._place, wording.NOT_POSTED, answering=self._message)
        return False

    async def post_beginning(self, text: str, note: str) -> bool:
        """Post what was written of a reply that was stopped, as far as it fits into one post, and why it ends there."""
        text, name = one_post(text, note), f"{self._message.id}"
        with suppress(TimeoutError):
            async with asyncio.timeout(_MOST_SECONDS):
                posted = await try_to_post(self._place, text, answering=self._message, once=name, tries=_TRIES)
                return posted is Posted.ALL
        _logger.error("The beginning of the reply to message %d could not be posted", self._message.id)
        return False

    async def _post_somewhere(self, texts: Sequence[str]) -> Posted:
        """Post a reply where the message was typed, or, where Discord refuses that, elsewhere."""
        posted = await self._post_in(self._place, texts)
        for place in self._elsewhere:
            if posted is Posted.REFUSED:
                headed = [f"{wording.answered_elsewhere(self._place.mention)}\n{texts[0]}", *texts[1:]]
                posted = await self._post_in(place, headed)
        return posted

    async def _post_in(self, place: TextPlace, texts: Sequence[str]) -> Posted:
        """Post a reply in one channel."""
        is_here = place is self._place
        for number, text in enumerate(texts):
            # Under the same name, Discord could take a post elsewhere for the one that it was sent for here.
            name = f"{self._message.id}{('', '.')[number] if is_here else '~:'[number]}"
            answering = self._message if is_here and not number else None
            posted = await try_to_post(
                place, text, answering=answering, once=name, tries=_TRIES, is_wanted=lambda: self._is_wanted
            )
            if posted is not Posted.ALL:
                return posted
        return Posted.ALL

    async def note_unspoken_languages(self, languages: Iterable[str]) -> None:
        """Tell that nobody speaks these languages, given as gTTS codes, so that what is in them can only be read."""
        for language in sorted(languages):
            await post(self._place, wording.no_voice(language))

    async def note_missing_speech(self, *, has_begun: bool) -> None:
        """Tell that the reply could not be spoken: the rest of it, if speech `has_begun`, else all of it."""
        await post(self._place, wording.PARTLY_SPOKEN if has_begun else wording.UNSPOKEN)
