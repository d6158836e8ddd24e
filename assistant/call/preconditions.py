"""What must hold before a call is begun, from what Discord has told us: no request is made here."""

from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias

import discord

from assistant.domain.errors import AssistantError
from assistant.voice.connection import VocalChannel
from assistant.voice.occupants import others_in

TextPlace: TypeAlias = discord.TextChannel | discord.Thread | discord.VoiceChannel | discord.StageChannel
"""Where a call's messages are typed and its panel stands."""


class Refusal(Enum):
    """Why no call is begun."""

    CALLER_NOT_IN_VOICE = "the caller is in no voice channel"
    IN_A_CALL = "the guild has a call"
    CANNOT_WRITE = "no permission to write where the command was used"
    CANNOT_VIEW = "no permission to view the voice channel"
    CANNOT_CONNECT = "no permission to connect"
    CANNOT_SPEAK = "no permission to speak"
    STAGE_AUDIENCE = "a stage on which only moderators speak"
    FULL = "the voice channel is full"
    STOPPING = "the bot is being restarted"


@dataclass(eq=False, kw_only=True)
class CallRefused(AssistantError):
    """A call cannot be begun here and now."""

    refusal: Refusal
    """Why."""
    channel: str = ""
    """The mention of the channel it is about, if it is about one."""


def voice_channel_of(caller: discord.Member) -> VocalChannel:
    """The channel to join.

    :raises CallRefused: the caller is in none.
    """
    channel = caller.voice.channel if caller.voice else None
    if not isinstance(channel, VocalChannel):
        raise CallRefused(refusal=Refusal.CALLER_NOT_IN_VOICE)
    return channel


def check_permissions(voice: VocalChannel, text: TextPlace, me: discord.Member) -> None:
    """:raises CallRefused: the bot lacks a right that a call needs, or the channel has no room."""
    writing = text.permissions_for(me)
    may_send = writing.send_messages_in_threads if isinstance(text, discord.Thread) else writing.send_messages
    if not (writing.view_channel and may_send):
        raise CallRefused(refusal=Refusal.CANNOT_WRITE, channel=text.mention)
    rights = voice.permissions_for(me)
    for granted, refusal in (
        (rights.view_channel, Refusal.CANNOT_VIEW),
        (rights.connect, Refusal.CANNOT_CONNECT),
        (rights.speak or isinstance(voice, discord.StageChannel), Refusal.CANNOT_SPEAK),
        (rights.mute_members or not isinstance(voice, discord.StageChannel), Refusal.STAGE_AUDIENCE),
        (_has_room(voice, me), Refusal.FULL),
    ):
        if not granted:
            raise CallRefused(refusal=refusal, channel=voice.mention)


def _has_room(voice: VocalChannel, me: discord.Member) -> bool:
    return not voice.user_limit or len(others_in(voice)) < voice.user_limit or voice.permissions_for(me).move_members
