"""A reply as it is seen in the channel: the typing indicator, the text, and the notes under it."""

import asyncio
import logging
from collections.abc import Iterable, Sequence
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
        texts = [part for part in parts if part]
        posted = await self._post_in(self._place, texts)
        for place in self._elsewhere:
            if posted is Posted.REFUSED:
                headed = [f"{wording.answered_elsewhere(self._place.mention)}\n{texts[0]}", *texts[1:]]
                posted = await self._post_in(place, headed)
        if posted in (Posted.ALL, Posted.UNWANTED):
            return True
        _logger.error("The reply to message %d could not be posted", self._message.id)
        await post(self._place, wording.NOT_POSTED, answering=self._message)
        return False

    async def post_beginning(self, text: str, note: str) -> bool:
        """Post what was written of a reply that was stopped, as far as it fits into one post, and why it ends there."""
        text = one_post(text, note)
        posted = await try_to_post(self._place, text, answering=self._message, once=f"{self._message.id}", tries=_TRIES)
        return posted is Posted.ALL

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
