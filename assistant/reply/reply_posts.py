"""The posts of one reply in its channel."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass

import discord

from assistant.discord_io.posting import PostContent, Posted, edit, send
from assistant.discord_io.request_errors import REQUEST_ERRORS
from assistant.domain.channels import TextPlace

_logger = logging.getLogger(__name__)


@dataclass(slots=True)
class _Post:
    """A message that stands in the channel."""

    message: discord.Message | discord.PartialMessage
    shows: PostContent | None
    """What it shows; None where that is not known."""
    is_earlier: bool = False
    """Whether an earlier process has written it, so that only its id is known: a file can't be added to it."""
    is_gone: bool = False
    """Whether Discord did not let us edit it, most likely since somebody has deleted it."""


class ReplyPosts:
    """Writes each post once, by this process or an earlier one, and edits it from then on."""

    def __init__(
        self,
        place: TextPlace,
        name: str,
        *,
        answering: discord.Message | None = None,
        heard: discord.Message | None = None,
        head: str = "",
        earlier: Sequence[int] = (),
    ) -> None:
        """Nothing is written yet.

        Args:
            place: the channel.
            name: what Discord knows the posts by, at most 22 characters: under this name, each is written once.
            answering: the message that the first post replies to.
            heard: the message of ours that shows the question, where somebody said it: it is the first post, and the
                others reply to it.
            head: the line with the question, which stands above the reply in that message.
            earlier: the ids of the other posts that an earlier process has written.
        """
        self._place = place
        self._name = name
        self._answering = answering if heard is None else heard
        self.is_wanted = True
        """Whether anything more is to be written."""
        self._is_heard = heard is not None
        self._is_question_gone = False
        self._head = f"{head}\n" if self._is_heard else ""
        self._posts = [_Post(heard, PostContent(heard.content))] if heard is not None else []
        self._posts += [_Post(place.get_partial_message(post_id), None, is_earlier=True) for post_id in earlier]

    def stop(self) -> None:
        """Write no more; a request that is on its way is not taken back."""
        self.is_wanted = False

    @property
    def count(self) -> int:
        """How many posts there are, with the message that shows the question."""
        return len(self._posts)

    @property
    def ids(self) -> tuple[int, ...]:
        """The ids of the posts, without the message that shows the question."""
        return tuple(post.message.id for post in self._posts[self._is_heard :])

    def headed(self, text: str) -> str:
        """A text with the question above it, where the first post shows that."""
        return f"{self._head}{text}"

    @property
    def is_one_gone(self) -> bool:
        """Whether one of them is not there any more, and not written again yet."""
        return any(post.is_gone for post in self._posts)

    async def show(self, contents: Sequence[PostContent], *, tries: int) -> Posted:
        """Write and edit until just these contents stand in the channel; what is gone is written again.

        Each request is tried so many times.
        """
        while (done := await self.step(contents, tries=tries)) is Posted.ALL:
            pass
        return done or Posted.ALL

    async def step(self, contents: Sequence[PostContent], *, tries: int = 1) -> Posted | None:
        """Make the first request that is missing for it; None where none is."""
        for number, content in enumerate(contents):
            if number == len(self._posts):
                answering = self._answering if self._is_heard or not number else None
                return await self._send(number, f"{self._name}-{number}", content, answering, tries)
            post, wanted = self._posts[number], content if number else self._without_deleted(content)
            if post.shows == wanted and not post.is_gone:
                continue
            if not post.is_gone and not (wanted.attached and post.is_earlier):
                return await self._edit(post, wanted, tries)
            if not post.is_gone:
                await self._delete(post)
            if wanted.text:
                return await self._send(number, f"{self._name}!{number}", wanted, self._answering, tries)
            post.shows, post.is_gone = wanted, False  # there was nothing but the question
        if len(self._posts) > len(contents):
            await self._delete(self._posts.pop())
            return Posted.ALL
        return None

    def _without_deleted(self, content: PostContent) -> PostContent:
        """What the first post shows: not the question, if that was deleted, since somebody does not want it there."""
        if not self._is_question_gone:
            return content
        return PostContent(f"{content.text}\n".removeprefix(self._head).strip(), content.attached)

    async def _send(
        self, number: int, nonce: str, content: PostContent, answering: discord.Message | None, tries: int
    ) -> Posted:
        sent = await send(
            self._place, content, answering=answering, nonce=nonce, tries=tries, is_wanted=lambda: self.is_wanted
        )
        if isinstance(sent, Posted):
            return sent
        # One that was written under this nonce before may show an earlier text.
        shows = content if sent.content.strip() == content.text.strip() else PostContent(sent.content)
        self._posts[number : number + 1] = [_Post(sent, shows)]
        return Posted.ALL

    async def _edit(self, post: _Post, content: PostContent, tries: int) -> Posted:
        posted = await edit(self._place, post.message, content, tries=tries, is_wanted=lambda: self.is_wanted)
        if posted is Posted.REFUSED:
            post.is_gone = True
            self._is_question_gone = self._is_question_gone or (self._is_heard and post is self._posts[0])
            return Posted.ALL
        if posted is Posted.ALL:
            post.shows = content
        return posted

    async def _delete(self, post: _Post) -> None:
        try:
            await self._place.get_partial_message(post.message.id).delete()  # type: ignore[misc] # Message's own method
        except REQUEST_ERRORS as error:  # nothing is lost by it
            _logger.warning("A post that is none any more could not be deleted: %s", error)
