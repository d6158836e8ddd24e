"""Direct messages: a channel for the bot and one human, opened by either."""

from __future__ import annotations

from sandbox.state.changes.direct_changes import DirectChannelOpened
from sandbox.state.channel import DIRECT, Channel
from sandbox.state.errors import NotAllowed, cannot_message, invalid_recipient
from sandbox.state.guild import Guild
from sandbox.state.member import Member
from sandbox.state.permissions import DIRECT as MAY_DIRECTLY
from sandbox.state.role import Role
from sandbox.state.snowflake import Snowflakes
from sandbox.state.store import Store
from sandbox.state.user import User


class DirectMessageService:
    """Opens direct channels, and says who may write in them."""

    def __init__(self, store: Store, ids: Snowflakes, bot: User) -> None:
        self._store = store
        self._ids = ids
        self._bot = bot

    def channel_with(self, human: User) -> Channel:
        """The bot's direct messages with a human, opened if they are not."""
        if channel := self._store.direct_channels.get(human.id):
            return channel
        place = self._place(f"direct messages with {human.name}")
        channel = Channel(place, self._ids(), human.name, DIRECT, recipient=human)
        self._store.apply(DirectChannelOpened(channel, Member(place, human), Member(place, self._bot)))
        return channel

    def opened_by_bot(self, user_id: int) -> Channel:
        """The bot opens its direct messages with a user.

        Raises:
            ApiError: 50033, there is no such human.
        """
        human = self._store.users.get(user_id)
        if human is None or human.bot:
            raise invalid_recipient()
        return self.channel_with(human)

    def member_in(self, channel: Channel, human: User) -> Member:
        """A human, as they are in a direct channel.

        Raises:
            NotAllowed: the channel is another's.
        """
        member = self._store.members_of(channel.guild).get(human.id)
        if member is None:
            raise NotAllowed(f"these are not {human.name}'s direct messages")
        return member

    def require_open(self, channel: Channel) -> None:
        """Let the bot go on if the human may be written to.

        Raises:
            ApiError: 50007, they take no direct messages, or share no guild with the bot.
        """
        human = channel.recipient
        if human is None:
            return
        shares = any(human.id in self._store.members_of(guild) for guild in self._store.guilds.values())
        if not (shares and human.takes_direct_messages):
            raise cannot_message()

    def _place(self, name: str) -> Guild:
        """What stands for a guild, so that permissions are asked for as everywhere; it is in no list of guilds."""
        number = self._ids()
        both = Role(number, "@everyone", MAY_DIRECTLY)
        return Guild(number, name, 0, self._bot, both, both, self._store.changes, {number: both}, is_direct=True)
