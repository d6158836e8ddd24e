"""A bot without a library, which answers as a test tells it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from tests.sandbox.gateway.client import GatewayClient
from tests.sandbox.rest.client import Answer, RestClient

CALLBACK = "/interactions/{interaction_id}/{interaction_token}/callback"
WEBHOOK = "/webhooks/{webhook_id}/{webhook_token}"
MESSAGE = "/webhooks/{webhook_id}/{webhook_token}/messages/{message_id}"
T = TypeVar("T")
Act = Callable[["Asked"], Awaitable[None]]


class Asked:
    """An interaction, as the bot sees it."""

    def __init__(self, rest: RestClient, data: dict[str, Any]) -> None:
        self.rest = rest
        self.data = data

    async def respond(self, kind: int, **data: Any) -> int:
        """Answer for the first time; the error code, 0 for success."""
        answer = await self.callback(kind, **data)
        return 0 if answer.status < 300 else answer.code

    async def callback(self, kind: int, *, with_response: bool = False, **data: Any) -> Answer:
        """Answer for the first time; what comes back."""
        ids = {"interaction_id": self.data["id"], "interaction_token": self.data["token"]}
        query = {"with_response": "true"} if with_response else None
        return await self.rest("POST", CALLBACK, ids, json={"type": kind, "data": data}, query=query)

    async def follow_up(self, **data: Any) -> int:
        """Add a message; the error code, 0 for success."""
        answer = await self.rest("POST", WEBHOOK, self._hook(), json=data)
        return 0 if answer.status < 300 else answer.code

    async def edit(self, which: str = "@original", **data: Any) -> int:
        """Edit a message of the answer; the error code, 0 for success."""
        answer = await self.rest("PATCH", MESSAGE, self._hook() | {"message_id": which}, json=data)
        return 0 if answer.status < 300 else answer.code

    def _hook(self) -> dict[str, object]:
        return {"webhook_id": self.rest.sandbox.bot.id, "webhook_token": self.data["token"]}


class Bot:
    """A bare bot with one command, which answers as it is told."""

    def __init__(self, rest: RestClient, gateway: GatewayClient) -> None:
        self._rest = rest
        self._gateway = gateway

    async def register(self, **more: Any) -> None:
        """Register /go with these fields more."""
        form = {"name": "go", "description": "Goes"} | more
        me = {"application_id": self._rest.sandbox.bot.id}
        await self._rest("PUT", "/applications/{application_id}/commands", me, json=[form])

    async def event(self, name: str) -> dict[str, Any]:
        """The data of the next event of this name."""
        return await self._gateway.event(name)

    async def serve(self, start: Awaitable[T], *acts: Act) -> T:
        """A human starts an interaction, and the bot acts on it."""
        human = asyncio.ensure_future(start)
        asked = Asked(self._rest, await self._gateway.event("INTERACTION_CREATE"))
        for act in acts:
            await act(asked)
        return await human
