"""Posts text to a Discord channel: split to Discord's limit, without pings, and without raising."""

import logging
from typing import Any

import discord

from assistant.discord_io.message_splitter import split_message
from assistant.domain.channels import TextPlace

_logger = logging.getLogger(__name__)


async def post(
    place: TextPlace,
    text: str,
    *,
    answering: discord.Message | None = None,
    once: str | None = None,
) -> bool:
    """Post `text`, as a reply to `answering` if given. Return False, and log why, if Discord refuses.

    Nobody is pinged: the bot is made with `AllowedMentions.none()`. Two posts with the same `once` (at most 21
    characters) within a few minutes appear once, even if two processes send them.
    """
    for number, part in enumerate(split_message(text)):
        options: dict[str, Any] = {}
        if number == 0 and answering is not None and _may_reply(place):
            options["reference"] = answering.to_reference(fail_if_not_exists=False)
        if once is not None:
            # https://discord.com/developers/docs/resources/message#create-message, enforce_nonce
            options.update(nonce=f"{once}-{number}", enforce_nonce=True)
        try:
            await place.send(part, **options)
        except (discord.DiscordException, OSError) as error:
            _logger.warning("Couldn't write in #%s: %s", place, error)
            return False
    return True


def _may_reply(place: TextPlace) -> bool:
    """Discord refuses a reply without the Read Message History permission; then it is sent as an ordinary message."""
    return place.permissions_for(place.guild.me).read_message_history
