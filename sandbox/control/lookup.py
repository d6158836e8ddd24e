"""Finds what the ids in a request stand for."""

from __future__ import annotations

from collections.abc import Iterator

from sandbox.actions.channel_handle import ChannelHandle
from sandbox.actions.guild_handle import GuildHandle
from sandbox.actions.member_actor import MemberActor
from sandbox.actions.reply import Reply
from sandbox.loopback_discord import Sandbox
from sandbox.state.message import Message
from sandbox.state.message_parts import Attachment
from sandbox.state.role import Role


class NotFound(LookupError):
    """An id is nobody's."""


class Lookup:
    """Everything of a sandbox by id."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._backend = sandbox.backend

    def guild(self, guild_id: int) -> GuildHandle:
        """A guild.

        Raises:
            NotFound: there is none.
        """
        for guild in self._sandbox.guilds:
            if guild.id == guild_id:
                return guild
        raise NotFound(f"there is no guild {guild_id}")

    def channel(self, channel_id: int) -> ChannelHandle:
        """A channel.

        Raises:
            NotFound: there is none.
        """
        for channel in self._backend.store.channels():
            if channel.id == channel_id:
                return ChannelHandle(channel, self._backend)
        raise NotFound(f"there is no channel {channel_id}")

    def member(self, user_id: int) -> MemberActor:
        """A member; of an account in several guilds, that of the oldest one.

        Raises:
            NotFound: there is none.
        """
        for guild in self._sandbox.guilds:
            if member := self._backend.store.members_of(guild.guild).get(user_id):
                return MemberActor(member, self._backend)
        raise NotFound(f"there is no member {user_id}")

    def role(self, role_id: int) -> Role:
        """A role.

        Raises:
            NotFound: there is none.
        """
        for guild in self._sandbox.guilds:
            if role := guild.roles.get(role_id):
                return role
        raise NotFound(f"there is no role {role_id}")

    def message(self, message_id: int) -> Message:
        """A message, be it deleted or seen by one person only.

        Raises:
            NotFound: there never was one.
        """
        for message in self._messages():
            if message.id == message_id:
                return message
        raise NotFound(f"there is no message {message_id}")

    def reply(self, interaction_id: int) -> Reply:
        """What came of a command, a click, a choice or a filled in modal.

        Raises:
            NotFound: there was none.
        """
        for interaction in self._backend.store.interactions.values():
            if interaction.id == interaction_id:
                return Reply(interaction, self._backend.store.changes)
        raise NotFound(f"there is no reply {interaction_id}")

    def file(self, name: str, content: bytes) -> Attachment:
        """A new file, as an option of a command takes it."""
        return self._backend.messages.file(name, content)

    def _messages(self) -> Iterator[Message]:
        store = self._backend.store
        for channel in store.channels():
            yield from store.messages_in(channel)
        for interaction in store.interactions.values():
            yield from (each for each in (interaction.original, *interaction.followups) if each is not None)
