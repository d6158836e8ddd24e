"""Going from one voice server to the next, in virtual time, with connections that have no wire."""

import asyncio
import itertools
from collections.abc import Callable, Coroutine
from types import SimpleNamespace
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.virtual_time import run_in_virtual_time
from voicewire import ConnectionEnded, EndCause, Ending, VoiceConnection, VoiceServer
from voicewire.adapters.assignment import Assignment
from voicewire.adapters.server_follower import ServerFollower

BOT, GUILD, LOUNGE, ATTIC = 900, 11, 77, 78
LEFT = Ending(cause=EndCause.LEFT)


class Wireless:
    """A connection that takes some time to join, and ends when the test says so."""

    def __init__(self, server: VoiceServer, seconds: float) -> None:
        self.server = server
        self.ended: asyncio.Future[Ending] = asyncio.get_running_loop().create_future()
        self.is_open = self.may_send = self.is_speaking = False
        self.session = SimpleNamespace(sender=SimpleNamespace(close=self.stop_sending))
        self._seconds = seconds

    async def connect(self, timeout: float) -> None:
        self.is_open = True
        async with asyncio.timeout(timeout):
            await asyncio.sleep(self._seconds)
        if self.ended.done():
            raise ConnectionEnded(self.ended.result())
        self.may_send = True

    async def close(self) -> None:
        await asyncio.sleep(0.01)
        self.is_open = self.may_send = False
        self.end(LEFT)

    async def resume(self, timeout: float) -> None:
        await asyncio.sleep(self._seconds)
        self.ended = asyncio.get_running_loop().create_future()
        self.may_send = True

    def end(self, ending: Ending) -> None:
        if not self.ended.done():
            self.ended.set_result(ending)

    def announce_speaking(self, is_speaking: bool) -> None:
        self.is_speaking = is_speaking

    def stop_sending(self) -> None:
        self.may_send = False


class Scene:
    """A follower, and what it has made."""

    def __init__(self, *, join_seconds: float = 0.1, expects_news: bool = True) -> None:
        self.made: list[Wireless] = []
        self.endings: list[Ending] = []
        self.join_seconds = join_seconds
        self.assignment = Assignment(BOT, GUILD)
        self.follower = ServerFollower(
            self.assignment, self._make, expects_news=lambda: expects_news, on_end=self.endings.append
        )

    def _make(self, server: VoiceServer) -> VoiceConnection:
        assert not any(each.is_open for each in self.made), "two connections at a time"
        self.made.append(Wireless(server, self.join_seconds))
        return cast(VoiceConnection, self.made[-1])

    def assign(self, channel_id: int = LOUNGE, token: str = "first") -> None:
        self.assignment.take_state("session", channel_id)
        self.assignment.take_server(token, f"{token}.example")

    async def join(self) -> None:
        self.assign()
        await self.follower.join(10)

    @property
    def places(self) -> list[tuple[int, str]]:
        """The channels and tokens that were gone for."""
        return [(each.server.channel_id, each.server.token) for each in self.made]


def in_scene(act: Callable[[Scene], Coroutine[Any, Any, None]], **options: Any) -> Scene:
    """What has become of a scene; nothing is left of it."""

    async def main() -> Scene:
        scene = Scene(**options)
        try:
            await act(scene)
        finally:
            await scene.follower.close()
        assert not any(each.is_open for each in scene.made)
        assert len(asyncio.all_tasks()) == 1
        return scene

    return run_in_virtual_time(main())


MESSAGES: list[Callable[[Assignment], None]] = [
    lambda assignment: assignment.take_state("session", LOUNGE),
    lambda assignment: assignment.take_server("first", "first.example"),
    lambda assignment: assignment.take_state("session", ATTIC),
    lambda assignment: assignment.take_server("second", "second.example"),
]


@given(
    order=st.sampled_from([order for order in itertools.permutations(range(4)) if order.index(0) < order.index(2)]),
    pauses=st.lists(st.sampled_from([0.0, 0.001, 0.05, 0.2, 1.0]), min_size=4, max_size=4),
    join_seconds=st.sampled_from([0.0, 0.02, 0.5]),
)
def test_in_whichever_order_a_move_is_told_it_ends_at_the_newest_place(
    order: tuple[int, ...], pauses: list[float], join_seconds: float
) -> None:
    newest = "second" if order.index(1) < order.index(3) else "first"

    async def act(scene: Scene) -> None:
        joining = asyncio.ensure_future(scene.follower.join(30))
        for number, pause in zip(order, pauses, strict=True):
            await asyncio.sleep(pause)
            MESSAGES[number](scene.assignment)
        await joining
        await asyncio.sleep(20)
        connection = scene.follower.connection
        assert connection is not None
        # A move that is told after its server was joined changes the channel alone: see the bot's channel.
        assert connection.server.token == newest
        assert not scene.endings

    in_scene(act, join_seconds=join_seconds)


def test_a_move_that_is_told_while_a_server_is_joined_is_followed_at_once() -> None:
    async def act(scene: Scene) -> None:
        joining = asyncio.ensure_future(scene.join())
        await asyncio.sleep(1)
        scene.assign(ATTIC, "second")
        began = asyncio.get_running_loop().time()
        await joining
        assert asyncio.get_running_loop().time() - began < 2.1, "the first was waited for"

    assert in_scene(act, join_seconds=2).places == [(LOUNGE, "first"), (ATTIC, "second")]


@pytest.mark.parametrize("cause", [EndCause.HEARTBEATS_UNANSWERED, EndCause.FAILED, EndCause.CLOSED])
def test_any_loss_ends_it_and_nothing_is_sent_any_more(cause: EndCause) -> None:
    async def act(scene: Scene) -> None:
        await scene.join()
        scene.made[0].end(Ending(cause=cause, close_code=4006))
        await asyncio.sleep(1)
        assert scene.follower.ended.result().cause is cause
        assert not scene.made[0].may_send

    assert len(in_scene(act).endings) == 1


@pytest.mark.parametrize("seconds", [0.0, 2.9])
def test_after_a_4014_another_server_is_waited_for(seconds: float) -> None:
    async def act(scene: Scene) -> None:
        scene.follower.announce_speaking(True)
        await scene.join()
        scene.made[0].end(Ending(cause=EndCause.CLOSED, close_code=4014))
        await asyncio.sleep(seconds)
        scene.assign(LOUNGE, "second")
        await asyncio.sleep(1)
        assert scene.follower.connection is cast(Any, scene.made[1])
        assert scene.made[1].is_speaking, "the new server is told"

    assert in_scene(act).endings == [LEFT]


@pytest.mark.parametrize(("expects_news", "seconds"), [(True, 3.0), (False, 0.0)])
def test_a_4014_without_another_server_is_the_end(expects_news: bool, seconds: float) -> None:
    async def act(scene: Scene) -> None:
        await scene.join()
        scene.made[0].end(Ending(cause=EndCause.CLOSED, close_code=4014))
        began = asyncio.get_running_loop().time()
        assert (await scene.follower.ended).close_code == 4014
        assert asyncio.get_running_loop().time() - began == pytest.approx(seconds)

    in_scene(act, expects_news=expects_news)


def test_a_4014_to_a_join_is_the_beginning_of_a_move() -> None:
    async def act(scene: Scene) -> None:
        joining = asyncio.ensure_future(scene.join())
        await asyncio.sleep(0.05)
        scene.made[0].end(Ending(cause=EndCause.CLOSED, close_code=4014))
        await asyncio.sleep(0.5)
        scene.assign(ATTIC, "second")
        await joining

    assert in_scene(act).places == [(LOUNGE, "first"), (ATTIC, "second")]


@pytest.mark.parametrize("code", [4004, 4006, 4014, 4017, 4022])
def test_a_new_server_that_refuses_is_told_as_no_answer_since_the_next_one_may_not(code: int) -> None:
    async def act(scene: Scene) -> None:
        await scene.join()
        scene.assign(LOUNGE, "second")
        await asyncio.sleep(0.05)
        scene.made[1].end(Ending(cause=EndCause.CLOSED, close_code=code))
        ending = await scene.follower.ended
        assert ending.cause is EndCause.NO_ANSWER
        assert str(code) in ending.detail
        assert ending.close_code is None

    in_scene(act)


@pytest.mark.parametrize("seconds", [0.0, 0.05, 1.0])
def test_a_removal_ends_a_join_and_a_connection(seconds: float) -> None:
    async def act(scene: Scene) -> None:
        joining = asyncio.ensure_future(scene.join())
        await asyncio.sleep(seconds)
        scene.assignment.take_state("session", None)
        with pytest.raises(ConnectionEnded) as removed:
            await joining
            raise ConnectionEnded(await scene.follower.ended)
        assert removed.value.ending.cause is EndCause.REMOVED

    in_scene(act)


def test_the_end_of_the_connection_before_is_no_removal() -> None:
    async def act(scene: Scene) -> None:
        scene.assignment.take_state("before", None)
        await scene.join()

    assert in_scene(act).endings == [LEFT]


def test_without_a_server_it_says_what_was_awaited() -> None:
    async def act(scene: Scene) -> None:
        scene.assignment.take_state("session", LOUNGE)
        scene.assignment.take_server("first", None)
        with pytest.raises(ConnectionEnded, match=r"no voice server was named in 2\.5 s"):
            await scene.follower.join(2.5)

    assert in_scene(act).made == []


@pytest.mark.parametrize("seconds", [0.0, 0.05, 0.1, 1.0])
def test_a_close_at_any_moment_ends_a_join(seconds: float) -> None:
    async def act(scene: Scene) -> None:
        joining = asyncio.ensure_future(scene.join())
        await asyncio.sleep(seconds)
        await scene.follower.close()
        await asyncio.wait({joining})
        assert joining.exception() is None or isinstance(joining.exception(), ConnectionEnded)

    in_scene(act)


def test_a_resume_goes_on_and_can_follow_and_end_again() -> None:
    async def act(scene: Scene) -> None:
        await scene.join()
        scene.made[0].end(Ending(cause=EndCause.CLOSED, close_code=1006))
        await scene.follower.ended
        assert scene.follower.may_resume
        await scene.follower.resume(1)
        assert scene.made[0].may_send
        assert not scene.follower.ended.done()
        scene.assign(ATTIC, "second")
        await asyncio.sleep(1)
        scene.made[1].end(Ending(cause=EndCause.CLOSED, close_code=4006))
        assert (await scene.follower.ended).close_code == 4006
        assert not scene.follower.may_resume

    assert [ending.close_code for ending in in_scene(act).endings] == [1006, 4006]


def test_a_server_that_was_named_meanwhile_is_followed_after_a_resume() -> None:
    async def act(scene: Scene) -> None:
        await scene.join()
        scene.made[0].end(Ending(cause=EndCause.CLOSED, close_code=1006))
        await scene.follower.ended
        scene.assign(ATTIC, "second")
        await scene.follower.resume(1)
        await asyncio.sleep(1)
        assert scene.follower.connection is cast(Any, scene.made[1])

    in_scene(act)


def test_who_was_removed_meanwhile_does_not_resume() -> None:
    async def act(scene: Scene) -> None:
        await scene.join()
        scene.made[0].end(Ending(cause=EndCause.CLOSED, close_code=1006))
        await scene.follower.ended
        scene.assignment.take_state("session", None)
        with pytest.raises(ConnectionEnded) as removed:
            await scene.follower.resume(1)
        assert removed.value.ending.cause is EndCause.REMOVED

    in_scene(act)
