"""How a session lets go of its call, whatever hangs."""

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest

from assistant.call.leave_taking import LeaveTaking
from assistant.call.session import CallSession
from assistant.domain.call_ending import CallEnding, EndReason

SUSPENDED = CallEnding(reason=EndReason.SUSPENDED)
ASKED = CallEnding(reason=EndReason.ASKED, by="Ada")
ALONE = CallEnding(reason=EndReason.ALONE)


class World:
    """Everything that a session lets go of."""

    def __init__(self, *, has_successor: bool = False, is_held: bool = True, has_joined: bool = True) -> None:
        self.done: list[str] = []
        self.hanging = ""
        self.is_hanging = asyncio.Event()
        self.is_held = is_held
        self.has_successor = has_successor
        self.has_joined = has_joined

    async def do(self, what: str) -> bool:
        if what == self.hanging:
            self.is_hanging.set()
            await asyncio.Event().wait()
        self.done.append(what)
        return True

    async def finish_posts(self, seconds: float) -> None:
        await self.do("finish the posts" if seconds else "leave the posts to the next process")

    async def change_voice_state(self, *, channel: object) -> None:
        assert channel is None
        self.done.append("leave where the earlier process was")

    def suspend_intake(self) -> None:
        self.done.append("take no message any more")

    async def asked_whether_held(self) -> bool:
        return self.is_held

    def session(self) -> CallSession:
        """One that holds its call until it is ended, and has nothing else to do."""
        session = Held.__new__(Held)
        journal = SimpleNamespace(is_held=self.asked_whether_held, release=lambda: self.do("release"))
        connection = SimpleNamespace(
            leave=lambda: self.do("leave"),
            hand_over=lambda: self.do("hand over"),
            live_since=1.0 if self.has_joined else None,
            channel=SimpleNamespace(name="Lounge"),
        )
        services = SimpleNamespace(
            has_successor=lambda: self.has_successor, metrics=SimpleNamespace(call_ended=lambda _: None)
        )
        display = SimpleNamespace(
            show_suspended=lambda: self.do("say that it is suspended"),
            clear_status=lambda: self.do("clear the status"),
            show_ended=lambda _: self.do("say goodbye"),
        )
        intake = SimpleNamespace(suspend=self.suspend_intake, close=lambda: None, end=lambda: self.do("end"))
        voice = SimpleNamespace(guild=SimpleNamespace(change_voice_state=self.change_voice_state))
        context = SimpleNamespace(connection=connection, journal=journal, voice=voice)
        turn_loop = SimpleNamespace(close=list)
        posts = SimpleNamespace(finish=self.finish_posts)
        parts: dict[str, Any] = {
            "services": services,
            "context": context,
            "status_display": display,
            "intake": intake,
            "turn_loop": turn_loop,
            "posts": posts,
        }
        given: dict[str, Any] = {
            "_world": self,
            "_ending": None,
            "_is_ending": asyncio.Event(),
            "_snapshot": object(),
            "_services": services,
            "_connection": connection,
            "_journal": journal,
            "_leave_taking": LeaveTaking(**parts, is_resumed=True),
        }
        for name, value in given.items():
            setattr(session, name, value)
        return session


class Held(CallSession):
    """A call in which nothing happens."""

    _world: World

    async def _hold(self, _: object) -> None:
        await self._is_ending.wait()
        await self._world.do("end all parts")


async def lived(world: World, *endings: CallEnding) -> CallEnding | None:
    """Hold a call, end it, and cancel it when it hangs; None then."""
    session = world.session()
    life = asyncio.ensure_future(session.run())
    await asyncio.sleep(0)
    for ending in endings:
        session.end(ending)
    hanging = asyncio.ensure_future(world.is_hanging.wait())
    await asyncio.wait({life, hanging}, return_when=asyncio.FIRST_COMPLETED)
    hanging.cancel()
    life.cancel()
    await asyncio.wait({life, hanging})
    if life.cancelled():
        return None
    await session.say_goodbye(life.result())
    return life.result()


async def test_a_call_that_is_suspended_is_left_and_released() -> None:
    world = World()
    assert await lived(world, SUSPENDED) == SUSPENDED
    assert world.done == [
        "end all parts",
        "take no message any more",
        "say that it is suspended",
        "clear the status",
        "leave",
        "leave the posts to the next process",
        "release",
    ]


async def test_where_another_process_waits_for_it_the_channel_is_not_left() -> None:
    world = World(has_successor=True)
    assert await lived(world, SUSPENDED) == SUSPENDED
    assert world.done[1:4] == ["take no message any more", "say that it is suspended", "hand over"]
    assert world.done[-1] == "release"


@pytest.mark.parametrize("ending", [SUSPENDED, ALONE, ASKED])
@pytest.mark.parametrize("has_successor", [False, True])
async def test_a_call_that_another_process_has_taken_is_neither_left_nor_ended_nor_mourned(
    ending: CallEnding, has_successor: bool
) -> None:
    world = World(is_held=False, has_successor=has_successor)
    assert await lived(world, ending) == CallEnding(reason=EndReason.TAKEN_OVER)
    assert "leave" not in world.done
    assert "hand over" in world.done
    assert not {"say goodbye", "say that it is suspended", "clear the status", "release"} & set(world.done)


async def test_a_call_that_is_over_before_it_is_joined_leaves_the_channel_where_the_earlier_process_was() -> None:
    world = World(has_joined=False)
    await lived(world, ASKED)
    assert world.done[2:4] == ["leave where the earlier process was", "leave"]


async def test_the_channel_of_a_call_that_another_process_has_taken_is_not_left_where_something_hangs_either() -> None:
    world = World(has_joined=False, is_held=False)
    world.hanging = "end all parts"
    assert await lived(world, ASKED) is None
    assert "leave where the earlier process was" not in world.done


@pytest.mark.parametrize("hanging", ["end all parts", "say that it is suspended"])
async def test_where_something_hangs_and_another_process_waits_the_channel_is_not_left(hanging: str) -> None:
    world = World(has_successor=True)
    world.hanging = hanging
    assert await lived(world, SUSPENDED) is None
    assert [world.done[-3], world.done[-1]] == ["hand over", "release"]
    assert "leave" not in world.done


@pytest.mark.parametrize("hanging", ["end all parts", "clear the status"])
async def test_a_call_that_was_ended_is_over_also_where_something_hangs(hanging: str) -> None:
    world = World(has_successor=True)
    world.hanging = hanging
    assert await lived(world, ASKED) is None
    assert world.done[-2:] == ["leave", "end"], "another process would go on with it"


async def test_a_successor_that_comes_while_the_call_is_suspended_is_not_thrown_out() -> None:
    world = World()
    world.hanging = "clear the status"
    ending = asyncio.ensure_future(lived(world, SUSPENDED))
    await world.is_hanging.wait()
    world.has_successor = True
    assert await ending is None
    assert [world.done[-3], world.done[-1]] == ["hand over", "release"]


@pytest.mark.parametrize(
    ("endings", "told"),
    [
        ((SUSPENDED, ASKED), ASKED),
        ((SUSPENDED, ALONE), SUSPENDED),
        ((ASKED, SUSPENDED), ASKED),
        ((ALONE, ASKED), ALONE),
        ((SUSPENDED, ASKED, ALONE, SUSPENDED), ASKED),
    ],
)
async def test_people_may_end_a_call_that_is_being_suspended(endings: tuple[CallEnding, ...], told: CallEnding) -> None:
    assert await lived(World(), *endings) == told


@pytest.mark.parametrize("ending", [ASKED, ALONE])
async def test_a_call_that_is_over_has_its_texts_posted(ending: CallEnding) -> None:
    world = World()
    assert await lived(world, ending) == ending
    assert world.done[-2:] == ["say goodbye", "finish the posts"]
