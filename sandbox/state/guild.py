"""Guilds: servers, with their roles, members and channels."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sandbox.state import guild_json
from sandbox.state.channel import STAGE, TEXT, VOICE, Channel
from sandbox.state.json_types import Json
from sandbox.state.member import Member
from sandbox.state.permissions import Permission
from sandbox.state.role import Role
from sandbox.state.user import User
from sandbox.state.voice_state import VoiceState

if TYPE_CHECKING:
    from sandbox.actions.backend import World


@dataclass(eq=False, repr=False)
class Guild:
    """A server."""

    world: World
    """The Discord it is in."""
    id: int
    """The guild's id."""
    name: str
    """Its name."""
    owner_id: int
    """The user who owns it and may do everything."""
    human_role: Role
    """The role that human members get when they join."""
    bot_role: Role
    """The role that came with the bot's invite."""
    roles: dict[int, Role] = field(default_factory=dict)
    """All roles by id; @everyone has the guild's id."""
    members: dict[int, Member] = field(default_factory=dict)
    """All members by user id, the bot included."""
    channels: dict[int, Channel] = field(default_factory=dict)
    """All channels by id."""
    voice_states: dict[int, VoiceState] = field(default_factory=dict)
    """Who is in voice, by user id, in the order in which they came."""

    def __repr__(self) -> str:
        return f"<Guild {self.name!r}>"

    @property
    def everyone(self) -> Role:
        """The role that every member has."""
        return self.roles[self.id]

    @property
    def me(self) -> Member | None:
        """The bot's member; None where the bot has been removed."""
        return self.members.get(self.world.bot.id)

    @property
    def bot_voice(self) -> VoiceState | None:
        """Where the bot is in voice; None: nowhere."""
        return self.voice_states.get(self.world.bot.id)

    def add_text_channel(self, name: str) -> Channel:
        """Make a text channel."""
        return self.world.founder.add_channel(self, name, TEXT)

    def add_voice_channel(self, name: str, user_limit: int = 0) -> Channel:
        """Make a voice channel; `user_limit` 0 means no limit."""
        return self.world.founder.add_channel(self, name, VOICE, user_limit=user_limit)

    def add_stage_channel(self, name: str) -> Channel:
        """Make a stage channel."""
        return self.world.founder.add_channel(self, name, STAGE)

    def add_member(self, who: str | User) -> Member:
        """A human joins: a new account of this name, or one that exists (`member.user` of another guild)."""
        return self.world.founder.add_member(self, who)

    def add_role(self, name: str, *permissions: str) -> Role:
        """Make a role that grants these permissions."""
        return self.world.founder.add_role(self, name, Permission.named(permissions))

    def set_bot_permissions(self, *names: str, **flags: bool) -> None:
        """Change what the bot may do in the guild.

        With names: exactly these. With flags: these change, the others stay:
        `guild.set_bot_permissions(connect=False)`.
        """
        self.world.rulebook.set_bot_permissions(self, names, flags)

    async def disconnect_bot(self) -> None:
        """A moderator throws the bot out of its voice channel."""
        await self.world.switchboard.throw_out_bot(self)

    async def move_bot(self, channel: Channel) -> None:
        """A moderator drags the bot into another voice channel."""
        await self.world.switchboard.drag_bot(self, channel)

    async def delete_channel(self, channel: Channel) -> None:
        """Someone deletes a channel; whoever was in its call is thrown out."""
        await self.world.switchboard.clear(channel)
        self.world.founder.delete_channel(channel)

    async def remove_bot(self) -> None:
        """A moderator kicks the bot from the guild."""
        await self.world.switchboard.throw_out_bot(self)
        self.world.founder.remove_bot(self)

    def to_json(self) -> Json:
        """The guild object of the REST API."""
        return guild_json.rest(self)
