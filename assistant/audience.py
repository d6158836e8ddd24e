"""Who is in a voice channel besides the bot.

`channel.members` would not do: of those who were there before the bot started, Discord tells the bot no more than that
they are there, unless it has the privileged intent for members.
"""

from collections.abc import Set

import discord


def others_in(channel: discord.VoiceChannel | discord.StageChannel) -> Set[int]:
    """The ids of all others, bots included."""
    return channel.voice_states.keys() - {channel.guild.me.id}


def has_audience(channel: discord.VoiceChannel | discord.StageChannel) -> bool:
    """Whether somebody is there who may listen: anybody who is not known to be a bot."""
    known = (channel.guild.get_member(user_id) for user_id in others_in(channel))
    return any(member is None or not member.bot for member in known)
