"""Routes about the bot's own reactions."""

from __future__ import annotations

from typing import Final

from sandbox.actions.message_service import require
from sandbox.rest.api_request import ApiRequest, BucketLimit, Route
from sandbox.state.changes.message_changes import ReactionChanged
from sandbox.state.permissions import Permission


async def add(request: ApiRequest) -> None:
    """React to a message. The first to use an emoji needs the permission to add reactions."""
    message = request.message
    me = request.backend.messages.bot_in(message.channel)
    needed = Permission.read_message_history
    if all(reaction.emoji != request.path["emoji_name"] for reaction in message.reactions):
        needed |= Permission.add_reactions
    require(me, message.channel, needed)
    request.backend.store.apply(ReactionChanged(message, me, request.path["emoji_name"]))


async def remove(request: ApiRequest) -> None:
    """Take the bot's reaction away."""
    message = request.message
    me = request.backend.messages.bot_in(message.channel)
    request.backend.store.apply(ReactionChanged(message, me, request.path["emoji_name"], added=False))


_MINE: Final = "/channels/{channel_id}/messages/{message_id}/reactions/{emoji_name}/@me"

_LIMIT: Final = BucketLimit(1, 0.25)

ROUTES: Final = (Route("PUT", _MINE, add, limit=_LIMIT), Route("DELETE", _MINE, remove, limit=_LIMIT))
