"""Writing into a Discord channel: split where Discord asks, pinging nobody, never fatal."""

import asyncio
import io
import logging
import random
from collections.abc import Callable
from enum import Enum
from typing import Any, Final

import discord

from assistant.discord_io import wording
from assistant.discord_io.message_splitter import one_post, posts_of
from assistant.discord_io.request_errors import REQUEST_ERRORS
from assistant.domain.channels import TextPlace
from assistant.util.backoff import backoff_seconds, retry_after_seconds
from assistant.util.breather import Breather

_logger = logging.getLogger(__name__)

_MOST_POSTS: Final = 3
"""What takes more is attached as a file: at five posts in five seconds, Discord would make the next answer wait."""
_FILE_NAME: Final = "answer.md"
_FIRST_PAUSE_SECONDS: Final = 2.0
_LONGEST_PAUSE_SECONDS: Final = 60.0
"""Longer than that, nobody waits for an answer."""
_LOOK_SECONDS: Final = 0.5
"""How often it is looked, while waiting, whether a text is still wanted."""


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
    posts = await _split(text)
    if len(posts) > _MOST_POSTS and place.permissions_for(place.guild.me).attach_files:
        posts, attached = [one_post(text, wording.IN_FILE)], text
    else:
        attached = ""
    for number, part in enumerate(posts):
        # Said with each post: the bot may be somebody else's, and made without it.
        options: dict[str, Any] = {"allowed_mentions": discord.AllowedMentions.none()}
        if number == 0 and answering is not None and _may_reply(place):
            options["reference"] = answering.to_reference(fail_if_not_exists=False)
        if once is not None:
            # https://discord.com/developers/docs/resources/message#create-message, enforce_nonce
            options.update(nonce=f"{once}-{number}", enforce_nonce=True)
        posted = await _send(place, part, attached, options, tries=tries, is_wanted=is_wanted, on_sent=on_sent)
        if posted is not Posted.ALL:
            return posted
    return Posted.ALL


async def _split(text: str) -> list[str]:
    """The posts for it. Of a long and hostile text, all together would hold the loop for a quarter of a second."""
    breather = Breather()
    posts: list[str] = []
    for part in posts_of(text):
        posts.append(part)
        await breather.breathe()
    return posts


async def _send(
    place: TextPlace,
    part: str,
    attached: str,
    options: dict[str, Any],
    *,
    tries: int,
    is_wanted: Callable[[], bool],
    on_sent: Callable[[discord.Message], None],
) -> Posted:
    """Write one post."""
    failures = 0
    while is_wanted():
        if attached:
            options["file"] = discord.File(io.BytesIO(attached.encode()), _FILE_NAME)  # each can be sent once
        try:
            sent = await place.send(part, **options)
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
        else:
            on_sent(sent)
            return Posted.ALL
    return Posted.UNWANTED


def _pause_after(error: Exception, failures: int) -> float | None:
    """How long to wait before a post is sent again, in seconds; None where that is of no use."""
    asked = None
    if isinstance(error, discord.HTTPException):
        if error.status != 429 and error.status < 500:
            return None
        asked = retry_after_seconds(error.response.headers.get("Retry-After"))
    if asked is not None and asked > _LONGEST_PAUSE_SECONDS:
        return None
    own = backoff_seconds(failures, random.random(), first=_FIRST_PAUSE_SECONDS, longest=_LONGEST_PAUSE_SECONDS)
    return max(asked or 0.0, own)


def _may_reply(place: TextPlace) -> bool:
    """Discord refuses a reply without the right to read the history; then it is an ordinary message."""
    return place.permissions_for(place.guild.me).read_message_history
