"""Routes that tell where the gateway is."""

from __future__ import annotations

from typing import Final

from sandbox.rest.api_request import ApiRequest, Route
from sandbox.state.json_types import Json


async def gateway(request: ApiRequest) -> Json:
    """The gateway's address."""
    return {"url": request.backend.addresses.gateway_url}


async def gateway_for_bot(request: ApiRequest) -> Json:
    """The gateway's address, the number of shards and how often a session may still be started."""
    backend = request.backend
    limit = backend.application.session_starts.to_json()
    return {"url": backend.addresses.gateway_url, "shards": backend.config.shards, "session_start_limit": limit}


ROUTES: Final = (
    Route("GET", "/gateway", gateway, needs_token=False),
    Route("GET", "/gateway/bot", gateway_for_bot),
)
