"""Routes about the messages of a channel."""

from __future__ import annotations

import sys
from typing import Final

from sandbox.actions.message_service import require
from sandbox.forms.field_rules import ids, refuse, required
from sandbox.rest.api_request import ApiRequest, BucketLimit, Route
from sandbox.state.changes.message_changes import MessagesDeleted
from sandbox.state.errors import ApiError
from sandbox.state.intents import Intent
from sandbox.state.json_types import Json
from sandbox.state.message import Message
from sandbox.state.permissions import Permission


async def list_messages(request: ApiRequest) -> list[Json]:
    """A page of messages, newest first. Without the right to read history there are none."""
    channel = request.channel
    me = request.backend.messages.bot_in(channel)
    require(me, channel, Permission.view_channel)
    limit = request.number("limit", 50, 1, 100)
    if not me.may(channel, Permission.read_message_history):
        return []
    there = [message for message in request.backend.store.messages_in(channel) if not message.deleted]
    has_intent = _has_intent(request)
    return [message.to_json(has_intent=has_intent) for message in reversed(_page(there, request, limit))]


async def get_message(request: ApiRequest) -> Json:
    """One message."""
    channel = request.channel
    require(request.backend.messages.bot_in(channel), channel, Permission.read_message_history)
    return request.message.to_json(has_intent=_has_intent(request))


async def create_message(request: ApiRequest) -> Json:
    """Send a message."""
    request.backend.direct_messages.require_open(request.channel)
    return request.backend.messages.by_bot(request.channel, request.form).to_json()


async def edit_message(request: ApiRequest) -> Json:
    """Edit one of the bot's messages."""
    return request.backend.messages.edit_by_bot(request.message, request.form).to_json()


async def delete_message(request: ApiRequest) -> None:
    """Delete a message."""
    request.backend.messages.delete_by_bot(request.message)


async def delete_messages(request: ApiRequest) -> None:
    """Delete 2 to 100 messages at once."""
    channel = request.channel
    require(request.backend.messages.bot_in(channel), channel, Permission.manage_messages)
    fields = request.fields("messages")
    refuse(ids(fields, "messages", 0, sys.maxsize) if "messages" in fields else [required("messages")])
    wanted = [int(each) for each in fields["messages"] or ()]
    if not 2 <= len(wanted) <= 100:
        raise ApiError(400, 50016, "Provided too few or too many messages to delete. Must provide 2 to 100.")
    found = [message for each in wanted if (message := request.backend.store.message(channel, each)) is not None]
    request.backend.store.apply(MessagesDeleted(channel, found))


def _has_intent(request: ApiRequest) -> bool:
    """REST has no session: what counts is whether the intent is switched on for the application."""
    return bool(request.backend.application.privileged_intents & Intent.MESSAGE_CONTENT)


def _page(messages: list[Message], request: ApiRequest, limit: int) -> list[Message]:
    if (around := request.snowflake("around")) is not None:
        before = [each for each in messages if each.id < around][-(limit // 2) :]
        return (before + [each for each in messages if each.id >= around])[:limit]
    if (after := request.snowflake("after")) is not None:
        return [each for each in messages if each.id > after][:limit]
    if (end := request.snowflake("before")) is not None:
        messages = [each for each in messages if each.id < end]
    return messages[-limit:]


_MESSAGES: Final = "/channels/{channel_id}/messages"
_MESSAGE: Final = "/channels/{channel_id}/messages/{message_id}"
_USUAL: Final = BucketLimit(5, 5.0)

ROUTES: Final = (
    Route("GET", _MESSAGES, list_messages, frozenset({"limit", "before", "after", "around"}), limit=_USUAL),
    Route("POST", _MESSAGES, create_message, limit=_USUAL),
    Route("POST", f"{_MESSAGES}/bulk-delete", delete_messages, limit=BucketLimit(1, 1.0)),
    Route("GET", _MESSAGE, get_message, limit=_USUAL),
    Route("PATCH", _MESSAGE, edit_message, limit=_USUAL),
    Route("DELETE", _MESSAGE, delete_message, limit=BucketLimit(5, 1.0)),
)
