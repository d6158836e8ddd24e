"""Voice states: who is in which voice channel, and how."""

from __future__ import annotations

from dataclasses import dataclass

from sandbox.state.channel import Channel
from sandbox.state.json_types import Json
from sandbox.state.member import Member


@dataclass(frozen=True)
class VoiceState:
    """One member's place in the guild's voice channels."""

    member: Member
    """Whose state it is."""
    channel: Channel | None
    """Where the member is; None: nowhere."""
    session_id: str
    """The session that holds the place; for the bot, its gateway session."""
    self_mute: bool = False
    """The member has muted themselves."""
    self_deaf: bool = False
    """The member has deafened themselves."""
    self_video: bool = False
    """The member's camera is on."""
    suppress: bool = False
    """The member may not speak there: in a stage's audience, in the AFK channel, or without the permission."""
    requested_to_speak: str | None = None
    """When the member raised a hand in a stage, ISO 8601."""

    def to_json(self, *, in_guild_create: bool = False) -> Json:
        """The voice state object; inside GUILD_CREATE Discord leaves out the guild and the member."""
        data: Json = {
            "channel_id": str(self.channel.id) if self.channel else None,
            "user_id": str(self.member.user.id),
            "session_id": self.session_id,
            "deaf": self.member.deaf,
            "mute": self.member.mute,
            "self_deaf": self.self_deaf,
            "self_mute": self.self_mute,
            "self_stream": False,
            "self_video": self.self_video,
            "suppress": self.suppress,
            "request_to_speak_timestamp": self.requested_to_speak,
        }
        if not in_guild_create:
            data["guild_id"] = str(self.member.guild.id)
            data["member"] = self.member.to_json()
        return data
