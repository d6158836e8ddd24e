"""The DAVE group of a call, with the bot as a raw client and members of the server's own."""

import pytest

from sandbox.voice import SILENCE, Call, VoiceOp, VoiceServer
from tests.sandbox.voice.raw_client import BOT, CHANNEL, RawClient, connected, expect, frames

ALICE, BOB, CAROL = 101, 102, 103
NEVER = 60.0
"""A commit delay that lets the bot's commit always win."""


async def say(client: RawClient, call: Call, count: int = 10) -> None:
    """The bot speaks, and every frame must be heard."""
    before = len(call.speech())
    said = frames(count, first=before)
    for frame in said:
        client.send_voice(frame)
    await call.wait_for_frames(before + count)
    assert [frame.opus for frame in call.speech()[before:]] == said
    assert all(frame.end_to_end for frame in call.speech()[before:])


def members_share_the_bots_epoch(client: RawClient, call: Call) -> bool:
    codes = {member.privacy_code for member in call.members.values()}
    return client.session is not None and codes == {client.session.voice_privacy_code}


@pytest.mark.parametrize("commit_delay", [0.0, NEVER], ids=["a member commits", "the bot commits"])
async def test_one_member_and_the_bot_form_a_group(commit_delay: float) -> None:
    async with VoiceServer(commit_delay=commit_delay) as server, connected(server) as client:
        server.member_joined(CHANNEL, ALICE)
        await client.join_encrypted(expect(server))
        call = server.call(CHANNEL)
        await say(client, call)
        assert members_share_the_bots_epoch(client, call)
        assert (call.undecryptable, call.plaintext_with_dave) == (0, 0)


@pytest.mark.parametrize("humans", [2, 3, 5])
async def test_all_members_who_were_there_first_hear_every_frame(humans: int) -> None:
    async with VoiceServer() as server, connected(server) as client:
        for user in range(ALICE, ALICE + humans):
            server.member_joined(CHANNEL, user)
        await client.join_encrypted(expect(server))
        call = server.call(CHANNEL)
        await say(client, call, 20)
        assert call.group.members == {BOT, *range(ALICE, ALICE + humans)}
        assert members_share_the_bots_epoch(client, call)
        assert call.undecryptable == 0


@pytest.mark.parametrize("commit_delay", [0.0, NEVER], ids=["a member commits", "the bot commits"])
async def test_members_come_and_go_during_the_call(commit_delay: float) -> None:
    async with VoiceServer(commit_delay=commit_delay) as server, connected(server) as client:
        server.member_joined(CHANNEL, ALICE)
        await client.join_encrypted(expect(server))
        call = server.call(CHANNEL)
        await say(client, call)
        for change, user in [
            (server.member_joined, BOB),
            (server.member_joined, CAROL),
            (server.member_left, ALICE),
            (server.member_joined, ALICE),
            (server.member_left, BOB),
            (server.member_left, CAROL),
        ]:
            change(CHANNEL, user)
            await client.receive_until(VoiceOp.DAVE_EXECUTE_TRANSITION)
            assert members_share_the_bots_epoch(client, call)
            await say(client, call)
        assert (call.undecryptable, call.plaintext_with_dave) == (0, 0)


async def test_two_changes_at_once_end_in_one_epoch() -> None:
    async with VoiceServer(commit_delay=NEVER) as server, connected(server) as client:
        server.member_joined(CHANNEL, ALICE)
        await client.join_encrypted(expect(server))
        call = server.call(CHANNEL)
        server.member_joined(CHANNEL, BOB)
        await client.receive_until(VoiceOp.DAVE_EXECUTE_TRANSITION)
        server.member_left(CHANNEL, ALICE)
        server.member_joined(CHANNEL, CAROL)
        await client.receive_until(VoiceOp.DAVE_EXECUTE_TRANSITION)
        assert call.group.members == {BOT, BOB, CAROL}
        await say(client, call)
        assert call.undecryptable == 0


async def test_a_proposal_for_someone_who_left_again_is_taken_back() -> None:
    async with VoiceServer(commit_delay=NEVER) as server, connected(server) as client:
        server.member_joined(CHANNEL, ALICE)
        await client.join_encrypted(expect(server))
        call = server.call(CHANNEL)
        server.member_joined(CHANNEL, BOB)
        server.member_left(CHANNEL, BOB)
        await client.receive_until(VoiceOp.CLIENT_DISCONNECT)
        assert (await client.receive_until(VoiceOp.MLS_PROPOSALS))[0] == 1
        server.member_joined(CHANNEL, CAROL)
        await client.receive_until(VoiceOp.DAVE_EXECUTE_TRANSITION)
        assert call.group.members == {BOT, ALICE, CAROL}
        await say(client, call)
        assert call.undecryptable == 0


async def test_the_bot_left_alone_starts_over_and_is_heard_by_the_next_member() -> None:
    async with VoiceServer() as server, connected(server) as client:
        server.member_joined(CHANNEL, ALICE)
        await client.join_encrypted(expect(server))
        call = server.call(CHANNEL)
        await say(client, call)
        server.member_left(CHANNEL, ALICE)
        assert (await client.receive_until(VoiceOp.DAVE_PREPARE_EPOCH))["epoch"] == 1
        assert (await client.receive_until(VoiceOp.DAVE_PREPARE_TRANSITION))["transition_id"] == 0
        server.member_joined(CHANNEL, BOB)
        await client.receive_until(VoiceOp.DAVE_EXECUTE_TRANSITION)
        await say(client, call)
        assert (call.undecryptable, call.plaintext_with_dave) == (0, 0)


async def test_the_bot_reconnects_and_is_heard_again_in_the_same_call() -> None:
    async with VoiceServer() as server:
        for user in (ALICE, BOB):
            server.member_joined(CHANNEL, user)
        call = server.call(CHANNEL)
        for _ in range(3):
            async with connected(server) as client:
                await client.join_encrypted(expect(server))
                await say(client, call)
        assert {frame.connection for frame in call.frames} == {0, 1, 2}
        assert (call.undecryptable, call.plaintext_with_dave) == (0, 0)


async def test_the_bot_reconnects_to_its_only_member() -> None:
    async with VoiceServer() as server:
        server.member_joined(CHANNEL, ALICE)
        call = server.call(CHANNEL)
        for _ in range(3):
            async with connected(server) as client:
                await client.join_encrypted(expect(server))
                await say(client, call)
        assert (call.undecryptable, call.plaintext_with_dave) == (0, 0)


@pytest.mark.parametrize("humans", [1, 2])
async def test_a_bot_that_goes_without_answering_its_welcome_holds_nobody_up(humans: int) -> None:
    async with VoiceServer() as server:
        for user in range(ALICE, ALICE + humans):
            server.member_joined(CHANNEL, user)
        call = server.call(CHANNEL)
        async with connected(server) as client:
            await client.join(expect(server))
            client.session = None
            await client.receive_until(VoiceOp.MLS_WELCOME)
        async with connected(server) as client:
            await client.join_encrypted(expect(server))
            await say(client, call)
        assert (call.undecryptable, call.plaintext_with_dave) == (0, 0)


@pytest.mark.parametrize("humans", [1, 3])
async def test_a_bot_that_cannot_take_its_welcome_is_added_again(humans: int) -> None:
    async with VoiceServer() as server, connected(server) as client:
        for user in range(ALICE, ALICE + humans):
            server.member_joined(CHANNEL, user)
        client.refuses_next_commit = True
        await client.join(expect(server))
        await client.receive_until(VoiceOp.MLS_WELCOME)
        assert not client.refuses_next_commit
        await client.receive_until(VoiceOp.DAVE_EXECUTE_TRANSITION)
        call = server.call(CHANNEL)
        await say(client, call)
        assert members_share_the_bots_epoch(client, call)


async def test_a_bot_that_cannot_take_a_commit_is_added_again() -> None:
    async with VoiceServer() as server, connected(server) as client:
        server.member_joined(CHANNEL, ALICE)
        await client.join_encrypted(expect(server))
        client.refuses_next_commit = True
        server.member_joined(CHANNEL, BOB)
        await client.receive_until(VoiceOp.MLS_WELCOME)
        await client.receive_until(VoiceOp.DAVE_EXECUTE_TRANSITION)
        call = server.call(CHANNEL)
        await say(client, call)
        assert members_share_the_bots_epoch(client, call)


async def test_a_commit_without_a_welcome_for_the_new_member_is_dropped() -> None:
    async with VoiceServer(commit_delay=0.1) as server, connected(server) as client:
        for user in (ALICE, BOB):
            server.member_joined(CHANNEL, user)
        await client.join_encrypted(expect(server))
        call = server.call(CHANNEL)
        # davey gives the bot no welcome when a removal follows an addition, so a member's commit has to win.
        server.member_joined(CHANNEL, CAROL)
        server.member_left(CHANNEL, BOB)
        await client.receive_until(VoiceOp.DAVE_EXECUTE_TRANSITION)
        assert call.group.members == {BOT, ALICE, CAROL}
        await say(client, call)
        assert (call.undecryptable, call.plaintext_with_dave) == (0, 0)


async def test_a_live_session_goes_down_to_transport_encryption_and_up_again() -> None:
    async with VoiceServer() as server, connected(server) as client:
        server.member_joined(CHANNEL, ALICE)
        await client.join_encrypted(expect(server))
        call = server.call(CHANNEL)
        call.change_dave_version(0)
        await client.receive_until(VoiceOp.DAVE_EXECUTE_TRANSITION)
        client.send_payload(frames(1)[0])
        await call.wait_for_frames(1)
        assert (call.plaintext_with_dave, call.speech()[0].end_to_end) == (0, False)
        call.change_dave_version(1)
        await client.receive_until(VoiceOp.DAVE_EXECUTE_TRANSITION)
        await say(client, call)
        assert call.undecryptable == 0


async def test_the_next_connection_decides_whether_the_call_is_encrypted() -> None:
    async with VoiceServer() as server:
        server.member_joined(CHANNEL, ALICE)
        server.member_joined(CHANNEL, BOB)
        call = server.call(CHANNEL)
        async with connected(server) as client:
            await client.join_encrypted(expect(server))
            await say(client, call)
        server.dave_protocol_version = 0
        async with connected(server) as client:
            await client.join(expect(server), dave=0)
            client.send_voice(frames(1)[0])
            await call.wait_for_frames(11)
        server.dave_protocol_version = 1
        async with connected(server) as client:
            await client.join_encrypted(expect(server))
            await say(client, call)
        assert [frame.end_to_end for frame in call.speech()] == [True] * 10 + [False] + [True] * 10
        assert (call.undecryptable, call.plaintext_with_dave) == (0, 0)


async def test_speech_in_the_clear_is_counted_and_no_member_hears_it() -> None:
    async with VoiceServer() as server, connected(server) as client:
        server.member_joined(CHANNEL, ALICE)
        await client.join_encrypted(expect(server))
        call = server.call(CHANNEL)
        client.send_payload(frames(1)[0])
        client.send_payload(SILENCE)
        await say(client, call, 1)
        assert call.plaintext_with_dave == 1
        assert [frame.is_silence for frame in call.frames] == [True, False]


async def test_frames_of_another_group_are_counted_as_undecryptable() -> None:
    async with VoiceServer() as server, connected(server) as client:
        server.member_joined(CHANNEL, ALICE)
        await client.join_encrypted(expect(server))
        call = server.call(CHANNEL)
        member = call.members[ALICE]
        member.listening_since = 0.0
        client.send_payload(frames(1)[0] + bytes(8) + b"\0\x0c\xfa\xfa")
        client.send_voice(SILENCE)
        client.send_voice(frames(1)[0])
        await call.wait_for_frames(1)
        assert (call.undecryptable_end_to_end, call.undecryptable_transport) == (1, 0)
