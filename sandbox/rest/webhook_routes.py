"""The webhook of an interaction: its answer's message, and follow-ups."""

from __future__ import annotations

from typing import Final

from sandbox.rest.api_request import ApiRequest, BucketLimit, Route
from sandbox.state.changes.message_changes import MessageDeleted
from sandbox.state.errors import unknown
from sandbox.state.interaction import Interaction
from sandbox.state.json_types import Json


async def follow_up(request: ApiRequest) -> Json:
    """Add a message to an answer."""
    return request.backend.interactions.follow_up(_interaction(request), request.form).to_json()


async def get_message(request: ApiRequest) -> Json:
    """The answer's message, or a follow-up."""
    return request.backend.interactions.message(_interaction(request), request.path["message_id"]).to_json()


async def edit_message(request: ApiRequest) -> Json:
    """Edit the answer's message, or a follow-up."""
    message = request.backend.interactions.message(_interaction(request), request.path["message_id"])
    return request.backend.messages.replace(message, request.form).to_json()


async def delete_message(request: ApiRequest) -> None:
    """Delete the answer's message, or a follow-up."""
    message = request.backend.interactions.message(_interaction(request), request.path["message_id"])
    request.backend.store.apply(MessageDeleted(message))


def _interaction(request: ApiRequest) -> Interaction:
    if request.id("webhook_id") != request.backend.bot.id:
        raise unknown("Webhook")
    return request.backend.interactions.answered(request.path["webhook_token"])


_HOOK: Final = "/webhooks/{webhook_id}/{webhook_token}"
_MESSAGE: Final = f"{_HOOK}/messages/{{message_id}}"
_WITH_COMPONENTS: Final = frozenset({"with_components"})
_LIMIT: Final = BucketLimit(5, 2.0)

ROUTES: Final = (
    Route("POST", _HOOK, follow_up, _WITH_COMPONENTS | {"wait"}, needs_token=False, limit=_LIMIT),
    Route("GET", _MESSAGE, get_message, needs_token=False, limit=_LIMIT),
    Route("PATCH", _MESSAGE, edit_message, _WITH_COMPONENTS, needs_token=False, limit=_LIMIT),
    Route("DELETE", _MESSAGE, delete_message, needs_token=False, limit=_LIMIT),
)
