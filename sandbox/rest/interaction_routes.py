"""The route of the first answer to an interaction."""

from __future__ import annotations

from typing import Final

from sandbox.actions.interaction_service import CHOICES
from sandbox.forms.field_rules import part, refuse, whole_number
from sandbox.forms.message_form import MessageForm
from sandbox.rest.api_request import ApiRequest, Route
from sandbox.state.interaction import DEFERRED_MESSAGE, MODAL, Answer, Interaction
from sandbox.state.json_types import Json

_MAX_TYPE: Final = 13
"""The highest callback type that Discord knows."""


async def callback(request: ApiRequest) -> Json | None:
    """Answer an interaction; a body comes back only if it is asked for."""
    interaction = request.backend.interactions.awaiting(request.id("interaction_id"), request.path["interaction_token"])
    fields = request.fields("type", "data")
    data, wrong = part(fields, "data")
    refuse([*whole_number(fields, "type", 1, _MAX_TYPE, needed=True), *wrong])
    kind, data, interactions = fields["type"], data or {}, request.backend.interactions
    if kind == CHOICES:
        answer = interactions.offer(interaction, data)
    elif kind == MODAL:
        answer = interactions.open_modal(interaction, data)
    else:
        answer = interactions.answer(interaction, kind, MessageForm(data, request.uploads))
    if request.query.get("with_response", "").lower() not in ("true", "1"):
        return None
    return _response(interaction, answer)


def _response(interaction: Interaction, answer: Answer) -> Json:
    message = answer.message
    about: Json = {"id": str(interaction.id), "type": interaction.kind}
    if message is not None:
        about |= {
            "response_message_id": str(message.id),
            "response_message_loading": message.loading,
            "response_message_ephemeral": message.ephemeral,
        }
    response: Json = {"interaction": about}
    if message is not None and answer.kind != DEFERRED_MESSAGE:
        # Discord's OpenAPI document knows no resource of a deferral: there is nothing to show yet.
        response["resource"] = {"type": answer.kind, "message": message.to_json()}
    return response


ROUTES: Final = (
    Route(
        "POST",
        "/interactions/{interaction_id}/{interaction_token}/callback",
        callback,
        frozenset({"with_response"}),
        needs_token=False,
    ),
)
