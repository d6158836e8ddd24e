"""What is cured of py-cord's connection state."""

import asyncio
import threading
from types import SimpleNamespace
from typing import Any, cast

import pytest

from assistant.loss import LossCause, VoiceLoss
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


@pytest.mark.parametrize("has_left", [False, True])
async def test_being_in_no_channel_is_a_removal_unless_we_have_left(has_left: bool) -> None:
    state = CallConnectionState.__new__(CallConnectionState)
    lost: asyncio.Future[VoiceLoss] = asyncio.get_running_loop().create_future()
    state.client = cast(Any, SimpleNamespace(lost=lost, sending=threading.Lock()))
    state.session_id = "a session"
    if has_left:
        state.stay_in_channel()
    await state.voice_state_update(cast(Any, SimpleNamespace(channel_id=None)))
    assert lost.done() != has_left
    if not has_left:
        assert lost.result().cause is LossCause.REMOVED
