"""Routes about channels: the channel itself, typing in it, and a voice channel's status."""

from __future__ import annotations

from sandbox.actions.posting import bot_in, require
from sandbox.rest.call import Call, Route
from sandbox.state.changes.voice import VoiceStatusSet
from sandbox.state.errors import ApiError, invalid_form
from sandbox.state.json_types import Json
from sandbox.state.permissions import Permission

_MAX_STATUS = 500


async def channel(call: Call) -> Json:
    """The channel."""
    return call.channel.to_json()


async def typing(call: Call) -> None:
    """Show the bot's typing indicator for ten seconds."""
    me = bot_in(call.channel)
    require(me, call.channel, Permission.send_messages)
    call.world.posting.typing(me, call.channel)


async def set_voice_status(call: Call) -> None:
    """Set or remove the status text of a voice channel."""
    channel = call.channel
    if not channel.is_voice:
        raise ApiError(400, 50024, "Cannot execute action on this channel type")
    me = bot_in(channel)
    status = call.fields("status").get("status")
    if status is not None and len(status) > _MAX_STATUS:
        raise invalid_form(("status", "BASE_TYPE_MAX_LENGTH", f"Must be {_MAX_STATUS} or fewer in length."))
    connected = me.voice is not None and me.voice.channel is channel
    needed = Permission.set_voice_channel_status
    require(me, channel, needed if connected else needed | Permission.manage_channels)
    call.world.store.apply(VoiceStatusSet(channel, status or None))


ROUTES = (
    Route("GET", "/channels/{channel_id}", channel),
    Route("POST", "/channels/{channel_id}/typing", typing),
    Route("PUT", "/channels/{channel_id}/voice-status", set_voice_status),
)
