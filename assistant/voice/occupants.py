"""Who is in a voice channel besides the bot.

`channel.members` is not enough: without the privileged members intent, py-cord has only a voice state for people who
were there before the bot started.
"""

import logging
from collections.abc import Set
from typing import Final

import aiohttp
import discord

from assistant.util.cancellation import heeding_cancellation

_logger = logging.getLogger(__name__)

_MOST_ASKED: Final = 100
"""The most members that Discord returns when they are requested by id."""


def occupants_of(channel: discord.VoiceChannel | discord.StageChannel) -> Set[int]:
    """The user ids of all others in the channel, bots included."""
    return channel.voice_states.keys() - {channel.guild.me.id}


def has_listeners(channel: discord.VoiceChannel | discord.StageChannel) -> bool:
    """Whether anybody else is there who may listen. Unknown members count, known bots do not."""
    known = (channel.guild.get_member(user_id) for user_id in occupants_of(channel))
    return any(member is None or not member.bot for member in known)


async def fetch_unknown_members(channel: discord.VoiceChannel | discord.StageChannel) -> None:
    """Ask Discord about unknown members in the channel, since a bot among them would count as a listener.

    They stay unknown if Discord does not answer within 30 s, py-cord's timeout.
    """
    guild = channel.guild
    unknown = sorted(user_id for user_id in occupants_of(channel) if guild.get_member(user_id) is None)
    if not unknown:
        return
    try:
        await heeding_cancellation(guild.query_members(user_ids=unknown[:_MOST_ASKED], limit=_MOST_ASKED, cache=True))
    except (TimeoutError, RuntimeError, OSError, aiohttp.ClientError, AttributeError) as error:
        # RuntimeError and AttributeError: py-cord has no gateway connection right now.
        _logger.info("Couldn't ask who is in %s: %r", channel, error)
