"""What happens in voice, as the gateway tells it."""

from __future__ import annotations

from dataclasses import dataclass

from sandbox.state.channel import Channel
from sandbox.state.event import Event
from sandbox.state.guild import Guild
from sandbox.state.intents import Intent
from sandbox.state.store import Store
from sandbox.state.voice_state import VoiceState


@dataclass(frozen=True)
class VoiceStateChanged:
    """A member enters, leaves or changes channels, or mutes or deafens themselves."""

    state: VoiceState
    """The new state."""

    def apply(self, store: Store) -> None:
        """Replace the old state; whoever is in no channel has none."""
        member = self.state.member
        states = store.voice_states_of(member.guild)
        before = states.get(member.id)
        if before is not None and before.channel is not self.state.channel:
            del states[member.id]
        if self.state.channel is not None:
            states[member.id] = self.state

    def event(self, _store: Store) -> Event:
        """VOICE_STATE_UPDATE."""
        data = self.state.to_json()
        guild = self.state.member.guild
        return Event("VOICE_STATE_UPDATE", lambda _: data, guild.id, Intent.GUILD_VOICE_STATES)


@dataclass(frozen=True)
class VoiceServerAssigned:
    """Discord tells the bot where its call is."""

    guild: Guild
    """The guild whose call it is."""
    token: str
    """What the bot must show there."""
    endpoint: str
    """Host and port of the voice gateway."""
    session_id: str
    """The gateway session that asked, and alone hears of it."""

    def apply(self, _store: Store) -> None:
        """Nothing is written: the voice server itself keeps the token."""

    def event(self, _store: Store) -> Event:
        """VOICE_SERVER_UPDATE, which takes no intent."""
        data = {"token": self.token, "guild_id": str(self.guild.id), "endpoint": self.endpoint}
        return Event("VOICE_SERVER_UPDATE", lambda _: data, self.guild.id, session_id=self.session_id)


@dataclass(frozen=True)
class VoiceStatusSet:
    """The status text of a voice channel changes."""

    channel: Channel
    """The channel."""
    status: str | None
    """The text; None: none."""

    def apply(self, _store: Store) -> None:
        """Write it."""
        self.channel.status = self.status

    def event(self, _store: Store) -> Event:
        """VOICE_CHANNEL_STATUS_UPDATE."""
        channel = self.channel
        data = {"id": str(channel.id), "guild_id": str(channel.guild.id), "status": self.status}
        return Event("VOICE_CHANNEL_STATUS_UPDATE", lambda _: data, channel.guild.id, Intent.GUILDS, channel)
