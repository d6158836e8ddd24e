"""Ops 21 to 31 in any order, doubled, omitted, changed: nothing raises, and no frame leaves in the clear."""

import asyncio
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sandbox.voice.voice_errors import MalformedMlsError
from tests.support.dave_libraries import LIBRARIES, library
from tests.unit.voicewire.dave_call import DaveCall, Message
from voicewire.dave.mls_session import MakeMlsSession

FRAME = b"\x78 nobody but the members may read this"
SMALL = st.integers(0, 6)
JSON = st.none() | st.integers() | st.text(max_size=3) | st.lists(st.integers(), max_size=2)
FATES = st.sampled_from(["as it is"] * 9 + ["twice", "never", "later", "changed", "shorter", "longer"])


@dataclass
class Wire:
    """What becomes of the messages on their way to us; it notes when frames may leave in the clear."""

    call: DaveCall
    fates: list[str]
    positions: list[int]
    late: list[Message] = field(default_factory=list)
    downgrades: set[int] = field(default_factory=set)
    may_be_plain: bool = False

    def deliver(self, message: Message) -> None:
        match self.fates.pop(0) if self.fates else "as it is":
            case "twice":
                self.arrive(message)
                self.arrive(message)
            case "never":
                return
            case "later":
                self.late.append(message)
                return
            case "changed" | "shorter" | "longer" as fate:
                self.arrive(self.changed(message, fate))
            case _:
                self.arrive(message)
        if self.late and self.fates and self.fates[0] == "as it is":
            self.arrive(self.late.pop())

    def arrive(self, message: Message) -> None:
        op, data = message
        if op == 21 and isinstance(data, dict) and data.get("protocol_version") == 0:
            transition_id = data.get("transition_id")
            self.downgrades.add(transition_id if isinstance(transition_id, int) else -1)
            self.may_be_plain |= transition_id == 0
        elif op == 22 and isinstance(data, dict):
            self.may_be_plain |= data.get("transition_id") in self.downgrades
        self.call.seat.take(message)
        self.check()

    def changed(self, message: Message, fate: str) -> Message:
        op, data = message
        position = self.positions.pop(0) if self.positions else 0
        if isinstance(data, bytes) and data:
            at = position % len(data)
            if fate == "changed":
                return op, data[:at] + bytes([data[at] ^ (1 << position % 8)]) + data[at + 1 :]
            return op, data[:at] if fate == "shorter" else data + data[at:]
        if isinstance(data, dict):
            name = sorted(data)[position % len(data)]
            if fate == "changed":
                return op, data | {name: position % 5}
            return op, {each: value for each, value in data.items() if each != name} if fate == "shorter" else [data]
        return message

    def check(self) -> None:
        sealed = self.call.protocol.seal(FRAME)
        assert sealed is None or self.may_be_plain or (FRAME not in sealed and sealed.endswith(b"\xfa\xfa"))
        assert self.call.protocol.open(101, FRAME) is None or self.may_be_plain


def change(call: DaveCall, wire: Wire, action: Any) -> None:
    """One thing that happens in a call, or a message out of nothing."""
    match action:
        case int() if action % 2 and 101 + action in call.members:
            call.leave(101 + action)
        case int() if 101 + action not in call.members:
            call.join(101 + action)
        case (op, data):
            wire.arrive((op, data))
        case "down" | "up":
            call.group.change_version(int(action == "up"))
    answer(call)


def answer(call: DaveCall) -> None:
    try:
        call.seat.answer()
    except MalformedMlsError:
        call.seat.unheard.clear()  # the sandbox would close the websocket, as it should


async def play(make_session: MakeMlsSession, actions: list[Any], fates: list[str], positions: list[int]) -> Wire:
    call = DaveCall(make_session)
    wire = Wire(call, fates, positions)
    call.seat.deliver = wire.deliver
    try:
        call.join(101)
        call.seat.deliver((11, set(call.members)))
        call.protocol.start(1)
        call.group.join(call.seat)
        answer(call)
        for action in actions:
            change(call, wire, action)
            wire.check()
            await asyncio.sleep(0)
        for message in wire.late:
            wire.arrive(message)
            answer(call)
        wire.check()
    finally:
        call.close()
    return wire


def messages(versions: st.SearchStrategy[int]) -> st.SearchStrategy[Message]:
    """Messages that no gateway would send."""
    return (
        st.tuples(st.just(21), st.fixed_dictionaries({"protocol_version": versions, "transition_id": SMALL}))
        | st.tuples(st.just(22), st.fixed_dictionaries({"transition_id": SMALL}))
        | st.tuples(
            st.just(24), st.fixed_dictionaries({"protocol_version": st.integers(0, 3), "epoch": st.integers(0, 3)})
        )
        | st.tuples(st.integers(21, 31).filter(lambda op: op != 21), JSON | st.binary(max_size=40))
    )


PLAYS = {"fates": st.lists(FATES, max_size=40), "positions": st.lists(st.integers(0, 2000), max_size=10)}
MANY = settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.mark.parametrize("name", LIBRARIES)
@MANY
@given(actions=st.lists(SMALL | messages(st.integers(1, 3)), max_size=12), **PLAYS)
def test_no_frame_ever_leaves_in_the_clear(
    name: str, actions: list[Any], fates: list[str], positions: list[int]
) -> None:
    wire = asyncio.run(play(library(name), actions, fates, [position for position in positions if position % 5]))
    assert not wire.may_be_plain


@pytest.mark.parametrize("name", LIBRARIES)
@MANY
@given(actions=st.lists(SMALL | st.sampled_from(["down", "up"]) | messages(st.integers(0, 1)), max_size=12), **PLAYS)
def test_frames_leave_in_the_clear_only_once_a_downgrade_is_executed(
    name: str, actions: list[Any], fates: list[str], positions: list[int]
) -> None:
    asyncio.run(play(library(name), actions, fates, positions))
