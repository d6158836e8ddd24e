"""What happens to direct messages."""

from __future__ import annotations

from dataclasses import dataclass

from sandbox.state.channel import Channel
from sandbox.state.member import Member
from sandbox.state.store import Store


@dataclass(frozen=True)
class DirectChannelOpened:
    """A human and the bot can write to each other."""

    channel: Channel
    """Where."""
    human: Member
    """The human, as they are there."""
    bot: Member
    """The bot, as it is there."""

    def apply(self, store: Store) -> None:
        """Make the channel known."""
        store.direct_channels[self.human.id] = self.channel
        store.members_of(self.channel.guild).update({self.human.id: self.human, self.bot.id: self.bot})

    def event(self, _store: Store) -> None:
        """Discord tells a bot nothing: it learns of the channel by the first message in it."""
