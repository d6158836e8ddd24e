"""Members as Discord's clients: announced once, slow to hear from their gateway, by Discord's own library."""

import asyncio

import pytest

from sandbox.voice import VoiceOp, VoiceServer
from tests.sandbox.voice.raw_client import CHANNEL, RawClient, connected, expect, frames

ALICE, BOB = 101, 102
NEVER = 60.0


async def keep_reading(client: RawClient) -> None:
    while True:
        await client.receive()


async def test_a_member_is_announced_once_however_often_it_speaks() -> None:
    async with VoiceServer(dave_protocol_version=0) as server, connected(server) as client:
        server.member_joined(CHANNEL, ALICE)
        await client.join(expect(server))
        for _ in range(3):
            await server.call(CHANNEL).speak(ALICE, frames(1))
        server.member_joined(CHANNEL, BOB)
        await client.receive_until(VoiceOp.CLIENTS_CONNECT)
        await client.receive_until(VoiceOp.CLIENTS_CONNECT)
        assert [message["op"] for message in client.inbox].count(VoiceOp.SPEAKING) == 1


async def test_members_may_never_be_announced() -> None:
    async with VoiceServer(dave_protocol_version=0) as server, connected(server) as client:
        server.member_joined(CHANNEL, ALICE)
        await client.join(expect(server))
        server.call(CHANNEL).announces_speakers = False
        await server.call(CHANNEL).speak(ALICE, frames(1))
        assert (await client.receive_voice())[1] == frames(1)[0]
        assert VoiceOp.SPEAKING not in [message["op"] for message in client.inbox]


@pytest.mark.parametrize(("lag", "misses"), [(0.0, False), (0.15, True)])
async def test_a_lagging_member_misses_what_is_sealed_with_the_new_key_before_op_22(lag: float, misses: bool) -> None:
    async with VoiceServer(commit_delay=NEVER) as server, connected(server) as client:
        server.member_joined(CHANNEL, ALICE, lag=lag)
        await client.join_encrypted(expect(server))
        call = server.call(CHANNEL)
        await asyncio.sleep(0.5)
        reading = asyncio.create_task(keep_reading(client))
        server.member_joined(CHANNEL, BOB)
        for frame in frames(30):
            client.send_voice(frame)  # davey seals with the new key as soon as it has the commit
            await asyncio.sleep(0.02)
        await asyncio.sleep(2 * lag)
        reading.cancel()
        assert bool(call.undecryptable_end_to_end) is misses


async def test_members_by_discords_own_library_hear_and_are_heard() -> None:
    pytest.importorskip("dave")
    from sandbox.voice.libdave_client import LibdaveClient  # noqa: PLC0415 - only where its library is

    async with VoiceServer(make_member=LibdaveClient) as server, connected(server) as client:
        server.member_joined(CHANNEL, ALICE)
        await client.join_encrypted(expect(server))
        call = server.call(CHANNEL)
        server.member_joined(CHANNEL, BOB)
        await client.receive_until(VoiceOp.DAVE_EXECUTE_TRANSITION)
        for frame in frames(5):
            client.send_voice(frame)
        await call.wait_for_frames(5)
        assert (len(call.speech()), call.undecryptable, call.plaintext_with_dave) == (5, 0, 0)
        assert {member.privacy_code for member in call.members.values()} == {
            client.session and client.session.voice_privacy_code
        }
        await call.speak(BOB, frames(1))
        assert client.decrypt(BOB, (await client.receive_voice())[1]) == frames(1)[0]
