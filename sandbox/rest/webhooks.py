"""The webhook of an interaction: its answer's message, and follow-ups."""

from __future__ import annotations

from sandbox.rest.call import Call, Route
from sandbox.state.changes.messages import MessageDeleted
from sandbox.state.errors import unknown
from sandbox.state.interaction import Interaction
from sandbox.state.json_types import Json


async def follow_up(call: Call) -> Json:
    """Add a message to an answer."""
    return call.world.desk.follow_up(_interaction(call), call.form).to_json()


async def get_message(call: Call) -> Json:
    """The answer's message, or a follow-up."""
    return call.world.desk.message(_interaction(call), call.path["message_id"]).to_json()


async def edit_message(call: Call) -> Json:
    """Edit the answer's message, or a follow-up."""
    message = call.world.desk.message(_interaction(call), call.path["message_id"])
    return call.world.posting.replace(message, call.form).to_json()


async def delete_message(call: Call) -> None:
    """Delete the answer's message, or a follow-up."""
    message = call.world.desk.message(_interaction(call), call.path["message_id"])
    call.world.store.apply(MessageDeleted(message))


def _interaction(call: Call) -> Interaction:
    if call.id("webhook_id") != call.world.bot.id:
        raise unknown("Webhook")
    return call.world.desk.answered(call.path["webhook_token"])


_HOOK = "/webhooks/{webhook_id}/{webhook_token}"
_MESSAGE = f"{_HOOK}/messages/{{message_id}}"
_WITH_COMPONENTS = frozenset({"with_components"})

ROUTES = (
    Route("POST", _HOOK, follow_up, _WITH_COMPONENTS | {"wait"}, needs_token=False),
    Route("GET", _MESSAGE, get_message, needs_token=False),
    Route("PATCH", _MESSAGE, edit_message, _WITH_COMPONENTS, needs_token=False),
    Route("DELETE", _MESSAGE, delete_message, needs_token=False),
)
