"""A Discord on loopback: REST, gateway and voice for one unmodified bot, and humans who talk to it.

What is so is in one `Store`, and changes only by the changes in `sandbox.changes`, each of which also says what
the gateway tells of it. `sandbox.entities` are the things that there are; `sandbox.rest` and `sandbox.gateway` are
the bot's ways in. What is not implemented is refused by name and kept in `Sandbox.refusals`.
"""

from __future__ import annotations

from sandbox.choice import Choice
from sandbox.entities.channel import Channel
from sandbox.entities.guild import Guild
from sandbox.entities.member import Member
from sandbox.entities.message import Message
from sandbox.errors import NotAllowed, NotOffered
from sandbox.reply import Reply
from sandbox.server import Sandbox

__all__ = ["Channel", "Choice", "Guild", "Member", "Message", "NotAllowed", "NotOffered", "Reply", "Sandbox"]
