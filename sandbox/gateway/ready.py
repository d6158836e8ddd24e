"""The data of READY, the first event of a session."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.gateway.session import Session
from sandbox.state.json_types import Json

if TYPE_CHECKING:
    from sandbox.actions.backend import World


def ready(session: Session, world: World) -> Json:
    """Who the bot is, and the guilds of its shard, which will come one by one."""
    number, count = session.shard
    mine = [guild_id for guild_id in world.store.guilds if (guild_id >> 22) % count == number]
    return {
        "v": 10,
        "user": world.bot.to_own_json(),
        "guilds": [{"id": str(guild_id), "unavailable": True} for guild_id in mine],
        "session_id": session.id,
        "session_type": "normal",
        "resume_gateway_url": world.gateway_url,
        "shard": list(session.shard),
        "application": {"id": str(world.bot.id), "flags": world.application_flags},
        "private_channels": [],
        "relationships": [],
        "presences": [],
        "user_settings": {},
        "geo_ordered_rtc_regions": [],
        "_trace": ["sandbox"],
    }
