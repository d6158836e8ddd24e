"""A Discord on loopback: REST, gateway and voice for one unmodified bot, and humans who talk to it.

What is so is in one `Store`, and changes only by the changes in `sandbox.state.changes`, each of which also says what
the gateway tells of it. `sandbox.state` are the things that there are; `sandbox.rest` and `sandbox.gateway` are
the bot's ways in. What is not implemented is refused by name and kept in `Sandbox.refusals`.
"""

from __future__ import annotations

from sandbox.actions.channel_handle import ChannelHandle
from sandbox.actions.guild_handle import GuildHandle
from sandbox.actions.member_actor import MemberActor
from sandbox.actions.reply import Reply
from sandbox.loopback_discord import Sandbox
from sandbox.state.choice import Choice
from sandbox.state.errors import NotAllowed, NotOffered
from sandbox.state.message import Message

__all__ = [
    "ChannelHandle",
    "Choice",
    "GuildHandle",
    "MemberActor",
    "Message",
    "NotAllowed",
    "NotOffered",
    "Reply",
    "Sandbox",
]
