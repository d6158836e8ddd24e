"""Ops 21 to 31 on a real wire, late, doubled, left out, cut: nothing breaks, and nothing leaves in the clear."""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sandbox.voice import VoiceOp, VoiceServer
from tests.support.dave_libraries import LIBRARIES, library
from tests.voicewire.wire import ADA, CHANNEL, connected, frames
from voicewire import EndCause

FIRST_GUEST = 200
FATES = st.sampled_from(["as it is"] * 8 + ["twice", "never", "later", "shorter", "longer", "as the other kind"])
SMALL = st.integers(0, 6)
FIELDS = st.sampled_from(["transition_id", "protocol_version", "epoch"])
OBJECTS = st.dictionaries(FIELDS, st.integers(1, 3) | st.text(max_size=2) | st.none(), max_size=3)
INVENTED = st.tuples(st.integers(21, 31), OBJECTS | st.binary(max_size=60))


def arrivals(op: int, data: Any, fate: str) -> Iterator[tuple[int, Any]]:
    """What becomes of a message on its way."""
    match fate:
        case "twice":
            yield op, data
            yield op, data
        case "shorter":
            yield op, data[: len(data) // 2] if isinstance(data, bytes) else dict([*data.items()][1:])
        case "longer":
            yield op, data + data if isinstance(data, bytes) else {**data, "more": [data]}
        case "as the other kind":
            yield op, {"data": data.hex()} if isinstance(data, bytes) else repr(data).encode()
        case _:
            yield op, data


async def play(name: str, actions: list[Any], fates: list[str]) -> None:
    async with VoiceServer(missed_heartbeats=None) as server:
        server.member_joined(CHANNEL, ADA)
        async with connected(server, library(name)) as connection:
            call = server.call(CHANNEL)
            (session,) = call.sessions
            send, late = session.send, list[tuple[Any, Any]]()

            def deliver(op: VoiceOp, data: Any) -> None:
                fate = fates.pop(0) if op >= VoiceOp.DAVE_PREPARE_TRANSITION and fates else "as it is"
                if fate == "later":
                    late.append((op, data))
                elif fate != "never":
                    for each, changed in arrivals(op, data, fate):
                        send(VoiceOp(each), changed)

            session.send = deliver  # type: ignore[method-assign]
            for number, action in enumerate(actions):
                if isinstance(action, tuple):
                    server.faults.send(CHANNEL, *action)
                elif FIRST_GUEST + action in call.members:
                    server.member_left(CHANNEL, FIRST_GUEST + action)
                else:
                    server.member_joined(CHANNEL, FIRST_GUEST + action)
                await asyncio.sleep(0.005)
                connection.send_frame(frames(1, number)[0])
            while late:
                send(*late.pop())
            await asyncio.sleep(0.02)
            connection.send_frame(frames(1, len(actions))[0])
            await asyncio.sleep(0.02)
            assert call.plaintext_with_dave == 0
            if not connection.is_connected:
                assert connection.ended.result().cause is EndCause.CLOSED, "the voice server may refuse what we answer"


@pytest.mark.parametrize("name", LIBRARIES)
@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(actions=st.lists(SMALL | INVENTED, min_size=1, max_size=15), fates=st.lists(FATES, max_size=40))
def test_no_message_breaks_the_connection_or_brings_out_a_plain_frame(
    name: str, actions: list[Any], fates: list[str]
) -> None:
    asyncio.run(play(name, actions, fates))
