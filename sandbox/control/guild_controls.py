"""What there is: guilds, channels, members; and what moderators do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from sandbox.actions.channel_handle import ChannelHandle
from sandbox.actions.guild_handle import GuildHandle
from sandbox.actions.member_actor import MemberActor
from sandbox.control.json_views import channel_view, guild_view, member_view
from sandbox.control.request_reader import WrongField, bounded
from sandbox.loopback_discord import Sandbox
from sandbox.state.json_types import Json

_ADDERS: Final[Mapping[str, str]] = {
    "text": "add_text_channel",
    "voice": "add_voice_channel",
    "stage": "add_stage_channel",
}


class GuildControls:
    """The routes about the sandbox as a whole, and about guilds."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox

    async def show_sandbox(self) -> Json:
        """What a bot needs to log in, whether it has, and what it asked for in vain."""
        sandbox = self._sandbox
        return {
            "api_url": sandbox.api_url,
            "gateway_url": sandbox.gateway_url,
            "token": sandbox.bot.token,
            "ca_file": str(sandbox.ca_file),
            "bot": {"id": str(sandbox.bot.id), "name": sandbox.bot.name},
            "connected": sandbox.connected,
            "commands": sorted(sandbox.command_names),
            "refusals": [{"method": each.method, "route": each.route, "what": each.what} for each in sandbox.refusals],
        }

    async def wait_until_ready(self, wait: float = 10.0) -> Json:
        """Wait until the bot is on the gateway and has registered a command."""
        await self._sandbox.wait_until_ready(bounded(wait))
        return await self.show_sandbox()

    async def show_guilds(self) -> list[Json]:
        """All guilds that the bot is in."""
        return [guild_view(each) for each in self._sandbox.guilds]

    async def add_guild(
        self,
        name: str,
        text: list[str] | None = None,
        voice: list[str] | None = None,
        members: list[str] | None = None,
    ) -> Json:
        """Make a guild with the bot in it, and with text channels, voice channels and members of these names."""
        guild = self._sandbox.add_guild(name)
        for each in text or ():
            guild.add_text_channel(each)
        for each in voice or ():
            guild.add_voice_channel(each)
        for each in members or ():
            guild.add_member(each)
        return guild_view(guild)

    async def add_channel(self, guild: GuildHandle, name: str, kind: str = "text") -> Json:
        """Make a channel: "text", "voice" or "stage"."""
        if kind not in _ADDERS:
            raise WrongField(f"kind is one of {', '.join(_ADDERS)}, not {kind!r}")
        return channel_view(getattr(guild, _ADDERS[kind])(name))

    async def delete_channel(self, channel: ChannelHandle) -> None:
        """Delete a channel; whoever was in its call is thrown out."""
        await GuildHandle(channel.guild, channel.backend).delete_channel(channel)

    async def add_member(self, guild: GuildHandle, name: str, bot: bool = False) -> Json:
        """Let a human join, or invite another bot."""
        return member_view(guild.add_bot(name) if bot else guild.add_member(name))

    async def set_bot_permissions(self, guild: GuildHandle, permissions: list[str]) -> None:
        """Let the bot have exactly these permissions in the guild, by Discord's names in lower case."""
        if not permissions:
            raise WrongField("permissions names at least one")
        guild.set_bot_permissions(*permissions)

    async def deny(self, channel: ChannelHandle, permissions: list[str], member: MemberActor | None = None) -> None:
        """Take permissions in a channel from a member, or from the bot."""
        channel.deny(member.user if member else self._sandbox.bot, *permissions)

    async def disconnect_bot(self, guild: GuildHandle) -> None:
        """Throw the bot out of its voice channel."""
        await guild.disconnect_bot()

    async def move_bot(self, guild: GuildHandle, channel: ChannelHandle) -> None:
        """Drag the bot into another voice channel."""
        await guild.move_bot(channel)

    async def mute_bot(self, guild: GuildHandle, mute: bool = True) -> None:
        """Mute the bot in all voice channels, or take that back."""
        guild.mute_bot(mute)

    async def deafen_bot(self, guild: GuildHandle, deaf: bool = True) -> None:
        """Deafen the bot in all voice channels, or take that back."""
        guild.deafen_bot(deaf)

    async def remove_bot(self, guild: GuildHandle) -> None:
        """Kick the bot from the guild."""
        await guild.remove_bot()
