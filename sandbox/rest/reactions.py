"""Routes about the bot's own reactions."""

from __future__ import annotations

from sandbox.actions.posting import bot_in, require
from sandbox.rest.call import Call, Route
from sandbox.state.changes.messages import Reacted
from sandbox.state.permissions import Permission


async def add(call: Call) -> None:
    """React to a message. The first to use an emoji needs the permission to add reactions."""
    message = call.message
    me = bot_in(message.channel)
    needed = Permission.read_message_history
    if all(reaction.emoji != call.path["emoji_name"] for reaction in message.reactions):
        needed |= Permission.add_reactions
    require(me, message.channel, needed)
    call.world.store.apply(Reacted(message, me, call.path["emoji_name"]))


async def remove(call: Call) -> None:
    """Take the bot's reaction away."""
    message = call.message
    me = bot_in(message.channel)
    call.world.store.apply(Reacted(message, me, call.path["emoji_name"], added=False))


_MINE = "/channels/{channel_id}/messages/{message_id}/reactions/{emoji_name}/@me"

ROUTES = (Route("PUT", _MINE, add), Route("DELETE", _MINE, remove))
