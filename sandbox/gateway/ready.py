"""The data of READY, the first event of a session."""

from __future__ import annotations

from sandbox.actions.backend import Backend
from sandbox.gateway.session import Session
from sandbox.state.json_types import Json


def ready(session: Session, backend: Backend) -> Json:
    """Who the bot is, and the guilds of its shard, which will come one by one."""
    number, count = session.shard
    mine = [guild_id for guild_id in backend.store.guilds if (guild_id >> 22) % count == number]
    return {
        "v": 10,
        "user": backend.bot.to_own_json(),
        "guilds": [{"id": str(guild_id), "unavailable": True} for guild_id in mine],
        "session_id": session.id,
        "session_type": "normal",
        "resume_gateway_url": backend.addresses.gateway_url,
        "shard": list(session.shard),
        "application": {"id": str(backend.bot.id), "flags": backend.application.flags},
        "private_channels": [],
        "relationships": [],
        "presences": [],
        "user_settings": {},
        "geo_ordered_rtc_regions": [],
        "_trace": ["sandbox"],
    }
