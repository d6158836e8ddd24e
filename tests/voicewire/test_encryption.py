"""Members come and go while we speak, some of them by Discord's own library, some with a gateway that lags."""

import asyncio

import pytest

from sandbox.voice import VoiceServer
from tests.support.dave_libraries import HAS_LIBDAVE, LIBRARIES, library
from tests.support.eventually import eventually
from tests.voicewire.members import member
from tests.voicewire.wire import ADA, BEN, CHANNEL, Ears, connected, frames, say

NEVER = 60.0
FIRST_GUEST = 200


@pytest.mark.parametrize("name", LIBRARIES)
@pytest.mark.parametrize("members", LIBRARIES)
@pytest.mark.parametrize(
    ("lag", "commit_delay"), [(0.0, 0.0), (0.0, NEVER), (0.15, 0.05)], ids=["they commit", "we commit", "they lag"]
)
async def test_whoever_comes_and_goes_costs_no_frame_and_no_pause(
    name: str, members: str, lag: float, commit_delay: float
) -> None:
    ears = Ears()
    async with VoiceServer(make_member=member(members), commit_delay=commit_delay) as server:
        server.member_joined(CHANNEL, ADA, lag=lag)
        server.member_joined(CHANNEL, BEN, lag=lag)
        async with connected(server, library(name), ears) as connection:
            call = server.call(CHANNEL)
            await eventually(lambda: all(each.listening_since for each in call.members.values()))
            await asyncio.sleep(2 * lag)
            speaking = asyncio.create_task(call.speak(ADA, frames(120)))
            waits = 0
            for guest in range(8):
                server.member_joined(CHANNEL, FIRST_GUEST + guest, lag=lag)
                waits += await say(connection, frames(8, 16 * guest), 0.01)
                if guest % 2:
                    server.member_left(CHANNEL, FIRST_GUEST + guest)
                waits += await say(connection, frames(8, 16 * guest + 8), 0.01)
            await speaking
            await asyncio.sleep(0.2 + 2 * lag)
            assert waits == 0, "speech paused"
            assert [frame.opus for frame in call.speech()] == frames(128)
            assert (call.undecryptable, call.plaintext_with_dave, call.unheard) == (0, 0, 0)
            assert ears.of(ADA) == frames(120)
            assert connection.session.dave.refused == 0
            await eventually(
                lambda: {each.privacy_code for each in call.members.values()} == {connection.session.dave.privacy_code}
            )


@pytest.mark.skipif(not HAS_LIBDAVE, reason="dave.py is not installed")
async def test_both_libraries_agree_on_the_privacy_code() -> None:
    async with VoiceServer(make_member=member("libdave")) as server:
        server.member_joined(CHANNEL, ADA)
        async with connected(server, library("davey")) as connection:
            assert connection.session.dave.privacy_code == server.call(CHANNEL).members[ADA].privacy_code
