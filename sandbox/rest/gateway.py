"""Routes that tell where the gateway is."""

from __future__ import annotations

from sandbox.rest.call import Call, Route
from sandbox.state.json_types import Json


async def gateway(call: Call) -> Json:
    """The gateway's address."""
    return {"url": call.world.gateway_url}


async def gateway_for_bot(call: Call) -> Json:
    """The gateway's address, the number of shards and how often a session may still be started."""
    world = call.world
    limit = world.session_starts.to_json()
    return {"url": world.gateway_url, "shards": world.config.shards, "session_start_limit": limit}


ROUTES = (
    Route("GET", "/gateway", gateway, needs_token=False),
    Route("GET", "/gateway/bot", gateway_for_bot),
)
