"""A reply as it is seen in the channel: the typing indicator, the text, and the notes under it."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Final

from assistant.discord_io import wording
from assistant.discord_io.heard_line import heard_line
from assistant.discord_io.message_splitter import one_post
from assistant.discord_io.posting import PostContent, Posted, contents_of, post, split, try_to_post
from assistant.discord_io.request_errors import REQUEST_ERRORS
from assistant.domain.channels import TextPlace
from assistant.reply.live_caption import LiveCaption
from assistant.reply.question import Question
from assistant.reply.reply_posts import ReplyPosts

_logger = logging.getLogger(__name__)

_TYPING_SECONDS: Final = 8.0
"""Discord shows a typing indicator for ten seconds (https://discord.com/developers/docs/resources/channel)."""

_TRIES: Final = 3
"""How often each post of a reply is sent, besides all that py-cord does."""
_MOST_SECONDS: Final = 120.0
"""How long it is tried to post a reply; later, nobody would know what it is about."""
_TELL_SECONDS: Final = 30.0
"""How long it is tried to tell that a reply could not be posted."""


async def _ignore(_: tuple[int, ...]) -> None:
    """Nobody need know it."""


class ReplyPoster:
    """Writes what belongs to the reply to one question, in the channel where that was asked.

    What was said in the call, and stands in no message, is not answered in the chat either.
    """

    def __init__(
        self,
        question: Question,
        elsewhere: Sequence[TextPlace] = (),
        on_posts: Callable[[tuple[int, ...]], Awaitable[None]] = _ignore,
    ) -> None:
        """Nothing is written yet.

        Args:
            question: what is replied to.
            elsewhere: where the reply is written when that is not possible where the question was asked.
            on_posts: is given the ids of the posts that show the reply while it is written.
        """
        self._question = question
        self._place = question.place
        self._elsewhere = elsewhere
        self._posts = ReplyPosts(
            question.place,
            f"{question.id}",
            answering=question.message,
            heard=question.message if question.is_spoken else None,
            head=heard_line(question.author, question.text),
            earlier=question.snapshot.post_ids if question.snapshot is not None else (),
        )
        self._caption = LiveCaption(self._posts, on_posts)

    @property
    def is_shown(self) -> bool:
        """Whether the question, and so the reply to it, is in the chat."""
        return self._question.message is not None

    def stop(self) -> None:
        """Write no more of the reply."""
        self._posts.stop()

    async def show_typing(self) -> None:
        """Show that a reply is being written, until cancelled."""
        while self.is_shown:
            try:
                await self._place.trigger_typing()
            except REQUEST_ERRORS as error:
                _logger.debug("The typing indicator could not be shown: %s", error)
            await asyncio.sleep(_TYPING_SECONDS)

    async def show_growing(self, text: Callable[[], str], until: asyncio.Event) -> None:
        """Show the reply while it is written, as far as it is, until it is known how it ends. Then `post` it."""
        if self.is_shown:
            await self._caption.run(text, until)
        await until.wait()

    async def post(self, *parts: str) -> bool:
        """Post the parts of a reply that are not empty, each once, whether by this process or by another.

        Where that can't be done, it is told. False if the reply is not there; True, too, if it is not wanted, or not
        any more.
        """
        if not self.is_shown:
            return True
        posted = Posted.FAILED
        with suppress(TimeoutError):
            async with asyncio.timeout(_MOST_SECONDS):
                posted = await self._post_somewhere([part for part in parts if part])
        if posted in (Posted.ALL, Posted.UNWANTED):
            return True
        _logger.error("The reply to message %d could not be posted", self._question.id)
        with suppress(TimeoutError):  # the log has it
            async with asyncio.timeout(_TELL_SECONDS):
                await post(self._place, wording.NOT_POSTED, answering=self._question.message)
        return False

    async def post_beginning(self, text: str, note: str) -> bool:
        """Post what was written of a reply that was stopped, and why it ends there.

        It is as much as fits into one post, or into those that show it already.
        """
        if not self.is_shown:
            return True
        with suppress(TimeoutError):
            async with asyncio.timeout(_MOST_SECONDS):
                contents = await self._beginning(text, note)
                return await self._posts.show(contents, tries=_TRIES) is Posted.ALL
        _logger.error("The beginning of the reply to message %d could not be posted", self._question.id)
        return False

    async def _post_somewhere(self, texts: Sequence[str]) -> Posted:
        """Post a reply where the question was asked, or, where Discord refuses that, elsewhere."""
        posted = await self._posts.show(await self._contents(texts), tries=_TRIES)
        for place in self._elsewhere:
            if posted is Posted.REFUSED:
                headed = [f"{wording.answered_elsewhere(self._place.mention)}\n{texts[0]}", *texts[1:]]
                posted = await self._post_in(place, headed)
        return posted

    async def _post_in(self, place: TextPlace, texts: Sequence[str]) -> Posted:
        """Post a reply in another channel."""
        for number, text in enumerate(texts):
            # Under the same name, Discord could take a post elsewhere for the one that it was sent for here.
            name = f"{self._question.id}{'~:'[number]}"
            posted = await try_to_post(place, text, once=name, tries=_TRIES, is_wanted=lambda: self._posts.is_wanted)
            if posted is not Posted.ALL:
                return posted
        return Posted.ALL

    async def _contents(self, texts: Sequence[str]) -> list[PostContent]:
        """What the posts of a whole reply show."""
        first, rest = (texts[0], texts[1:]) if texts else ("", [])
        contents = await contents_of(self._place, self._posts.headed(first))
        if contents and contents[-1].attached:
            contents[-1] = replace(contents[-1], attached=first)
        for text in rest:
            contents += await contents_of(self._place, text)
        return contents

    async def _beginning(self, text: str, note: str) -> list[PostContent]:
        """What the posts of a reply show that was stopped."""
        headed = self._posts.headed(text)
        parts = await split(headed, self._posts.count + 1)
        kept = parts[: max(0, min(self._posts.count, len(parts)) - 1)]
        last = "\n".join(parts[len(kept) :]) if kept else headed
        return [*(PostContent(part) for part in kept), PostContent(one_post(last, note))]

    async def note_unspoken_languages(self, languages: Iterable[str]) -> None:
        """Tell that nobody speaks these languages, given as gTTS codes, so that what is in them can only be read."""
        for language in sorted(languages):
            await post(self._place, wording.no_voice(language, is_written=self.is_shown))

    async def note_missing_speech(self, *, has_begun: bool) -> None:
        """Tell that the reply could not be spoken: the rest of it, if speech `has_begun`, else all of it."""
        await post(self._place, wording.PARTLY_SPOKEN if has_begun else wording.UNSPOKEN)
