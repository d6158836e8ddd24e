"""Two gateway sessions of one bot and shard, as while a deploy replaces a process: who hears and holds what."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest

from sandbox import ChannelHandle, GuildHandle, MemberActor, Sandbox
from sandbox.gateway.opcodes import GatewayOp
from sandbox.voice import VoiceOp
from tests.sandbox.bare_bot import Asked, Bot
from tests.sandbox.gateway.client import GatewayClient, connected
from tests.sandbox.rest.client import RestClient
from tests.sandbox.voice import raw_client

Sessions = tuple[GatewayClient, GatewayClient]
OPUS = b"\x78" + bytes(8)


@pytest.fixture
def lounge(guild: GuildHandle) -> ChannelHandle:
    return guild.add_voice_channel("Lounge")


@pytest.fixture
async def sessions(server: Sandbox, lounge: ChannelHandle) -> AsyncIterator[Sessions]:
    """The older and the newer one, both of the only shard."""
    assert not lounge.occupants
    async with connected(server) as old, connected(server) as new:
        for session in (old, new):
            await session.identify()
            await session.settle()
        yield old, new


class InCall:
    """One session's way into a call: op 4 on the gateway, then the voice gateway."""

    def __init__(self, server: Sandbox, gateway: GatewayClient, lounge: ChannelHandle) -> None:
        self._server = server
        self._gateway = gateway
        self._lounge = lounge

    async def ask(self, channel: ChannelHandle | None) -> None:
        """Op 4."""
        where = str(channel.id) if channel else None
        await self._gateway.send(GatewayOp.VOICE_STATE, {"guild_id": str(self._lounge.guild.id), "channel_id": where})

    async def join(self, stack: AsyncExitStack) -> raw_client.RawClient:
        """Ask, and go through the whole handshake; the voice client lasts as long as the stack."""
        await self.ask(self._lounge)
        assigned = await self._gateway.event("VOICE_SERVER_UPDATE")
        voice = await stack.enter_async_context(raw_client.connected(self._server.voice))
        identify = {
            "server_id": str(self._lounge.guild.id),
            "user_id": str(self._server.bot.id),
            "session_id": self._gateway.session_id,
            "token": assigned["token"],
            "max_dave_protocol_version": 0,
        }
        await voice.say(VoiceOp.IDENTIFY, identify)
        await voice.select(await voice.receive_until(VoiceOp.READY))
        return voice


async def test_both_get_every_dispatch(
    sessions: Sessions, guild: GuildHandle, lounge: ChannelHandle, ada: MemberActor
) -> None:
    before = [len(session.events) for session in sessions]
    typed = await ada.type("hello", lounge)
    await ada.edit(typed, "good day")
    await ada.delete(typed)
    await ada.start_typing(lounge)
    await ada.join(lounge)
    guild.add_text_channel("news")
    for session in sessions:
        await session.settle()
    heard = [session.events[count:] for session, count in zip(sessions, before, strict=True)]
    assert heard[0] == heard[1]
    assert set(heard[0]) >= {
        "MESSAGE_CREATE",
        "MESSAGE_UPDATE",
        "MESSAGE_DELETE",
        "TYPING_START",
        "VOICE_STATE_UPDATE",
        "CHANNEL_CREATE",
    }


async def test_the_newer_is_told_of_the_call_in_which_the_older_is(server: Sandbox, lounge: ChannelHandle) -> None:
    async with connected(server) as old, connected(server) as new:
        await old.identify()
        await InCall(server, old, lounge).ask(lounge)
        await old.event("VOICE_SERVER_UPDATE")
        await new.identify()
        (state,) = (await new.event("GUILD_CREATE"))["voice_states"]
    assert (state["user_id"], state["session_id"]) == (str(server.bot.id), old.session_id)


async def test_both_may_answer_an_interaction_and_the_second_is_told_that_it_is_late(
    sessions: Sessions, rest: RestClient, guild: GuildHandle, ada: MemberActor
) -> None:
    text = guild.add_text_channel("general")
    await Bot(rest, sessions[0]).register()
    codes: list[int] = []

    async def answer(session: GatewayClient) -> None:
        asked = Asked(rest, await session.event("INTERACTION_CREATE"))
        codes.append(await asked.respond(4, content="Here."))

    async with asyncio.TaskGroup() as tasks:
        for session in sessions:
            tasks.create_task(answer(session))
        reply = await ada.command("go", text)
    assert sorted(codes) == [0, 40060]
    assert [message.content for message in text.messages] == [reply.content] == ["Here."]


@pytest.mark.parametrize("server", [{"dave_protocol_version": 0}], indirect=True)
async def test_the_newer_ones_join_replaces_the_state_and_ends_the_older_ones_voice(
    server: Sandbox, sessions: Sessions, guild: GuildHandle, lounge: ChannelHandle
) -> None:
    old, new = (InCall(server, session, lounge) for session in sessions)
    async with AsyncExitStack() as stack:
        first = await old.join(stack)
        first.send_voice(OPUS)
        await lounge.call.wait_for_frames(1)
        second = await new.join(stack)
        assert await first.receive_close() == 4014
        assert lounge.call.connections[0].close_code == 4014
        first.send_voice(OPUS)  # before the other's, so that it would have been heard by then
        second.send_voice(OPUS)
        await lounge.call.wait_for_frames(2)
        assert [frame.connection for frame in lounge.call.speech()] == [0, 1]
    state = guild.bot_voice
    assert state is not None
    assert (state.channel, state.session_id) == (lounge.channel, sessions[1].session_id)
    assert lounge.occupants == [server.bot]


@pytest.mark.parametrize("server", [{"dave_protocol_version": 0}], indirect=True)
async def test_the_older_one_hears_of_the_newer_ones_state_and_not_of_its_server(
    server: Sandbox, sessions: Sessions, lounge: ChannelHandle
) -> None:
    old, new = sessions
    async with AsyncExitStack() as stack:
        await InCall(server, old, lounge).join(stack)
        await old.settle()
        before = len(old.received)
        await InCall(server, new, lounge).join(stack)
        await old.settle()
        heard = [payload for payload in old.received[before:] if payload["op"] == GatewayOp.DISPATCH]
        assert [payload["t"] for payload in heard] == ["VOICE_STATE_UPDATE"]
        assert heard[0]["d"]["session_id"] == new.session_id


@pytest.mark.parametrize("server", [{"dave_protocol_version": 0}], indirect=True)
async def test_the_older_ones_leaving_throws_the_newer_one_out(
    server: Sandbox, sessions: Sessions, guild: GuildHandle, lounge: ChannelHandle
) -> None:
    old, new = (InCall(server, session, lounge) for session in sessions)
    async with AsyncExitStack() as stack:
        await old.join(stack)
        voice = await new.join(stack)
        await old.ask(None)
        assert await voice.receive_close() == 4014
    assert guild.bot_voice is None


@pytest.mark.parametrize("server", [{"dave_protocol_version": 0}], indirect=True)
async def test_the_older_ones_end_without_leaving_lets_the_newer_one_be(
    server: Sandbox, sessions: Sessions, guild: GuildHandle, lounge: ChannelHandle
) -> None:
    old, new = sessions
    async with AsyncExitStack() as stack:
        await InCall(server, old, lounge).join(stack)
        voice = await InCall(server, new, lounge).join(stack)
        await old.socket.close(code=1000)
        await new.settle()
        voice.send_voice(OPUS)
        await lounge.call.wait_for_frames(1)
    assert guild.bot_voice is not None
    assert guild.bot_voice.session_id == new.session_id
