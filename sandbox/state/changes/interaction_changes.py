"""What happens to commands and interactions."""

from __future__ import annotations

from dataclasses import dataclass

from sandbox.state.command import Command
from sandbox.state.event import Event
from sandbox.state.interaction import Answer, Interaction
from sandbox.state.message import Message
from sandbox.state.permissions import NONE
from sandbox.state.store import Store


@dataclass(frozen=True)
class CommandsRegistered:
    """The bot registers its commands, all of a scope at once."""

    guild_id: int | None
    """The scope: a guild, or None for everywhere."""
    commands: list[Command]
    """All commands of the scope from now on."""

    def apply(self, store: Store) -> None:
        """Replace those of the scope."""
        store.commands.put(self.guild_id, self.commands)

    def event(self, _store: Store) -> None:
        """Discord tells a bot nothing of its own commands."""


@dataclass(frozen=True)
class InteractionStarted:
    """A human uses a command or clicks a button."""

    interaction: Interaction
    """The interaction."""

    def apply(self, store: Store) -> None:
        """Remember it by its token."""
        store.interactions[self.interaction.token] = self.interaction

    def event(self, store: Store) -> Event:
        """INTERACTION_CREATE, which takes no intent."""
        channel = self.interaction.channel
        me = store.bot_member(channel.guild)
        data = self.interaction.to_json(me.permissions_in(channel) if me else NONE)
        return Event("INTERACTION_CREATE", lambda _: data, channel.event_guild_id)


@dataclass(frozen=True)
class InteractionAnswered:
    """The bot gives its first answer to an interaction."""

    interaction: Interaction
    """The interaction."""
    answer: Answer
    """The answer."""

    def apply(self, _store: Store) -> None:
        """Remember it."""
        self.interaction.answer = self.answer

    def event(self, _store: Store) -> None:
        """The answer's message, where it has one, is a change of its own."""


@dataclass(frozen=True)
class InteractionGivenUp:
    """Three seconds are over: the human reads that the application did not respond."""

    interaction: Interaction
    """The interaction."""

    def apply(self, _store: Store) -> None:
        """Make it unknown to a later answer."""
        self.interaction.given_up = True

    def event(self, _store: Store) -> None:
        """The bot hears nothing of it."""


@dataclass(frozen=True)
class FollowupSent:
    """The bot adds a message to its answer."""

    interaction: Interaction
    """The interaction."""
    message: Message
    """The message; an ephemeral one is nowhere else."""

    def apply(self, _store: Store) -> None:
        """Remember it with the interaction."""
        self.interaction.followups.append(self.message)

    def event(self, _store: Store) -> None:
        """Its appearance in the channel is a change of its own."""
