"""Routes about channels: the channel itself, typing in it, and a voice channel's status."""

from __future__ import annotations

from typing import Final

from sandbox.actions.message_service import require
from sandbox.forms.field_rules import refuse, text
from sandbox.rest.api_request import ApiRequest, BucketLimit, Route
from sandbox.state.changes.voice_changes import VoiceStatusSet
from sandbox.state.errors import ApiError
from sandbox.state.json_types import Json
from sandbox.state.permissions import Permission

_MAX_STATUS: Final = 500


async def channel(request: ApiRequest) -> Json:
    """The channel."""
    return request.channel.to_json()


async def typing(request: ApiRequest) -> None:
    """Show the bot's typing indicator for ten seconds."""
    me = request.backend.messages.bot_in(request.channel)
    require(me, request.channel, Permission.send_messages)
    request.backend.messages.typing(me, request.channel)


async def set_voice_status(request: ApiRequest) -> None:
    """Set or remove the status text of a voice channel."""
    channel = request.channel
    if not channel.is_voice:
        raise ApiError(400, 50024, "Cannot execute action on this channel type")
    me = request.backend.messages.bot_in(channel)
    fields = request.fields("status")
    refuse(text(fields, "status", 0, _MAX_STATUS, needed=False))
    status = fields.get("status")
    place = request.backend.store.voice_state(me)
    connected = place is not None and place.channel is channel
    needed = Permission.set_voice_channel_status
    require(me, channel, needed if connected else needed | Permission.manage_channels)
    request.backend.store.apply(VoiceStatusSet(channel, status or None))


ROUTES: Final = (
    Route("GET", "/channels/{channel_id}", channel),
    Route("POST", "/channels/{channel_id}/typing", typing, limit=BucketLimit(5, 5.0)),
    Route("PUT", "/channels/{channel_id}/voice-status", set_voice_status),
)
