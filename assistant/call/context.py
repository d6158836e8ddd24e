"""One call, as its parts know it."""

from collections.abc import Sequence
from dataclasses import dataclass

import discord

from assistant.call.control import may_control
from assistant.cluster.journal import CallJournal
from assistant.domain.channels import TextPlace, VocalChannel
from assistant.preferences.reply_options import ReplyOptions
from assistant.preferences.service import PreferenceService
from assistant.reply.question import Question
from assistant.voice.connection import CallConnection


@dataclass(frozen=True, slots=True, kw_only=True)
class CallContext:
    """Made once a call; each of its parts is given it. What may change while the call lasts is told as it is now."""

    guild_id: int
    """Whose call it is."""
    text: TextPlace
    """Where /voice_chat was used: the panel stands there."""
    connection: CallConnection
    """Its voice connection."""
    journal: CallJournal
    """Where it is recorded."""
    preferences: PreferenceService
    """What people chose."""
    reads_all: bool = True
    """Whether what is typed is for us, and not only what mentions us."""

    @property
    def voice(self) -> VocalChannel:
        """The voice channel, also after the call was moved to another one."""
        return self.connection.channel

    @property
    def places(self) -> Sequence[TextPlace]:
        """Where the call's messages are typed."""
        return (self.text, self.voice)

    @property
    def needed_mention(self) -> str:
        """The mention without which a message is not for us; empty where it needs none."""
        return "" if self.reads_all else self.voice.guild.me.mention

    @property
    def shows_speech(self) -> bool:
        """Whether what is said, and answered to it, is written in the chat."""
        return self.preferences.options_for(self.guild_id).captions == "on"

    def may_control(self, person: discord.Member | discord.User) -> bool:
        """Whether somebody may skip and end the call, and is answered out loud."""
        return may_control(person, self.voice, self.preferences.options_for(self.guild_id).control)

    def options_for(self, question: Question) -> ReplyOptions:
        """How a question is answered, as its author, the server and the owner chose it."""
        return self.preferences.options_for(self.guild_id, question.asker.id)
