"""py-cord's unmodified VoiceClient against the server: what the sandbox exists for."""

import asyncio

import pytest

from sandbox.voice import VoiceServer
from tests.sandbox.voice.pycord_client import OpusFrames, pycord_connected
from tests.sandbox.voice.raw_client import CHANNEL, frames

ALICE, BOB = 101, 102
FRAMES = 25


async def ready(voice: object) -> None:
    """Until py-cord is in the DAVE group."""
    connection = getattr(voice, "_connection")  # noqa: B009 - private in py-cord, and untyped
    async with asyncio.timeout(5):
        while not connection.dave_session.ready:  # noqa: ASYNC110 - py-cord announces it nowhere
            await asyncio.sleep(0.005)


@pytest.mark.parametrize("commit_delay", [0.0, 60.0], ids=["a member commits", "the bot commits"])
@pytest.mark.parametrize("members", [[ALICE], [ALICE, BOB]], ids=["one member", "two members"])
async def test_pycord_is_heard_by_the_members(commit_delay: float, members: list[int]) -> None:
    async with VoiceServer(commit_delay=commit_delay) as server:
        for user in members:
            server.member_joined(CHANNEL, user)
        async with pycord_connected(server) as voice:
            await ready(voice)
            said = frames(FRAMES)
            voice.play(OpusFrames(said))
            call = server.call(CHANNEL)
            await call.wait_for_frames(FRAMES)
            assert [frame.opus for frame in call.speech()] == said
            assert all(frame.end_to_end for frame in call.speech())
            assert (call.undecryptable, call.plaintext_with_dave) == (0, 0)
            assert call.connections[0].speaking[-1][1] == 1


async def test_a_member_who_spoke_and_leaves_ends_the_poller_of_pycord() -> None:
    """A trap of py-cord 2.8.1, not of the sandbox: when this fails, py-cord has been mended."""
    async with VoiceServer() as server:
        server.member_joined(CHANNEL, ALICE)
        async with pycord_connected(server) as voice:
            await ready(voice)
            await server.call(CHANNEL).speak(ALICE, frames(3))
            server.member_left(CHANNEL, ALICE)
            poller = getattr(voice, "_connection")._runner  # noqa: B009 - private in py-cord
            done, _ = await asyncio.wait([poller], timeout=5)
            assert done
            assert isinstance(poller.exception(), AttributeError)


async def test_a_repeated_external_sender_ends_the_poller_of_pycord() -> None:
    """A trap of py-cord 2.8.1, not of the sandbox: when this fails, py-cord has been mended."""
    async with VoiceServer() as server:
        server.member_joined(CHANNEL, ALICE)
        async with pycord_connected(server) as voice:
            await ready(voice)
            server.faults.repeat_external_sender(CHANNEL)
            poller = getattr(voice, "_connection")._runner  # noqa: B009 - private in py-cord
            done, _ = await asyncio.wait([poller], timeout=5)
            assert done
            assert isinstance(poller.exception(), ValueError)


async def test_pycord_is_heard_without_dave() -> None:
    async with VoiceServer(dave_protocol_version=0) as server, pycord_connected(server) as voice:
        said = frames(FRAMES)
        voice.play(OpusFrames(said))
        call = server.call(CHANNEL)
        await call.wait_for_frames(FRAMES)
        assert [frame.opus for frame in call.speech()] == said
        assert not any(frame.end_to_end for frame in call.speech())


async def test_pycord_keeps_being_heard_while_members_come_and_go() -> None:
    async with VoiceServer() as server:
        server.member_joined(CHANNEL, ALICE)
        async with pycord_connected(server) as voice:
            await ready(voice)
            call = server.call(CHANNEL)
            said = frames(60)
            voice.play(OpusFrames(said))
            await call.wait_for_frames(15)
            server.member_joined(CHANNEL, BOB)
            await call.wait_for_frames(30)
            server.member_left(CHANNEL, ALICE)
            await call.wait_for_frames(60)
            assert [frame.opus for frame in call.speech()] == said
            assert call.members[BOB].listening_since is not None
            assert (call.undecryptable, call.plaintext_with_dave) == (0, 0)
