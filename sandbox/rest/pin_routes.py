"""Routes about the messages pinned to a channel: those of today, and those of before 2025 that libraries still use.

https://discord.com/developers/docs/resources/message#get-channel-pins
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from sandbox.actions.message_service import require
from sandbox.rest.api_request import ApiRequest, Route
from sandbox.state.errors import invalid_form
from sandbox.state.json_types import Json, timestamp
from sandbox.state.message import Message
from sandbox.state.permissions import Permission

_MAX_PAGE: Final = 50


async def list_pins(request: ApiRequest) -> Json:
    """A page of pins, the newest pin first."""
    limit = request.number("limit", _MAX_PAGE, 1, _MAX_PAGE)
    before = _moment(request.query.get("before"))
    pins = [(at, pin) for pin in _pins(request) if (at := pin.pinned_at) and (before is None or at < before)]
    items = [{"pinned_at": timestamp(at), "message": pin.to_json()} for at, pin in pins[:limit]]
    return {"items": items, "has_more": len(pins) > limit}


async def list_pinned_messages(request: ApiRequest) -> list[Json]:
    """The 50 newest pins, in the former shape."""
    return [pin.to_json() for pin in _pins(request)[:_MAX_PAGE]]


async def pin(request: ApiRequest) -> None:
    """Pin a message."""
    request.backend.messages.pin_by_bot(request.message, True)


async def unpin(request: ApiRequest) -> None:
    """Take a pin away."""
    request.backend.messages.pin_by_bot(request.message, False)


def _pins(request: ApiRequest) -> list[Message]:
    """Without the right to read history there are none."""
    channel = request.channel
    me = request.backend.messages.bot_in(channel)
    require(me, channel, Permission.view_channel)
    return request.backend.store.pins_in(channel) if me.may(channel, Permission.read_message_history) else []


def _moment(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        message = f'Could not parse "{text}". Should be ISO8601.'
        raise invalid_form(("before", "DATE_TIME_TYPE_PARSE", message)) from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


_PINS: Final = "/channels/{channel_id}/messages/pins"
_FORMER: Final = "/channels/{channel_id}/pins"

ROUTES: Final = (
    Route("GET", _PINS, list_pins, frozenset({"limit", "before"})),
    Route("GET", _FORMER, list_pinned_messages),
    *(
        route
        for base in (_PINS, _FORMER)
        for route in (
            Route("PUT", base + "/{message_id}", pin),
            Route("DELETE", base + "/{message_id}", unpin),
        )
    ),
)
