"""The HTTP server: finds a route's handler, and turns what it gives or raises into Discord's answers."""

from __future__ import annotations

import json
import logging
from typing import Any, Final
from urllib.parse import unquote

from aiohttp import web

from sandbox.actions.backend import Backend
from sandbox.rest import (
    application_routes,
    channel_routes,
    gateway_routes,
    guild_routes,
    interaction_routes,
    message_routes,
    pin_routes,
    reaction_routes,
    user_routes,
    webhook_routes,
)
from sandbox.rest.api_request import ApiRequest, Route, RouteAnswer, read_body
from sandbox.rest.rate_limits import RateLimits
from sandbox.rest.route_faults import RouteFaults
from sandbox.state.errors import ApiError, unauthorized
from sandbox.state.message_parts import Attachment
from sandbox.unimplemented import Unimplemented

_logger = logging.getLogger(__name__)

BASE: Final = "/api/v10"

ROUTES: Final[tuple[Route, ...]] = (
    *application_routes.ROUTES,
    *channel_routes.ROUTES,
    *gateway_routes.ROUTES,
    *guild_routes.ROUTES,
    *interaction_routes.ROUTES,
    *pin_routes.ROUTES,  # before the messages, of which one could have the id "pins"
    *message_routes.ROUTES,
    *reaction_routes.ROUTES,
    *user_routes.ROUTES,
    *webhook_routes.ROUTES,
)
"""All that is implemented."""


class RestApi:
    """Answers the REST API, and serves attached files."""

    def __init__(self, backend: Backend, faults: RouteFaults) -> None:
        self._backend = backend
        self._faults = faults
        self._limits = RateLimits() if backend.config.rate_limits else None

    def add_to(self, app: web.Application) -> None:
        """Put the routes into an application; every other request is refused by name."""
        for route in ROUTES:
            app.router.add_route(route.method, BASE + route.path, self._server_of(route))
        app.router.add_get("/attachments/{attachment_id}/{filename}", self._file)
        app.router.add_route("*", "/{path:.*}", self._refuse)

    def _server_of(self, route: Route) -> Any:
        limits = self._limits

        async def serve(request: web.Request) -> web.Response:
            headers, response = ({}, None) if limits is None else limits.take(route, request.match_info)
            if response is None:
                response = await respond(request)
                response.headers.update(headers)
            self._faults.set_date(response)
            return response

        async def respond(request: web.Request) -> web.Response:
            fault = await self._faults.answer_to(request.method, request.path.removeprefix(BASE))
            if fault is not None:
                return fault
            try:
                return await self._answer(route, request)
            except ApiError as error:
                _logger.info("%s %s: %s", request.method, request.path, error)
                return _json(error.status, error.to_json())
            except Unimplemented as gap:
                return self._refused(request, gap.what)
            except Exception as error:
                # A bot must not take it for a Discord that is down, and ask again.
                _logger.exception("%s %s breaks the sandbox", request.method, request.path)
                return self._refused(request, f"a request that it did not understand: {error!r}")

        return serve

    async def _answer(self, route: Route, request: web.Request) -> web.Response:
        token = request.headers.get("Authorization")
        if route.needs_token and token != f"Bot {self._backend.bot.token}":
            raise unauthorized()
        if unheard := set(request.query) - route.query:
            raise Unimplemented(f"the query parameters {sorted(unheard)}")
        body, uploads = await read_body(request)
        path = {key: unquote(value) for key, value in request.match_info.items()}
        answer = await route.handler(ApiRequest(self._backend, path, dict(request.query), body, uploads))
        if answer is None:
            return web.Response(status=204)
        if isinstance(answer, RouteAnswer):
            return _json(answer.status, answer.body)
        return _json(200, answer)

    async def _refuse(self, request: web.Request) -> web.Response:
        fault = await self._faults.answer_to(request.method, request.path.removeprefix(BASE))
        return fault or self._refused(request, "this route")

    def _refused(self, request: web.Request, what: str) -> web.Response:
        route = request.path.removeprefix(BASE)
        self._backend.refusals.add(request.method, route, what)
        message = f"{request.method} {route}: the sandbox does not implement {what}"
        # Not 501: libraries take every 5xx for an outage, and ask again or hide the text.
        return _json(400, {"message": message, "code": 0, "method": request.method, "route": route})

    async def _file(self, request: web.Request) -> web.Response:
        wanted = request.match_info["attachment_id"]
        found = next((each for each in self._attachments() if str(each.id) == wanted), None)
        if found is None:
            return web.Response(status=404)
        return web.Response(body=found.content, content_type=found.content_type)

    def _attachments(self) -> list[Attachment]:
        store = self._backend.store
        messages = (message for channel in store.channels() for message in store.messages_in(channel))
        return [*store.uploads.values(), *(attachment for message in messages for attachment in message.attachments)]


def _json(status: int, body: Any) -> web.Response:
    """Discord's JSON answers have this content type exactly; libraries compare it."""
    return web.Response(status=status, body=json.dumps(body).encode(), headers={"Content-Type": "application/json"})
