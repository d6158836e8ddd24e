"""Writing into a Discord channel: split where Discord asks, pinging nobody, never fatal."""

import asyncio
import io
import logging
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import Enum
from itertools import islice
from typing import Any, Final, TypeVar

import discord

from assistant.discord_io import wording
from assistant.discord_io.message_splitter import one_post, posts_of
from assistant.discord_io.request_errors import REQUEST_ERRORS, asked_pause, is_refusal
from assistant.domain.channels import TextPlace
from assistant.util.backoff import backoff_seconds
from assistant.util.breather import Breather

_logger = logging.getLogger(__name__)

MOST_POSTS: Final = 3
"""What takes more is attached as a file: at five posts in five seconds, Discord would make the next answer wait."""
_FILE_NAME: Final = "answer.md"
_FIRST_PAUSE_SECONDS: Final = 2.0
_LONGEST_PAUSE_SECONDS: Final = 60.0
"""Longer than that, nobody waits for an answer."""
_LOOK_SECONDS: Final = 0.5
"""How often it is looked, while waiting, whether a text is still wanted."""

T = TypeVar("T")


class Posted(Enum):
    """What became of a text."""

    ALL = "it is in the channel"
    REFUSED = "Discord does not take it there"
    FAILED = "Discord failed, or was not there"
    UNWANTED = "it was not wanted any more"


async def post(
    place: TextPlace, text: str, *, answering: discord.Message | None = None, once: str | None = None
) -> bool:
    """Write `text`, as an answer to a message if one is given; False (and a log line) if not all of it was written.

    See `try_to_post`, which says more of what happened.
    """
    return await try_to_post(place, text, answering=answering, once=once) is Posted.ALL


@dataclass(frozen=True, slots=True)
class PostContent:
    """What one message shows."""

    text: str
    """Its text."""
    attached: str = ""
    """What is in the file at it; empty where there is none."""


async def try_to_post(
    place: TextPlace,
    text: str,
    *,
    answering: discord.Message | None = None,
    once: str | None = None,
    tries: int = 1,
    is_wanted: Callable[[], bool] = lambda: True,
    on_sent: Callable[[discord.Message], None] = lambda _: None,
) -> Posted:
    """Write `text`, as an answer to a message if one is given.

    Nobody is pinged. A text written again under the same name `once` (at most 21 characters) within a few minutes
    stands there only once, even if another process writes it. A long text is attached as a file.

    Args:
        place: the channel.
        text: what to write.
        answering: the message it answers.
        once: see above.
        tries: how often each post is sent at most, where Discord failed or asked to wait: py-cord has tried some
            times by then, and waited as long as it was asked to. What Discord refuses is not sent again.
        is_wanted: asked before each post; once it is False, the rest stays unwritten.
        on_sent: is given each post.
    """
    for number, content in enumerate(await contents_of(place, text)):
        sent = await send(
            place,
            content,
            answering=answering if number == 0 else None,
            nonce=None if once is None else f"{once}-{number}",
            tries=tries,
            is_wanted=is_wanted,
        )
        if isinstance(sent, Posted):
            return sent
        on_sent(sent)
    return Posted.ALL


async def contents_of(place: TextPlace, text: str) -> list[PostContent]:
    """What the posts of a text show."""
    posts = await split(text)
    if len(posts) > MOST_POSTS and place.permissions_for(place.guild.me).attach_files:
        return [PostContent(one_post(text, wording.IN_FILE), text)]
    return [PostContent(part) for part in posts]


async def split(text: str, most: int | None = None) -> list[str]:
    """The posts for it, or the first of them.

    Of a long and hostile text, all together would hold the loop for a quarter of a second.
    """
    breather = Breather()
    posts: list[str] = []
    for part in islice(posts_of(text), most):
        posts.append(part)
        await breather.breathe()
    return posts


async def send(
    place: TextPlace,
    content: PostContent,
    *,
    answering: discord.Message | None = None,
    nonce: str | None = None,
    tries: int = 1,
    is_wanted: Callable[[], bool] = lambda: True,
) -> discord.Message | Posted:
    """Write one post, and return it, or what became of it instead.

    With a `nonce` of at most 25 characters, it may be one that was written under the same before, whatever it shows:
    Discord makes no second one within a few minutes.
    """
    # Said with each post: the bot may be somebody else's, and made without it.
    options: dict[str, Any] = {"allowed_mentions": discord.AllowedMentions.none()}
    if answering is not None and _may_reply(place):
        options["reference"] = answering.to_reference(fail_if_not_exists=False)
    if nonce is not None:
        # https://discord.com/developers/docs/resources/message#create-message, enforce_nonce
        options.update(nonce=nonce, enforce_nonce=True)

    async def request() -> discord.Message:
        return await place.send(content.text, **options, **_file_of(content))

    return await _persist(request, place, tries, is_wanted)


async def edit(
    place: TextPlace,
    message: discord.Message | discord.PartialMessage,
    content: PostContent,
    *,
    tries: int = 1,
    is_wanted: Callable[[], bool] = lambda: True,
) -> Posted:
    """Have a post of ours show something else; a file only in a `discord.Message`. Refused, too, where it is gone."""
    options: dict[str, Any] = {"allowed_mentions": discord.AllowedMentions.none()}
    if content.attached:
        options["attachments"] = []  # one that an edit without an answer has added is not kept beside it

    async def request() -> None:
        await message.edit(content=content.text, **options, **_file_of(content))

    return await _persist(request, place, tries, is_wanted) or Posted.ALL


def _file_of(content: PostContent) -> dict[str, Any]:
    """The file, as an option of a request; each can be sent once."""
    return {"file": discord.File(io.BytesIO(content.attached.encode()), _FILE_NAME)} if content.attached else {}


async def _persist(
    request: Callable[[], Awaitable[T]], place: TextPlace, tries: int, is_wanted: Callable[[], bool]
) -> T | Posted:
    """What a request returns, tried some times; or what became of it."""
    failures = 0
    while is_wanted():
        try:
            return await request()
        except REQUEST_ERRORS as error:
            failures += 1
            pause = _pause_after(error, failures)
            if pause is None or failures >= tries:
                _logger.warning("Couldn't write in #%s: %s", place, error)
                return Posted.REFUSED if pause is None else Posted.FAILED
            _logger.warning("Writing in #%s again in %.1f s: %s", place, pause, error)
            while pause > 0 and is_wanted():
                await asyncio.sleep(min(pause, _LOOK_SECONDS))
                pause -= _LOOK_SECONDS
    return Posted.UNWANTED


def _pause_after(error: Exception, failures: int) -> float | None:
    """How long to wait before a post is sent again, in seconds; None where that is of no use."""
    asked = asked_pause(error)
    if is_refusal(error) or asked > _LONGEST_PAUSE_SECONDS:
        return None
    own = backoff_seconds(failures, random.random(), first=_FIRST_PAUSE_SECONDS, longest=_LONGEST_PAUSE_SECONDS)
    return max(asked, own)


def _may_reply(place: TextPlace) -> bool:
    """Discord refuses a reply without the right to read the history; then it is an ordinary message."""
    return place.permissions_for(place.guild.me).read_message_history
