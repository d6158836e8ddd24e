"""The bot's voice connection, as the voice server sees it."""

from __future__ import annotations

import time
from typing import Final

from sandbox.actions.guild_handle import GuildHandle
from sandbox.state.json_types import Json
from sandbox.voice.records import ConnectionRecord

_MOST_CONNECTIONS: Final = 5


class ConnectionView:
    """Of the call in which the bot is, or was last."""

    def __init__(self, guild: GuildHandle) -> None:
        self._guild = guild
        self._channel_id = 0

    def view(self) -> Json | None:
        """What there is to know at this moment; None before the bot's first call. Times are in seconds."""
        voice = self._guild.bot_voice
        if voice is not None and voice.channel is not None:
            self._channel_id = voice.channel.id
        if not self._channel_id:
            return None
        call, now = self._guild.backend.voice.call(self._channel_id), time.monotonic()
        bot = self._guild.guild.bot.id
        is_connected = any(each.user_id == bot and each.connection for each in call.sessions)
        last = call.connections[-1] if call.connections else None
        heard = call.frames[-1].arrival if call.frames else None
        return {
            "channel": str(self._channel_id),
            "is_in": voice is not None and voice.channel is not None,
            "is_connected": is_connected,
            "dave": call.group.version,
            "epoch": call.group.epoch,
            "in_group": len(call.group.members),
            "heartbeat": round(now - last.heartbeats[-1]) if last and last.heartbeats else None,
            "quiet": round(now - heard) if heard is not None else None,
            "undecryptable": call.undecryptable,
            "connections": [_connection(each, now) for each in reversed(call.connections[-_MOST_CONNECTIONS:])],
        }


def _connection(record: ConnectionRecord, now: float) -> Json:
    return {
        "number": record.number + 1,
        "seconds": round((record.closed_at or now) - record.opened_at),
        "resumed": record.resumed,
        "close_code": record.close_code,
    }
