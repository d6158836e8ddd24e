"""Routes about users, and what py-cord fetches at its start."""

from __future__ import annotations

from typing import Final

from sandbox.forms.message_form import snowflake
from sandbox.rest.api_request import ApiRequest, Route
from sandbox.state.errors import unknown
from sandbox.state.json_types import Json


async def me(request: ApiRequest) -> Json:
    """The bot's own account."""
    return request.backend.bot.to_own_json()


async def user(request: ApiRequest) -> Json:
    """Any account."""
    wanted = request.id("user_id")
    for each in (request.backend.bot, *request.backend.store.users.values()):
        if each.id == wanted:
            return each.to_json()
    raise unknown("User")


async def open_direct_messages(request: ApiRequest) -> Json:
    """The channel for direct messages with a user."""
    user_id = snowflake(request.fields("recipient_id").get("recipient_id"), "recipient_id")
    return request.backend.direct_messages.opened_by_bot(user_id).to_json()


async def default_sounds(_request: ApiRequest) -> list[Json]:
    """Discord's own soundboard; the sandbox has no sounds."""
    return []


ROUTES: Final = (
    Route("GET", "/users/@me", me),
    Route("POST", "/users/@me/channels", open_direct_messages),
    Route("GET", "/users/{user_id}", user),
    Route("GET", "/soundboard-default-sounds", default_sounds),
)
