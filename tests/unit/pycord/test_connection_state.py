"""What is cured of py-cord's connection state."""

import asyncio
import threading
from collections.abc import Awaitable, Callable
from types import SimpleNamespace
from typing import Any, cast

import pytest
from discord.voice.enums import ConnectionFlowState

from assistant.domain.voice_loss import LossCause, VoiceLoss
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
    state.lost, state.sending = lost, threading.Lock()
    state.session_id = "a session"
    if has_left:
        state.stay_in_channel()
    await state.voice_state_update(cast(Any, SimpleNamespace(channel_id=None)))
    assert lost.done() != has_left
    if not has_left:
        assert lost.result().cause is LossCause.REMOVED


class Joined(CallConnectionState):
    """A connection that notes what it tells Discord."""

    def __init__(self, may_leave: Callable[[], Awaitable[bool]]) -> None:
        self._may_leave = may_leave
        self._runner, self.ws, self.socket = None, cast(Any, None), cast(Any, None)
        self._state_event, self._connected = asyncio.Event(), threading.Event()
        self._state = ConnectionFlowState.connected
        self.told = 0

    async def _voice_disconnect(self) -> None:
        self.told += 1


@pytest.mark.parametrize("is_held", [True, False])
async def test_a_channel_is_left_once_and_not_at_all_where_another_process_holds_the_call(is_held: bool) -> None:
    async def may_leave() -> bool:
        await asyncio.sleep(0)
        return is_held

    state = Joined(may_leave)
    for _ in range(2):
        await state.disconnect(cleanup=False)
    assert state.told == is_held
    assert state.state is ConnectionFlowState.disconnected


async def test_a_channel_in_which_another_process_is_about_to_be_is_not_left() -> None:
    async def may_leave() -> bool:
        return True

    state = Joined(may_leave)
    state.stay_in_channel()
    await state.disconnect(cleanup=False)
    assert state.told == 0


class NamedOneServer(CallConnectionState):
    """A voice server was named, and our own voice state is still awaited."""

    def __init__(self) -> None:
        self.lost = asyncio.get_running_loop().create_future()
        self._state_event, self._connected = asyncio.Event(), threading.Event()
        self._state = ConnectionFlowState.got_voice_server_update
        self.token, self.server_id, self.endpoint = "first", 1, "first.example"
        self.joins = 0

    def _create_socket(self) -> None:
        """Nothing is sent here."""

    async def soft_disconnect(self, **_: Any) -> None:
        """There is nothing to disconnect from."""

    async def connect(self, **_: Any) -> None:
        self.joins += 1


async def test_of_two_voice_servers_that_are_named_the_newer_is_taken_and_nobody_joins_anew_from_in_there() -> None:
    state = NamedOneServer()
    await state.voice_server_update(cast(Any, SimpleNamespace(token="second", guild_id=1, endpoint="second.example")))
    assert (state.token, state.endpoint) == ("second", "second.example")
    assert state.state is ConnectionFlowState.got_voice_server_update
    assert state.joins == 0


class MovedToAServer(NamedOneServer):
    """Another server was named, which is about to be joined."""

    def __init__(self) -> None:
        super().__init__()
        self.session_id = "a session"
        self.client = cast(Any, SimpleNamespace(channel=SimpleNamespace(id=2)))
        self.moved_to: list[int | None] = []

    def _has_gateway_session(self) -> bool:
        return True

    def _update_voice_channel(self, channel_id: int | None) -> None:
        self.moved_to.append(channel_id)

    async def _join_new_server(self) -> VoiceLoss | None:
        self.joins += 1
        return None


@pytest.mark.parametrize("channel_id", [2, 3])
async def test_news_of_our_voice_state_on_the_way_to_another_server_do_not_end_the_call(channel_id: int) -> None:
    state = MovedToAServer()
    state.sending = threading.Lock()
    news = SimpleNamespace(channel_id=channel_id, session_id="a session")
    await state.voice_state_update(cast(Any, news))
    assert await state._follow_to_new_server(4014) is None
    assert state.joins == 1
    assert state.moved_to == [channel_id], "moved once more, it is in that channel"
