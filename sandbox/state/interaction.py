"""Interactions: a command used or half typed, a button clicked, a modal filled in, until its token dies."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from sandbox.state.channel import Channel
from sandbox.state.choice import Choice
from sandbox.state.command import MESSAGE, USER
from sandbox.state.json_types import Json
from sandbox.state.member import Member
from sandbox.state.message import Message
from sandbox.state.permissions import Permission

COMMAND: Final = 2
COMPONENT: Final = 3
AUTOCOMPLETE: Final = 4

MODAL_SUBMIT: Final = 5
DEFERRED_MESSAGE: Final = 5
MODAL: Final = 9
"""Interaction types, and two of the callback types that answer them."""


@dataclass(frozen=True)
class Answer:
    """A bot's first answer to an interaction."""

    kind: int
    """Discord's callback type: 4 message, 5 deferred message, 6 deferred update, 7 update, 8 choices, 9 modal."""
    message: Message | None
    """The message that was put up or changed; None for a deferred update, choices and a modal."""
    time: float
    """When, in seconds of the event loop's clock."""
    choices: tuple[Choice, ...] = ()
    """What is offered to the one who types."""
    modal: Json | None = None
    """The window that is opened."""


@dataclass(eq=False)
class Interaction:
    """A human's wish, and what the bot made of it."""

    id: int
    """The interaction's id."""
    token: str
    """What the bot must show to answer."""
    kind: int
    """Discord's interaction type: 2 command, 3 component, 4 autocomplete, 5 modal."""
    member: Member
    """Who wishes."""
    channel: Channel
    """Where."""
    data: Json
    """What: the command with its options, the component, or the filled in modal."""
    time: float
    """When it was sent, in seconds of the event loop's clock."""
    source: Message | None = None
    """The message with the component that was clicked, or that opened the modal."""
    answer: Answer | None = None
    """The bot's first answer."""
    given_up: bool = False
    """Whether the human was told that the application did not respond."""
    followups: list[Message] = field(default_factory=list)
    """The messages that the bot added later, ephemeral ones included."""

    @property
    def has_webhook(self) -> bool:
        """Whether its answer has messages; choices and modals have none."""
        return self.kind != AUTOCOMPLETE and (self.answer is None or self.answer.kind != MODAL)

    @property
    def original(self) -> Message | None:
        """What @original means in a webhook's path."""
        if self.answer is None:
            return None
        return self.answer.message or self.source

    def metadata(self) -> Json:
        """The interaction_metadata object of messages that answer it."""
        data: Json = {
            "id": str(self.id),
            "type": self.kind,
            "user": self.member.user.to_json(),
            "authorizing_integration_owners": {"0": str(self.channel.event_guild_id)},
        }
        if self.source is not None:
            data["interacted_message_id"] = str(self.source.id)
        if self.kind == COMMAND:
            kind = self.data["type"]
            data |= {"name": self.data["name"], "command_type": kind}
            if kind == USER:
                data["target_user"] = self.data["resolved"]["users"][self.data["target_id"]]
            elif kind == MESSAGE:
                data["target_message_id"] = self.data["target_id"]
        return data

    def to_json(self, app_permissions: Permission) -> Json:
        """The data of INTERACTION_CREATE; `app_permissions` is what the bot may do in the channel."""
        guild = self.channel.guild
        permissions = str(int(self.member.permissions_in(self.channel)))
        data: Json = {
            "id": str(self.id),
            "application_id": str(guild.bot.id),
            "type": self.kind,
            "token": self.token,
            "version": 1,
            "data": self.data,
            "channel_id": str(self.channel.id),
            "channel": self.channel.to_json() | {"permissions": permissions},
            "app_permissions": str(int(app_permissions)),
            "locale": "en-US",
            "entitlements": [],
            "authorizing_integration_owners": {"0": str(self.channel.event_guild_id)},
            "context": self.channel.interaction_context,
            "attachment_size_limit": 10 * 1024 * 1024,
        }
        if self.channel.is_direct:
            data["user"] = self.member.user.to_json()
        else:
            data |= {
                "guild_id": str(guild.id),
                "guild": {"id": str(guild.id), "locale": "en-US", "features": []},
                "guild_locale": "en-US",
                "member": self.member.to_json() | {"permissions": permissions},
            }
        if self.source is not None:
            data["message"] = self.source.to_json()
        return data
