"""Who may do what: Discord's permission flags, and how roles and channel overwrites add up.

The flags and the algorithm are those of https://discord.com/developers/docs/topics/permissions; the names
are the ones py-cord and discord.py use.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntFlag
from typing import Final


class Permission(IntFlag):
    """One bit a permission."""

    create_instant_invite = 1 << 0
    kick_members = 1 << 1
    ban_members = 1 << 2
    administrator = 1 << 3
    manage_channels = 1 << 4
    manage_guild = 1 << 5
    add_reactions = 1 << 6
    view_audit_log = 1 << 7
    priority_speaker = 1 << 8
    stream = 1 << 9
    view_channel = 1 << 10
    send_messages = 1 << 11
    send_tts_messages = 1 << 12
    manage_messages = 1 << 13
    embed_links = 1 << 14
    attach_files = 1 << 15
    read_message_history = 1 << 16
    mention_everyone = 1 << 17
    external_emojis = 1 << 18
    connect = 1 << 20
    speak = 1 << 21
    mute_members = 1 << 22
    deafen_members = 1 << 23
    move_members = 1 << 24
    use_voice_activation = 1 << 25
    change_nickname = 1 << 26
    manage_nicknames = 1 << 27
    manage_roles = 1 << 28
    manage_webhooks = 1 << 29
    use_application_commands = 1 << 31
    request_to_speak = 1 << 32
    set_voice_channel_status = 1 << 48
    pin_messages = 1 << 51

    @classmethod
    def named(cls, names: Iterable[str]) -> Permission:
        """The flags with these names.

        Raises:
            ValueError: a name is none.
        """
        flags = cls(0)
        for name in names:
            if name not in cls.__members__:
                raise ValueError(f"{name!r} is no permission known to the sandbox")
            flags |= cls[name]
        return flags


NONE: Final = Permission(0)
"""Nothing."""

ALL: Final = ~Permission(0)
"""What an administrator or the guild's owner may."""

INVITED_BOT: Final = Permission.named(
    (
        "view_channel",
        "send_messages",
        "embed_links",
        "attach_files",
        "read_message_history",
        "connect",
        "speak",
        "use_voice_activation",
        "set_voice_channel_status",
        "use_application_commands",
    )
)
"""What the bot's invite grants it in a new guild."""

HUMAN: Final = INVITED_BOT | Permission.named(
    ("add_reactions", "change_nickname", "create_instant_invite", "stream", "request_to_speak")
)
"""What a human member of a new guild may."""

DIRECT: Final = Permission.named(
    (
        "view_channel",
        "send_messages",
        "embed_links",
        "attach_files",
        "read_message_history",
        "add_reactions",
        "pin_messages",
        "use_application_commands",
    )
)
"""What both may who write to each other directly."""


@dataclass
class Overwrite:
    """What a channel changes in the permissions of one role or one member."""

    target_id: int
    """The role's or the user's id."""
    is_role: bool
    """Whether the target is a role."""
    allow: Permission = NONE
    """What is granted here."""
    deny: Permission = NONE
    """What is taken here."""

    def to_json(self) -> dict[str, object]:
        """The overwrite as it stands in a channel object."""
        return {
            "id": str(self.target_id),
            "type": 0 if self.is_role else 1,
            "allow": str(int(self.allow)),
            "deny": str(int(self.deny)),
        }


def in_channel(
    base: Permission,
    overwrites: Iterable[Overwrite],
    *,
    everyone_id: int,
    role_ids: Iterable[int],
    user_id: int,
    is_voice: bool,
) -> Permission:
    """A member's permissions in one channel.

    `base` is what the member's roles grant in the whole guild. Overwrites count in Discord's order:
    @everyone's, then those of all the member's roles together, then the member's own. Without
    VIEW_CHANNEL nothing else holds; without CONNECT nothing but seeing holds in a voice or stage channel.
    """
    if base & Permission.administrator:
        return ALL
    by_target = {overwrite.target_id: overwrite for overwrite in overwrites}
    flags = base
    if everyone := by_target.get(everyone_id):
        flags = (flags & ~everyone.deny) | everyone.allow
    of_roles = [by_target[role] for role in role_ids if role in by_target and role != everyone_id]
    denied = allowed = NONE
    for overwrite in of_roles:
        denied |= overwrite.deny
        allowed |= overwrite.allow
    flags = (flags & ~denied) | allowed
    if own := by_target.get(user_id):
        flags = (flags & ~own.deny) | own.allow
    if not flags & Permission.view_channel:
        return NONE
    if is_voice and not flags & Permission.connect:
        return flags & Permission.view_channel
    if not flags & Permission.send_messages:
        flags &= ~(
            Permission.mention_everyone
            | Permission.send_tts_messages
            | Permission.attach_files
            | Permission.embed_links
        )
    return flags
