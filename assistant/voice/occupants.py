"""Who is in a voice channel besides the bot.

`channel.members` would not do: of those who were there before the bot started, py-cord keeps no more than that they
are there, unless the bot has the privileged intent for members.
"""

import logging
from collections.abc import Set
from typing import Final

import aiohttp
import discord

_logger = logging.getLogger(__name__)

_MOST_ASKED: Final = 100
"""So many members Discord tells about in one answer, when they are asked for by id."""


def occupants_of(channel: discord.VoiceChannel | discord.StageChannel) -> Set[int]:
    """The ids of all others, bots included."""
    return channel.voice_states.keys() - {channel.guild.me.id}


def has_listeners(channel: discord.VoiceChannel | discord.StageChannel) -> bool:
    """Whether somebody is there who may listen: anybody who is not known to be a bot."""
    known = (channel.guild.get_member(user_id) for user_id in occupants_of(channel))
    return any(member is None or not member.bot for member in known)


async def get_to_know(channel: discord.VoiceChannel | discord.StageChannel) -> None:
    """Ask Discord for those who are there and not known, or else a bot among them passes for a listener.

    Where it does not answer within py-cord's half minute, they stay unknown.
    """
    guild = channel.guild
    strangers = sorted(user_id for user_id in occupants_of(channel) if guild.get_member(user_id) is None)
    if not strangers:
        return
    try:
        await guild.query_members(user_ids=strangers[:_MOST_ASKED], limit=_MOST_ASKED, cache=True)
    except (TimeoutError, RuntimeError, OSError, aiohttp.ClientError, AttributeError) as error:
        # RuntimeError and AttributeError: py-cord has no connection to the gateway at the moment.
        _logger.info("Who is in %s could not be asked: %r", channel.name, error)
