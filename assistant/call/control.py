"""Who controls a call: whose clicks count in it, and to whom it speaks."""

import discord

from assistant.domain.channels import VocalChannel
from assistant.domain.preferences import Control
from assistant.voice.occupants import occupants_of


def may_control(person: discord.Member | discord.User, voice: VocalChannel, control: Control) -> bool:
    """Whether somebody may skip and end the call in a voice channel, and be answered aloud.

    Those who are in it may, whoever may move members, who could end the call anyway, and with "everyone" all others.
    """
    if control == "everyone" or person.id in occupants_of(voice):
        return True
    return isinstance(person, discord.Member) and voice.permissions_for(person).move_members
