"""A guild, as a test holds it: what is in it, and what its owner and moderators do."""

from __future__ import annotations

from dataclasses import dataclass

from sandbox.actions.backend import Backend
from sandbox.actions.channel_handle import ChannelHandle
from sandbox.actions.member_actor import MemberActor
from sandbox.state.channel import STAGE, TEXT, VOICE
from sandbox.state.errors import NotAllowed
from sandbox.state.guild import Guild
from sandbox.state.member import Member
from sandbox.state.permissions import Permission
from sandbox.state.role import Role
from sandbox.state.user import User
from sandbox.state.voice_state import VoiceState


@dataclass(frozen=True, repr=False)
class GuildHandle:
    """A server. Two handles of one guild are equal."""

    guild: Guild
    """The guild's state."""
    backend: Backend
    """The Discord that it is in."""

    def __repr__(self) -> str:
        return repr(self.guild)

    @property
    def id(self) -> int:
        """The guild's id."""
        return self.guild.id

    @property
    def name(self) -> str:
        """Its name."""
        return self.guild.name

    @property
    def roles(self) -> dict[int, Role]:
        """All roles by id; @everyone has the guild's id."""
        return self.guild.roles

    @property
    def human_role(self) -> Role:
        """The role that human members get when they join."""
        return self.guild.human_role

    @property
    def me(self) -> Member | None:
        """The bot's member; None where the bot has been removed."""
        return self.backend.store.bot_member(self.guild)

    @property
    def voice_states(self) -> dict[int, VoiceState]:
        """Who is in voice, by user id, in the order in which they came."""
        return self.backend.store.voice_states_of(self.guild)

    @property
    def bot_voice(self) -> VoiceState | None:
        """Where the bot is in voice; None: nowhere."""
        return self.backend.store.bot_voice_state(self.guild)

    def add_text_channel(self, name: str) -> ChannelHandle:
        """Make a text channel."""
        return self._add_channel(name, TEXT)

    def add_voice_channel(self, name: str, user_limit: int = 0) -> ChannelHandle:
        """Make a voice channel; `user_limit` 0 means no limit."""
        return self._add_channel(name, VOICE, user_limit)

    def add_stage_channel(self, name: str) -> ChannelHandle:
        """Make a stage channel."""
        return self._add_channel(name, STAGE)

    def add_member(self, who: str | User) -> MemberActor:
        """A human joins: a new account of this name, or one that exists (`member.user` of another guild).

        Raises:
            ValueError: the account is a member already.
        """
        return MemberActor(self.backend.guilds.add_member(self.guild, who), self.backend)

    def add_bot(self, name: str) -> MemberActor:
        """Another bot is invited. It may do what human members do: join calls, and speak as bots do."""
        return self.add_member(User(self.backend.ids(), name, bot=True))

    def add_role(self, name: str, *permissions: str) -> Role:
        """Make a role that grants these permissions."""
        return self.backend.guilds.add_role(self.guild, name, Permission.named(permissions))

    def delete_role(self, role: Role) -> None:
        """Someone deletes a role, which its members lose."""
        self.backend.guilds.delete_role(self.guild, role)

    def set_roles(self, member: Member, *roles: Role) -> None:
        """A moderator gives a member, such as the bot's, exactly these roles."""
        self.backend.guilds.set_roles(member, list(roles))

    def set_bot_permissions(self, *names: str, **flags: bool) -> None:
        """Change what the bot may do in the guild.

        With names: exactly these. With flags: these change, the others stay:
        `guild.set_bot_permissions(connect=False)`.
        """
        self.backend.permissions.set_bot_permissions(self.guild, names, flags)

    async def disconnect_bot(self) -> None:
        """A moderator throws the bot out of its voice channel."""
        await self.backend.voice_states.disconnect_bot(self.guild)

    async def move_bot(self, channel: ChannelHandle) -> None:
        """A moderator drags the bot into another voice channel.

        Raises:
            NotAllowed: the bot is in no voice channel.
        """
        await self.backend.voice_states.move_bot(self.guild, channel.channel)

    def mute_bot(self, mute: bool = True) -> None:
        """A moderator mutes the bot in all voice channels, or takes that back.

        Raises:
            NotAllowed: the bot is in no voice channel.
        """
        self.backend.voice_states.moderate(self._bot_in_call(), mute=mute)

    def deafen_bot(self, deaf: bool = True) -> None:
        """A moderator deafens the bot in all voice channels, or takes that back. It is sent no sound meanwhile.

        Raises:
            NotAllowed: the bot is in no voice channel.
        """
        self.backend.voice_states.moderate(self._bot_in_call(), deaf=deaf)

    def mute(self, member: MemberActor, mute: bool = True) -> None:
        """A moderator mutes a member in all voice channels, or takes that back. Nothing of theirs is sent on meanwhile.

        Raises:
            NotAllowed: the member is in no voice channel.
        """
        self.backend.voice_states.moderate(member.member, mute=mute)

    def set_bot_on_stage(self, on_stage: bool) -> None:
        """A moderator of the stage invites the bot to speak, or moves it to the audience.

        Raises:
            LookupError: the bot is in no voice channel.
        """
        self.backend.voice_states.edit_bot(self.guild, suppress=not on_stage, raised_hand=None)

    def choose_afk_channel(self, channel: ChannelHandle | None) -> None:
        """Whoever is away is to be moved into this voice channel; None: into none."""
        self.backend.guilds.choose_afk_channel(self.guild, channel.channel if channel is not None else None)

    async def delete_channel(self, channel: ChannelHandle) -> None:
        """Someone deletes a channel; whoever was in its call is thrown out."""
        await self.backend.voice_states.disconnect_all(channel.channel)
        self.backend.guilds.delete_channel(channel.channel)

    async def remove_bot(self) -> None:
        """A moderator kicks the bot from the guild."""
        await self.backend.voice_states.disconnect_bot(self.guild)
        self.backend.guilds.remove_bot(self.guild)

    def _bot_in_call(self) -> Member:
        if self.bot_voice is None:
            raise NotAllowed("the bot is in no voice channel: Discord refuses to mute it")
        return self.bot_voice.member

    def _add_channel(self, name: str, kind: int, user_limit: int = 0) -> ChannelHandle:
        return ChannelHandle(self.backend.guilds.add_channel(self.guild, name, kind, user_limit), self.backend)
