"""What members say arrives: whole, attributed, and nothing of whoever is not listened to."""

import asyncio

import pytest

from sandbox.voice import VoiceServer
from sandbox.voice.rtp import AES, XCHACHA
from sandbox.voice.talker import SILENCE_FRAMES
from tests.support.dave_libraries import LIBRARIES, library
from tests.support.eventually import eventually
from tests.voicewire.members import member
from tests.voicewire.wire import ADA, BEN, CHANNEL, EVE, Ears, connected, frames


@pytest.mark.parametrize("name", LIBRARIES)
@pytest.mark.parametrize("members", LIBRARIES)
@pytest.mark.parametrize("mode", [AES, XCHACHA])
async def test_three_at_once_are_heard_whole_whether_announced_or_not(name: str, members: str, mode: str) -> None:
    ears = Ears()
    async with VoiceServer(modes=[mode], make_member=member(members)) as server:
        for user in (ADA, BEN, EVE):
            server.member_joined(CHANNEL, user)
        async with connected(server, library(name), ears) as connection:
            call = server.call(CHANNEL)
            said = {user: frames(60, 1000 * user) for user in (ADA, BEN, EVE)}
            call.announces_speakers = False
            unannounced = asyncio.create_task(call.speak(EVE, said[EVE]))
            await asyncio.sleep(0.1)
            call.announces_speakers = True
            await asyncio.gather(call.speak(ADA, said[ADA]), call.speak(BEN, said[BEN]), unannounced)
            await eventually(lambda: len(ears.packets) == 180)
            assert {user: ears.of(user) for user in said} == said
            counters = connection.session.receiver.counters
            await eventually(lambda: [counters[user].given for user in said] == [60 + SILENCE_FRAMES] * 3)
            assert [counters[user].lost for user in said] == [0] * 3
            assert connection.session.receiver.unattributed == 0


async def test_without_end_to_end_encryption_op_5_says_who_speaks() -> None:
    ears = Ears()
    async with VoiceServer(dave_protocol_version=0) as server:
        server.member_joined(CHANNEL, ADA)
        async with connected(server, ears=ears):
            await server.call(CHANNEL).speak(ADA, frames(20))
            await eventually(lambda: ears.of(ADA) == frames(20))


@pytest.mark.parametrize("name", LIBRARIES)
@pytest.mark.parametrize("announced", [True, False])
async def test_nothing_is_opened_of_whoever_is_not_listened_to(name: str, announced: bool) -> None:
    ears = Ears(BEN)
    async with VoiceServer() as server:
        server.member_joined(CHANNEL, ADA)
        server.member_joined(CHANNEL, BEN)
        async with connected(server, library(name), ears) as connection:
            call = server.call(CHANNEL)
            call.announces_speakers = announced
            await asyncio.gather(call.speak(ADA, frames(20)), call.speak(BEN, frames(20)))
            await eventually(lambda: ears.of(BEN) == frames(20))
            assert ears.of(ADA) == []
            if announced:
                assert connection.session.receiver.counters[ADA].ignored >= 19


async def test_a_member_who_comes_back_is_heard_again() -> None:
    ears = Ears()
    async with VoiceServer() as server:
        server.member_joined(CHANNEL, ADA)
        server.member_joined(CHANNEL, BEN)
        async with connected(server, ears=ears) as connection:
            call = server.call(CHANNEL)
            await call.speak(ADA, frames(10))
            server.member_left(CHANNEL, ADA)
            await eventually(lambda: ADA not in connection.session.dave.members)
            server.member_joined(CHANNEL, ADA)
            await eventually(lambda: call.members[ADA].listening_since is not None)
            await call.speak(ADA, frames(10, 10))
            await eventually(lambda: len(ears.of(ADA)) == 20)
            assert {packet.opus for packet in ears.packets} == set(frames(20))
            assert len({packet.ssrc for packet in ears.packets}) == 2


@pytest.mark.parametrize("name", LIBRARIES)
async def test_whoever_speaks_before_we_are_in_the_group_is_heard_from_then_on(name: str) -> None:
    ears = Ears()
    async with VoiceServer(make_member=member("davey")) as server:
        server.member_joined(CHANNEL, ADA)
        server.member_joined(CHANNEL, BEN)
        await asyncio.sleep(0.05)
        speaking = asyncio.create_task(server.call(CHANNEL).speak(ADA, frames(60)))
        async with connected(server, library(name), ears):
            await speaking
            await eventually(lambda: bool(ears.of(ADA)) and ears.of(ADA)[-1] == frames(60)[-1])
            heard = [opus for opus in ears.of(ADA) if opus is not None]
            assert heard == frames(60)[-len(heard) :]
            assert len(heard) >= 40
