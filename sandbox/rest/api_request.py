"""One request to the REST API, read and checked; and what a route is."""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Final

from aiohttp import BodyPartReader, web

from sandbox.actions.backend import Backend
from sandbox.forms.message_form import MessageForm, Upload
from sandbox.state.channel import Channel
from sandbox.state.errors import invalid_form, invalid_json, missing_access, unknown
from sandbox.state.guild import Guild
from sandbox.state.json_types import Json
from sandbox.state.message import Message
from sandbox.state.permissions import Permission
from sandbox.unimplemented import Unimplemented

_FILE_FIELD: Final = re.compile(r"files\[(\d+)\]$")


@dataclass(frozen=True)
class RouteAnswer:
    """An answer with a status of its own."""

    status: int
    """The HTTP status."""
    body: Any
    """The JSON value."""


@dataclass(frozen=True)
class ApiRequest:
    """A request to one route."""

    backend: Backend
    """The Discord that is asked."""
    path: dict[str, str]
    """The path's parameters."""
    query: dict[str, str]
    """The query's parameters."""
    body: Any
    """The JSON body; None: none."""
    uploads: dict[int, Upload]
    """The files, by number."""

    def id(self, name: str) -> int:
        """An id from the path.

        Raises:
            ApiError: 50035, it is none.
        """
        text = self.path[name]
        if not text.isdecimal():
            message = f'Value "{text}" is not snowflake.'
            raise invalid_form((name, "NUMBER_TYPE_COERCE", message))
        return int(text)

    def snowflake(self, name: str) -> int | None:
        """An id from the query; None: it is not there.

        Raises:
            ApiError: 50035, it is none.
        """
        text = self.query.get(name)
        if text is not None and not text.isdecimal():
            raise invalid_form((name, "NUMBER_TYPE_COERCE", f'Value "{text}" is not snowflake.'))
        return None if text is None else int(text)

    def number(self, name: str, default: int, low: int, high: int) -> int:
        """A number from the query.

        Raises:
            ApiError: 50035, it is none, or out of bounds.
        """
        text = self.query.get(name, str(default))
        try:
            number = int(text)
        except ValueError:
            raise invalid_form((name, "NUMBER_TYPE_COERCE", f'Value "{text}" is not int.')) from None
        if not low <= number <= high:
            code = "NUMBER_TYPE_MIN" if number < low else "NUMBER_TYPE_MAX"
            raise invalid_form((name, code, f"int value should be between {low} and {high}."))
        return number

    def fields(self, *known: str) -> Json:
        """The JSON object.

        Raises:
            ApiError: 50109, there is none.
            Unimplemented: a field is not among the known ones.
        """
        body = {} if self.body is None else self.body
        if not isinstance(body, dict):
            raise invalid_json()
        for key in body:
            if known and key not in known:
                raise Unimplemented(f"the field {key!r}")
        return body

    @property
    def form(self) -> MessageForm:
        """The body as a message to be sent."""
        return MessageForm(self.fields(), self.uploads)

    @property
    def guild(self) -> Guild:
        """The guild of the path.

        Raises:
            ApiError: 10004, there is none.
        """
        return self.backend.store.guild(self.id("guild_id"))

    @property
    def channel(self) -> Channel:
        """The channel of the path.

        Raises:
            ApiError: 10003, there is none; 50001, the bot can't see it.
        """
        channel = self.backend.store.channel(self.id("channel_id"))
        me = self.backend.store.bot_member(channel.guild)
        if me is None or not me.may(channel, Permission.view_channel):
            raise missing_access()
        return channel

    @property
    def message(self) -> Message:
        """The message of the path.

        Raises:
            ApiError: 10008, there is none.
        """
        message = self.backend.store.message(self.channel, self.id("message_id"))
        if message is None:
            raise unknown("Message")
        return message


Handler = Callable[[ApiRequest], Awaitable[Any]]
"""Answers a call: a JSON value, None for "204 No Content", or a RouteAnswer."""


@dataclass(frozen=True)
class BucketLimit:
    """How often a route may be asked."""

    requests: int
    """So many requests..."""
    seconds: float
    """... in so many seconds."""


@dataclass(frozen=True)
class Route:
    """Something that can be asked."""

    method: str
    """The HTTP method."""
    path: str
    """The path below /api/v10, with its parameters in braces."""
    handler: Handler
    """Who answers."""
    query: frozenset[str] = field(default_factory=frozenset)
    """The query parameters that the handler heeds; others are refused."""
    needs_token: bool = True
    """Whether the bot's token must come along."""
    limit: BucketLimit = BucketLimit(50, 1.0)
    """How often it may be asked for one channel, guild or webhook."""


async def read_body(request: web.Request) -> tuple[Any, dict[int, Upload]]:
    """A request's JSON value and files, whether it is JSON or a form.

    Raises:
        ApiError: 50109, it is neither.
        Unimplemented: the form has other fields.
    """
    if request.content_type.startswith("multipart/"):
        return await _read_form(request)
    if request.content_type == "application/x-www-form-urlencoded":
        # So aiohttp sends a form without files, and so py-cord answers interactions.
        form = await request.post()
        if set(form) != {"payload_json"}:
            raise Unimplemented(f"the form fields {sorted(form)}")
        return _decode(str(form["payload_json"])), {}
    text = await request.text()
    return (_decode(text) if text else None), {}


async def _read_form(request: web.Request) -> tuple[Any, dict[int, Upload]]:
    body: Any = None
    uploads: dict[int, Upload] = {}
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader) or part.name is None:
            raise Unimplemented("forms inside forms")
        if part.name == "payload_json":
            body = _decode(await part.text())
        elif match := _FILE_FIELD.match(part.name):
            content = await part.read(decode=True)
            uploads[int(match[1])] = Upload(part.filename or "unknown", bytes(content))
        else:
            raise Unimplemented(f"the form field {part.name!r}")
    return body, uploads


def _decode(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        raise invalid_json() from None
