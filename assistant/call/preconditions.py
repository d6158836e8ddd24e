"""What must hold before a call is begun, from what Discord has told us: no request is made here."""

import discord

from assistant.domain.call_refusal import CallRefused, Refusal
from assistant.domain.channels import TextPlace, VocalChannel
from assistant.voice.occupants import occupants_of


def voice_channel_of(caller: discord.Member) -> VocalChannel:
    """The channel to join.

    Raises:
        CallRefused: the caller is in none.
    """
    channel = caller.voice.channel if caller.voice else None
    if not isinstance(channel, VocalChannel):
        raise CallRefused(refusal=Refusal.CALLER_NOT_IN_VOICE)
    return channel


def check_permissions(voice: VocalChannel, text: TextPlace, me: discord.Member, caller: discord.Member) -> None:
    """Look whether the bot may do what a call needs.

    Raises:
        CallRefused: the bot or the caller lacks a right, or the channel has no room, or nobody is heard there.
    """
    for writer, refusal in ((me, Refusal.CANNOT_WRITE), (caller, Refusal.CALLER_CANNOT_WRITE)):
        if not may_write(text, writer):
            raise CallRefused(refusal=refusal, channel=text.mention)
    rights = voice.permissions_for(me)
    for granted, refusal in (
        (rights.view_channel, Refusal.CANNOT_VIEW),
        (voice != voice.guild.afk_channel, Refusal.AFK),
        (rights.connect, Refusal.CANNOT_CONNECT),
        (rights.speak or isinstance(voice, discord.StageChannel), Refusal.CANNOT_SPEAK),
        (rights.mute_members or not isinstance(voice, discord.StageChannel), Refusal.STAGE_AUDIENCE),
        (_has_room(voice, me), Refusal.FULL),
    ):
        if not granted:
            raise CallRefused(refusal=refusal, channel=voice.mention)


def may_write(text: TextPlace, member: discord.Member) -> bool:
    """Whether a member may post in a channel."""
    rights = text.permissions_for(member)
    may_send = rights.send_messages_in_threads if isinstance(text, discord.Thread) else rights.send_messages
    return rights.view_channel and may_send


def _has_room(voice: VocalChannel, me: discord.Member) -> bool:
    return not voice.user_limit or len(occupants_of(voice)) < voice.user_limit or voice.permissions_for(me).move_members
