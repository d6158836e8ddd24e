"""Routes about users, and what py-cord fetches at its start."""

from __future__ import annotations

from sandbox.rest.call import Call, Route
from sandbox.state.errors import unknown
from sandbox.state.json_types import Json


async def me(call: Call) -> Json:
    """The bot's own account."""
    return call.world.bot.to_own_json()


async def user(call: Call) -> Json:
    """Any account."""
    wanted = call.id("user_id")
    for each in (call.world.bot, *call.world.store.users.values()):
        if each.id == wanted:
            return each.to_json()
    raise unknown("User")


async def default_sounds(_call: Call) -> list[Json]:
    """Discord's own soundboard; the sandbox has no sounds."""
    return []


ROUTES = (
    Route("GET", "/users/@me", me),
    Route("GET", "/users/{user_id}", user),
    Route("GET", "/soundboard-default-sounds", default_sounds),
)
