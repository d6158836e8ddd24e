"""A channel, as a test holds it: what is in it, and what may be changed there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sandbox.actions.backend import Backend
from sandbox.actions.permission_service import OverwriteTarget
from sandbox.state.channel import Channel, Typing
from sandbox.state.guild import Guild
from sandbox.state.member import Member
from sandbox.state.message import Message
from sandbox.state.permissions import Permission
from sandbox.state.user import User
from sandbox.voice import Call


@dataclass(frozen=True, repr=False)
class ChannelHandle:
    """A channel of a guild. Two handles of one channel are equal."""

    channel: Channel
    """The channel's state."""
    backend: Backend
    """The Discord that it is in."""

    def __repr__(self) -> str:
        return repr(self.channel)

    @property
    def id(self) -> int:
        """The channel's id."""
        return self.channel.id

    @property
    def name(self) -> str:
        """Its name."""
        return self.channel.name

    @property
    def guild(self) -> Guild:
        """The guild's state."""
        return self.channel.guild

    @property
    def mention(self) -> str:
        """What links the channel in a message."""
        return self.channel.mention

    @property
    def status(self) -> str | None:
        """The voice channel's status text."""
        return self.channel.status

    @property
    def messages(self) -> list[Message]:
        """All messages ever posted, oldest first; deleted ones stay here, marked."""
        return self.backend.store.messages_in(self.channel)

    @property
    def typing(self) -> list[Typing]:
        """All typing indicators, oldest first."""
        return self.channel.typing

    @property
    def occupants(self) -> list[User]:
        """Who is in the voice channel, the bot included, in the order in which they came."""
        return self.backend.store.occupants(self.channel)

    @property
    def call(self) -> Call:
        """What was heard in the channel."""
        return self.backend.voice.call(self.id)

    def allow(self, who: OverwriteTarget, *names: str) -> None:
        """Grant permissions in this channel to a member, the bot or a role."""
        self.backend.permissions.overwrite(self.channel, who, allow=Permission.named(names))

    def deny(self, who: OverwriteTarget, *names: str) -> None:
        """Take permissions in this channel from a member, the bot or a role."""
        self.backend.permissions.overwrite(self.channel, who, deny=Permission.named(names))

    def announce(self, kind: int, member: Member, about: Message | None = None) -> Message:
        """Discord writes here of something that a member did: 6 pinned a message, 7 joined, 8 boosted, 18 a thread."""
        return self.backend.messages.by_system(member, self.channel, kind, about)

    def purge(self, *messages: Message) -> None:
        """Another bot, or the ban of a member, deletes many messages at once."""
        self.backend.messages.purge(self.channel, messages)

    def preview_link(self, message: Message) -> None:
        """Discord shows what is behind a link in a message."""
        self.backend.messages.preview_link(message, {"type": "link", "url": "https://example.org", "title": "Example"})

    async def wait_for_message(
        self, accept: Callable[[Message], bool] = lambda _: True, timeout: float = 5.0
    ) -> Message:
        """The first message, already there or still to come, that `accept` accepts.

        Looks again whenever a message is edited.

        Raises:
            TimeoutError: there was none in `timeout` seconds; the message names what was there instead.
        """

        def find() -> Message | None:
            return next((each for each in self.messages if not each.deleted and accept(each)), None)

        return await self.backend.store.changes.wait_for(
            find, timeout, lambda: f"no such message in #{self.name}; there are {self.messages!r}"
        )
