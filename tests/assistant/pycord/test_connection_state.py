"""What is cured of py-cord's connection state."""

import asyncio
from types import SimpleNamespace
from typing import Any, cast

from assistant.pycord.connection_state import CallConnectionState


class CancelledAsItConnects(CallConnectionState):
    """Its owner is cancelled in the same pass of the event loop in which the connection is made."""

    owner: asyncio.Task[None]

    async def _inner_connect(self, *_: Any, **__: Any) -> None:
        await asyncio.sleep(0)
        self.owner.cancel()

    async def _poll_ws(self, reconnect: bool) -> None:
        """There is no websocket here."""


async def test_an_end_in_the_moment_of_being_connected_is_not_lost() -> None:
    state = CancelledAsItConnects.__new__(CancelledAsItConnects)  # without a client, a bot and a guild
    client = SimpleNamespace(
        guild=SimpleNamespace(id=1), channel=SimpleNamespace(id=2), loop=asyncio.get_running_loop()
    )
    state.client = cast(Any, client)
    state.loop = asyncio.get_running_loop()
    state._runner = None
    state.owner = asyncio.ensure_future(state._connect(False, 5.0, False, False, False))
    await asyncio.wait({state.owner})
    assert state.owner.cancelled()
