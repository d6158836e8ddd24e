"""Who gets into which voice channel, and what the bot is told of it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from sandbox import ChannelHandle, GuildHandle, NotAllowed, Sandbox
from sandbox.gateway.opcodes import GatewayOp
from tests.sandbox.gateway.client import GatewayClient, connected


@pytest.fixture
def guild(server: Sandbox) -> GuildHandle:
    return server.add_guild("Reading club")


@pytest.fixture
def lounge(guild: GuildHandle) -> ChannelHandle:
    return guild.add_voice_channel("Lounge")


@pytest.fixture
async def client(server: Sandbox, lounge: ChannelHandle) -> AsyncIterator[GatewayClient]:
    assert lounge.occupants == []
    async with connected(server) as client:
        await client.identify()
        await client.settle()
        client.received.clear()
        yield client


async def ask(client: GatewayClient, guild: GuildHandle, channel: ChannelHandle | None, **flags: bool) -> list[str]:
    """Op 4; the events that come of it."""
    before = len(client.events)
    where = str(channel.id) if channel else None
    await client.send(GatewayOp.VOICE_STATE, {"guild_id": str(guild.id), "channel_id": where} | flags)
    await client.settle()
    return client.events[before:]


async def test_join_gives_state_and_then_server(
    server: Sandbox, client: GatewayClient, guild: GuildHandle, lounge: ChannelHandle
) -> None:
    await client.send(GatewayOp.VOICE_STATE, {"guild_id": guild.id, "channel_id": lounge.id, "self_deaf": True})
    state = await client.event("VOICE_STATE_UPDATE")
    assigned = await client.event("VOICE_SERVER_UPDATE")
    assert (state["channel_id"], state["user_id"]) == (str(lounge.id), str(server.bot.id))
    assert (state["session_id"], state["self_deaf"]) == (client.session_id, True)
    assert assigned["endpoint"] == server.voice.endpoint
    assert assigned["guild_id"] == str(guild.id)
    assert lounge.occupants == [server.bot]


async def test_leave_gives_a_state_without_channel_once(
    client: GatewayClient, guild: GuildHandle, lounge: ChannelHandle
) -> None:
    await ask(client, guild, lounge)
    assert await ask(client, guild, None) == ["VOICE_STATE_UPDATE"]
    assert client.received[-2]["d"]["channel_id"] is None
    assert await ask(client, guild, None) == []
    assert lounge.occupants == []


def tokens(client: GatewayClient) -> list[str]:
    """The voice tokens that came so far."""
    return [each["d"]["token"] for each in client.received if each["t"] == "VOICE_SERVER_UPDATE"]


async def test_rejoin_without_voice_connection_gives_the_server_again_with_the_same_token(
    client: GatewayClient, guild: GuildHandle, lounge: ChannelHandle
) -> None:
    both = ["VOICE_STATE_UPDATE", "VOICE_SERVER_UPDATE"]
    assert await ask(client, guild, lounge) == both
    assert await ask(client, guild, lounge) == both
    assert len(set(tokens(client))) == 1


async def test_another_channel_and_coming_back_give_another_token(
    client: GatewayClient, guild: GuildHandle, lounge: ChannelHandle
) -> None:
    for channel in (lounge, guild.add_voice_channel("Attic"), lounge, None, lounge):
        await ask(client, guild, channel)
    assert len(tokens(client)) == len(set(tokens(client))) == 4


async def test_bot_that_is_moved_where_it_is_gets_another_server(
    client: GatewayClient, guild: GuildHandle, lounge: ChannelHandle
) -> None:
    await ask(client, guild, lounge)
    await guild.move_bot(lounge)
    await client.settle()
    assert len(set(tokens(client))) == 2


async def test_closed_or_full_channel_answers_with_silence(client: GatewayClient, guild: GuildHandle) -> None:
    closed, full = guild.add_voice_channel("Closed"), guild.add_voice_channel("Full", user_limit=1)
    text = guild.add_text_channel("text")
    closed.deny(guild.backend.bot, "connect")
    await guild.add_member("Ada").join(full)
    await client.settle()
    for channel in (closed, full, text):
        assert await ask(client, guild, channel) == []
    guild.set_bot_permissions(move_members=True)
    await client.settle()
    assert await ask(client, guild, full) == ["VOICE_STATE_UPDATE", "VOICE_SERVER_UPDATE"]


async def test_dragged_bot_gets_a_state_and_a_server(
    client: GatewayClient, guild: GuildHandle, lounge: ChannelHandle
) -> None:
    attic = guild.add_voice_channel("Attic")
    with pytest.raises(NotAllowed):
        await guild.move_bot(attic)
    await ask(client, guild, lounge)
    await guild.move_bot(attic)
    state = await client.event("VOICE_STATE_UPDATE")
    await client.event("VOICE_SERVER_UPDATE")
    assert state["channel_id"] == str(attic.id)
    assert (len(lounge.occupants), len(attic.occupants)) == (0, 1)


async def test_deleting_the_channel_throws_everybody_out(
    client: GatewayClient, guild: GuildHandle, lounge: ChannelHandle
) -> None:
    ada = guild.add_member("Ada")
    await ada.join(lounge)
    await ask(client, guild, lounge)
    client.received.clear()
    await guild.delete_channel(lounge)
    await client.settle()
    assert client.events == ["VOICE_STATE_UPDATE", "VOICE_STATE_UPDATE", "CHANNEL_DELETE"]
    assert guild.voice_states == {}
    with pytest.raises(NotAllowed):
        await ada.join(lounge)


async def test_removed_bot_leaves_voice(client: GatewayClient, guild: GuildHandle, lounge: ChannelHandle) -> None:
    await ask(client, guild, lounge)
    client.received.clear()
    await guild.remove_bot()
    await client.settle()
    assert client.events == ["VOICE_STATE_UPDATE", "GUILD_DELETE"]


async def test_bot_that_goes_offline_leaves_voice_but_not_while_it_can_resume(
    server: Sandbox, guild: GuildHandle, lounge: ChannelHandle
) -> None:
    async with connected(server) as client:
        await client.identify()
        await ask(client, guild, lounge)
        await server.faults.drop_gateway(4000)
        await client.close_code()
    await server.until(lambda: not server.connected)
    assert lounge.occupants == [server.bot]
    async with connected(server) as again:
        await again.resume(client.session_id, client.sequence)
        await again.event("RESUMED")
        await again.socket.close(code=1000)
    await server.until(lambda: not lounge.occupants)


async def test_dead_bot_stays_in_its_call_until_its_session_expires(
    server: Sandbox, guild: GuildHandle, lounge: ChannelHandle
) -> None:
    async with connected(server) as client:
        await client.identify()
        await ask(client, guild, lounge)
        client.socket._response.close()  # no websocket close, as when a process dies
    await server.until(lambda: not server.connected)
    assert lounge.occupants == [server.bot]
    await server.faults.expire_sessions()
    assert lounge.occupants == []


async def test_humans_move_between_channels(client: GatewayClient, guild: GuildHandle, lounge: ChannelHandle) -> None:
    attic, text = guild.add_voice_channel("Attic", user_limit=1), guild.add_text_channel("text")
    ada, bob = guild.add_member("Ada"), guild.add_member("Bob")
    await ada.join(lounge)
    await ada.move(attic)
    assert (lounge.occupants, attic.occupants) == ([], [ada.user])
    assert ada.voice is not None
    assert ada.voice.channel is attic.channel
    for channel in (attic, text):
        with pytest.raises(NotAllowed):
            await bob.join(channel)
    lounge.deny(bob, "connect")
    with pytest.raises(NotAllowed):
        await bob.join(lounge)
    await ada.leave()
    await ada.leave()
    assert ada.id not in guild.voice_states
    with pytest.raises(NotAllowed):
        await ada.speak([b"\xf8\xff\xfe"])
    await client.settle()
    places = [payload["d"]["channel_id"] for payload in client.received if payload["t"] == "VOICE_STATE_UPDATE"]
    assert places == [str(lounge.id), str(attic.id), None]


async def test_withheld_server_and_late_state(
    server: Sandbox, client: GatewayClient, guild: GuildHandle, lounge: ChannelHandle
) -> None:
    ada = guild.add_member("Ada")
    server.faults.withhold_event("VOICE_SERVER_UPDATE")
    server.faults.delay_event("VOICE_STATE_UPDATE", 0.1)
    await ada.join(lounge)
    await client.settle()
    client.received.clear()

    assert await ask(client, guild, lounge) == []
    late = await client.event("VOICE_STATE_UPDATE")
    assert late["user_id"] == str(server.bot.id)
    assert await ask(client, guild, lounge) == ["VOICE_STATE_UPDATE", "VOICE_SERVER_UPDATE"]


async def test_two_sessions_only_the_one_that_asked_gets_the_server(
    server: Sandbox, client: GatewayClient, guild: GuildHandle, lounge: ChannelHandle
) -> None:
    async with connected(server) as other:
        await other.identify()
        await other.settle()
        await ask(client, guild, lounge)
        await other.settle()
    assert "VOICE_SERVER_UPDATE" not in other.events
    assert "VOICE_STATE_UPDATE" in other.events


async def test_whoever_may_not_speak_in_a_channel_is_suppressed_there(
    client: GatewayClient, guild: GuildHandle, lounge: ChannelHandle, server: Sandbox
) -> None:
    afk, closed, stage = guild.add_voice_channel("AFK"), guild.add_voice_channel("Quiet"), guild.add_stage_channel("S")
    guild.choose_afk_channel(afk)
    assert (await client.event("GUILD_UPDATE"))["afk_channel_id"] == str(afk.id)
    closed.deny(server.bot, "speak")
    for channel, suppressed in ((lounge, False), (afk, True), (closed, True), (stage, True)):
        await ask(client, guild, channel)
        assert guild.bot_voice is not None
        assert guild.bot_voice.suppress is suppressed, channel
    guild.set_bot_on_stage(True)
    assert guild.bot_voice is not None
    assert not guild.bot_voice.suppress


async def test_a_server_mute_is_told_and_stays_with_the_member(
    client: GatewayClient, guild: GuildHandle, lounge: ChannelHandle
) -> None:
    with pytest.raises(NotAllowed):
        guild.mute_bot()
    await ask(client, guild, lounge)
    guild.mute_bot()
    guild.deafen_bot()
    muted, deafened = await client.event("VOICE_STATE_UPDATE"), await client.event("VOICE_STATE_UPDATE")
    assert (muted["mute"], muted["deaf"], deafened["deaf"]) == (True, False, True)
    await ask(client, guild, guild.add_voice_channel("Other"))
    assert guild.bot_voice is not None
    assert guild.bot_voice.to_json()["mute"]
    guild.mute_bot(False)
    assert not guild.bot_voice.to_json()["mute"]
