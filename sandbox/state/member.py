"""Members: a user in one guild. A human member is also the hand with which a test acts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sandbox.state.json_types import Json, now, timestamp
from sandbox.state.permissions import ALL, Permission, in_channel
from sandbox.state.role import Role
from sandbox.state.user import User

if TYPE_CHECKING:
    from sandbox.actions.reply import Reply
    from sandbox.forms.autocomplete import Choice
    from sandbox.state.channel import Channel
    from sandbox.state.guild import Guild
    from sandbox.state.message import Message
    from sandbox.state.voice_state import VoiceState


@dataclass(eq=False, repr=False)
class Member:
    """A user in a guild."""

    guild: Guild
    """The guild."""
    user: User
    """The account."""
    roles: list[Role] = field(default_factory=list)
    """The roles, without @everyone."""
    nick: str | None = None
    """The name in this guild, where it differs."""
    joined_at: datetime = field(default_factory=now)
    """Since when."""

    def __repr__(self) -> str:
        return f"<Member {self.name!r} of {self.guild.name!r}>"

    @property
    def id(self) -> int:
        """The user's id."""
        return self.user.id

    @property
    def name(self) -> str:
        """The name shown in this guild."""
        return self.nick or self.user.name

    @property
    def mention(self) -> str:
        """What pings the member in a message."""
        return self.user.mention

    @property
    def voice(self) -> VoiceState | None:
        """Where the member is in voice; None: nowhere."""
        return self.guild.voice_states.get(self.id)

    def permissions(self) -> Permission:
        """What the member's roles grant in the whole guild."""
        if self.id == self.guild.owner_id:
            return ALL
        flags = self.guild.everyone.permissions
        for role in self.roles:
            flags |= role.permissions
        return ALL if flags & Permission.administrator else flags

    def permissions_in(self, channel: Channel) -> Permission:
        """What the member may do in a channel."""
        return in_channel(
            self.permissions(),
            channel.overwrites.values(),
            everyone_id=self.guild.id,
            role_ids=[role.id for role in self.roles],
            user_id=self.id,
            is_voice=channel.is_voice,
        )

    def may(self, channel: Channel, needed: Permission) -> bool:
        """Whether the member has all of these permissions in a channel."""
        return self.permissions_in(channel) & needed == needed

    def to_json(self, *, with_user: bool = True) -> Json:
        """The guild member object; inside messages Discord leaves out the user."""
        data: Json = {
            "avatar": None,
            "avatar_decoration_data": None,
            "banner": None,
            "collectibles": None,
            "communication_disabled_until": None,
            "deaf": False,
            "flags": 0,
            "joined_at": timestamp(self.joined_at),
            "mute": False,
            "nick": self.nick,
            "pending": False,
            "premium_since": None,
            "roles": [str(role.id) for role in self.roles],
        }
        if with_user:
            data["user"] = self.user.to_json()
        return data

    async def type(
        self,
        content: str,
        channel: Channel,
        *,
        reply_to: Message | None = None,
        files: Mapping[str, bytes] | None = None,
    ) -> Message:
        """Write a message in a text channel, or in a voice channel's own chat.

        `files` are attached: contents by name. Raises NotAllowed where the member may not write.
        """
        return self.guild.world.posting.by_human(self, channel, content, reply_to, files or {})

    async def start_typing(self, channel: Channel) -> None:
        """Show the typing indicator in a channel."""
        self.guild.world.posting.typing(self, channel)

    async def edit(self, message: Message, content: str) -> None:
        """Change one of the member's own messages."""
        self.guild.world.posting.edit_by_human(self, message, content)

    async def delete(self, message: Message) -> None:
        """Delete one of the member's own messages, or another's where the member manages messages."""
        self.guild.world.posting.delete_by_human(self, message)

    async def command(
        self, name: str, channel: Channel, options: Mapping[str, Any] | None = None, *, timeout: float = 10.0
    ) -> Reply:
        """Use a slash command and wait for the bot's first answer, at most until Discord gives up (3 s).

        A subcommand's name is written with a space ("queue clear"). Options are given by name; a user,
        a role or a channel as the object. Raises NotOffered if Discord would not show the command here.
        `timeout` seconds bound the wait for the bot to register its commands.
        """
        return await self.guild.world.desk.command(self, name, channel, options or {}, timeout)

    async def autocomplete(
        self, name: str, channel: Channel, /, *, option: str, typed: str, timeout: float = 10.0, **options: Any
    ) -> list[Choice]:
        """Type into an option of a slash command, and read what the bot offers for it, best first.

        `options` are the others that are filled in already, by name; otherwise it is as in `command`. Raises
        TimeoutError if the bot says nothing until Discord gives up (3 s).
        """
        desk = self.guild.world.desk
        return await desk.autocomplete(self, name, channel, options, option=option, typed=typed, timeout=timeout)

    async def click(self, message: Message, button: str) -> Reply:
        """Click a button, named by its label or its custom_id, on any message that still has it."""
        return await self.guild.world.desk.click(self, message, button)

    async def join(self, channel: Channel) -> None:
        """Enter a voice channel, leaving the present one. Raises NotAllowed if it is full or closed to them."""
        self.guild.world.switchboard.seat_human(self, channel)

    async def move(self, channel: Channel) -> None:
        """Go to another voice channel; the same as joining it."""
        await self.join(channel)

    async def leave(self) -> None:
        """Leave voice; nothing happens if the member is in no voice channel."""
        self.guild.world.switchboard.unseat_human(self)

    async def speak(self, frames: Sequence[bytes]) -> None:
        """Send Opus frames of 20 ms into the member's voice channel, at the pace of speech."""
        await self.guild.world.switchboard.speak(self, frames)
