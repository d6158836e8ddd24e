"""Writing into a Discord channel: split where Discord asks, pinging nobody, never fatal."""

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
    """Write `text`, as an answer to a message if one is given; False (and a log line) if Discord refuses.

    Nobody is pinged: the bot is made with `AllowedMentions.none()`. What is written twice under the same name `once`
    (at most 21 characters) within a few minutes, be it by another process, stands there once.
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
            _logger.warning("Could not write in #%s: %s", place, error)
            return False
    return True


def _may_reply(place: TextPlace) -> bool:
    """Discord refuses a reply without the right to read the history; then it is an ordinary message."""
    return place.permissions_for(place.guild.me).read_message_history
