"""The text of a reply in the chat while it is written and heard: for those who cannot hear, and to read along."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Final

from assistant.discord_io.posting import MOST_POSTS, PostContent, Posted, split
from assistant.reply.reply_posts import ReplyPosts

_PAUSE_SECONDS: Final = 1.5
"""Between two requests. Discord takes five edits in five seconds in a channel, as its X-RateLimit headers say
(https://discord.com/developers/docs/topics/rate-limits): a third of them is left to whatever else is edited there."""
_FAILED_SECONDS: Final = 5.0
"""The same, where Discord did not take the last one."""
_REQUEST_SECONDS: Final = 30.0
"""How long a request may take: the whole text waits for it."""
_NOTHING_YET: Final = "…"
"""Stands in a post whose text was taken back, until there is another one."""


class LiveCaption:
    """Lets the posts of a reply grow with it, as far as a reply in posts may grow; what follows is for the whole reply.

    A post that is deleted meanwhile is not written again.
    """

    def __init__(self, posts: ReplyPosts, on_changed: Callable[[tuple[int, ...]], Awaitable[None]]) -> None:
        """`on_changed` is given the ids of the posts whenever there are others."""
        self._posts = posts
        self._on_changed = on_changed

    async def run(self, text: Callable[[], str], until: asyncio.Event) -> None:
        """Show the text as it is now, and again and again, until nothing more is to be shown or Discord refuses it."""
        while not until.is_set() and not self._posts.is_one_gone:
            posted, before = Posted.FAILED, self._posts.ids
            with suppress(TimeoutError):  # then it is tried again, as after a failure
                async with asyncio.timeout(_REQUEST_SECONDS):
                    posted = await self._posts.step(await self._contents(text())) or Posted.ALL
            if self._posts.ids != before:
                await self._on_changed(self._posts.ids)
            if posted in (Posted.REFUSED, Posted.UNWANTED):
                return
            with suppress(TimeoutError):
                async with asyncio.timeout(_FAILED_SECONDS if posted is Posted.FAILED else _PAUSE_SECONDS):
                    await until.wait()

    async def _contents(self, text: str) -> list[PostContent]:
        if not text and self._posts.ids:
            text = _NOTHING_YET
        return [PostContent(part) for part in await split(self._posts.headed(text), MOST_POSTS)]
