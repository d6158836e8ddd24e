"""The gateway: identify, heartbeats, closes, resumes."""

from __future__ import annotations

import asyncio
import base64
import json
from typing import Any
from unittest.mock import AsyncMock

import aiohttp
import discord
import pytest

from sandbox import GuildHandle, Sandbox
from sandbox.gateway import compression
from sandbox.gateway.identify import MAX_GUILDS, IdentifyRefused, check
from sandbox.gateway.opcodes import GatewayOp
from sandbox.state.intents import Intent
from sandbox.state.session_starts import SessionStarts
from tests.sandbox.gateway.client import ALL, connected
from tests.sandbox.pycord import make_bot, make_bot_of, running
from tests.sandbox.rest.client import RestClient
from tests.support.eventually import eventually


@pytest.mark.parametrize("compress", [None, "zlib-stream", "zstd-stream"])
async def test_identify_gives_ready_and_then_the_guilds(server: Sandbox, compress: str | None) -> None:
    guild = server.add_guild("Reading club")
    lounge = guild.add_voice_channel("Lounge")
    async with connected(server, compress=compress) as client:
        hello = await client.receive()
        assert hello["op"] == GatewayOp.HELLO
        assert hello["d"]["heartbeat_interval"] == 41250

        ready = await client.identify()
        assert ready["user"]["id"] == str(server.bot.id)
        assert ready["guilds"] == [{"id": str(guild.id), "unavailable": True}]

        created = await client.event("GUILD_CREATE")
        assert created["unavailable"] is False
        assert [channel["id"] for channel in created["channels"]] == [str(lounge.id)]
        assert [payload["s"] for payload in client.received[1:]] == [1, 2]


async def test_heartbeat_is_acknowledged(server: Sandbox) -> None:
    async with connected(server) as client:
        await client.send(GatewayOp.HEARTBEAT, None)
        await client.until(lambda payload: payload["op"] == GatewayOp.HEARTBEAT_ACK)


@pytest.mark.parametrize("server", [{"heartbeat_interval": 0.1}], indirect=True)
async def test_bot_without_heartbeats_is_timed_out(server: Sandbox) -> None:
    async with connected(server) as client:
        await client.identify()
        assert await client.close_code() == 4009


@pytest.mark.parametrize(
    ("op", "data", "code"),
    [
        (GatewayOp.IDENTIFY, {"token": "wrong", "intents": 1}, 4004),
        (GatewayOp.IDENTIFY, {"token": "TOKEN", "intents": 1 << 30}, 4013),
        (GatewayOp.IDENTIFY, {"token": "TOKEN"}, 4013),
        (GatewayOp.IDENTIFY, {"token": "TOKEN", "intents": 1, "shard": [2, 2]}, 4010),
        (GatewayOp.RESUME, {"token": "wrong", "session_id": "x", "seq": 1}, 4004),
        (GatewayOp.VOICE_STATE, {"guild_id": "1"}, 4003),
    ],
)
async def test_wrong_beginning_is_closed(server: Sandbox, op: int, data: dict[str, Any], code: int) -> None:
    async with connected(server) as client:
        if data.get("token") == "TOKEN":
            data = data | {"token": client.token}
        await client.send(op, data)
        assert await client.close_code() == code


async def test_zstd_without_its_library_is_refused_by_name(server: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compression, "_ZSTD_MODULE", "no.such.module")
    url = server.backend.addresses.gateway_url + "?v=10&encoding=json&compress=zstd-stream"
    async with aiohttp.ClientSession() as http:
        with pytest.raises(aiohttp.WSServerHandshakeError, match="400"):
            await http.ws_connect(url)
    assert [refusal.what for refusal in server.refusals] == ["zstd-stream without no.such.module"]
    server.refusals.clear()


async def test_json_in_binary_frames_is_read_as_in_text_ones(server: Sandbox) -> None:
    async with connected(server) as client:
        form = {"op": GatewayOp.IDENTIFY, "d": {"token": client.token, "intents": 1}}
        await client.socket.send_bytes(json.dumps(form).encode())
        await client.event("READY")
        for broken in (b"\xff\xfe", b"", b"{"):
            async with connected(server) as other:
                await other.socket.send_bytes(broken)
                assert await other.close_code() == 4002


def test_token_begins_with_the_bots_id_in_base64(server: Sandbox) -> None:
    parts = server.bot.token.split(".")
    assert len(parts) == 3
    assert base64.b64decode(parts[0] + "=" * (-len(parts[0]) % 4)) == str(server.bot.id).encode()


@pytest.mark.parametrize("server", [{"privileged_intents": Intent.GUILD_MEMBERS}], indirect=True)
async def test_privileged_intent_that_is_switched_off_is_disallowed(server: Sandbox) -> None:
    async with connected(server) as client:
        await client.send(GatewayOp.IDENTIFY, {"token": client.token, "intents": int(Intent.MESSAGE_CONTENT)})
        assert await client.close_code() == 4014
    bot = make_bot(server)
    with pytest.raises(discord.PrivilegedIntentsRequired):
        async with running(bot, server):
            pass


async def test_second_identify_is_closed(server: Sandbox) -> None:
    async with connected(server) as client:
        await client.identify()
        await client.send(GatewayOp.IDENTIFY, {"token": client.token, "intents": 1})
        assert await client.close_code() == 4005


@pytest.mark.parametrize("text", ["nonsense", "[]", "{}", '{"op": "2"}', '{"op": 1, "d": "' + 5000 * "x" + '"}'])
async def test_what_is_no_payload_is_closed(server: Sandbox, text: str) -> None:
    async with connected(server) as client:
        await client.socket.send_str(text)
        assert await client.close_code() == 4002


async def test_voice_state_without_guild_is_closed(server: Sandbox) -> None:
    async with connected(server) as client:
        await client.identify()
        await client.send(GatewayOp.VOICE_STATE, {"channel_id": None})
        assert await client.close_code() == 4002


async def test_too_many_payloads_are_closed(server: Sandbox) -> None:
    async with connected(server) as client:
        for _ in range(121):
            await client.send(GatewayOp.HEARTBEAT)
        assert await client.close_code() == 4008


async def test_opcode_which_is_not_implemented_is_refused_loudly(server: Sandbox) -> None:
    async with connected(server) as client:
        await client.identify()
        await client.send(31, {"guild_ids": []})
        assert await client.close_code() == 4001
    assert [refusal.what for refusal in server.refusals] == ["the gateway opcode 31"]
    server.refusals.clear()


@pytest.mark.parametrize("query", ["encoding=etf", "encoding=json&compress=lzma-stream"])
async def test_encoding_which_is_not_implemented_is_refused_loudly(server: Sandbox, query: str) -> None:
    url = server.api_url.replace("http", "ws").replace("/api/v10", f"/gateway?{query}")
    async with aiohttp.ClientSession() as http:
        with pytest.raises(aiohttp.WSServerHandshakeError, match="400"):
            await http.ws_connect(url)
    assert len(server.refusals) == 1
    server.refusals.clear()


async def test_resume_brings_what_was_missed(server: Sandbox) -> None:
    guild = server.add_guild("Reading club")
    text = guild.add_text_channel("general")
    ada = guild.add_member("Ada")
    async with connected(server) as client:
        await client.identify()
        await client.settle()
        await server.faults.drop_gateway(4000)
        assert await client.close_code() == 4000
    await ada.type("are you there?", text)

    async with connected(server) as again:
        await again.resume(client.session_id, client.sequence)
        await again.event("RESUMED")
        assert again.events == ["MESSAGE_CREATE", "RESUMED"]
        assert again.sequence == client.sequence + 2


async def test_closing_with_1000_ends_the_session(server: Sandbox) -> None:
    async with connected(server) as client:
        await client.identify()
        await client.socket.close(code=1000)
    await server.until(lambda: not server.connected)
    async with connected(server) as again:
        await again.resume(client.session_id, client.sequence)
        invalid = await again.until(lambda payload: payload["op"] == GatewayOp.INVALID_SESSION)
    assert invalid["d"] is False


async def test_resume_from_the_future_is_closed(server: Sandbox) -> None:
    async with connected(server) as client:
        await client.identify()
        await client.socket.close(code=4000)
    async with connected(server) as again:
        await again.resume(client.session_id, 1000)
        assert await again.close_code() == 4007


async def test_two_sessions_of_a_shard_both_hear(server: Sandbox) -> None:
    guild = server.add_guild("Reading club")
    text = guild.add_text_channel("general")
    ada = guild.add_member("Ada")
    async with connected(server) as old, connected(server) as new:
        await old.identify()
        await new.identify()
        await ada.type("hello", text)
        assert (await old.event("MESSAGE_CREATE"))["content"] == "hello"
        assert (await new.event("MESSAGE_CREATE"))["content"] == "hello"


async def guilds_of_two_shards(server: Sandbox) -> list[GuildHandle]:
    """So many guilds that each of two shards has one: the millisecond of its making decides."""
    guilds: list[GuildHandle] = []
    while len({(guild.id >> 22) % 2 for guild in guilds}) < 2:
        guilds.append(server.add_guild(f"Guild {len(guilds)}"))
        await asyncio.sleep(0.001)
    return guilds


async def test_shard_hears_only_of_its_guilds(server: Sandbox) -> None:
    guilds = await guilds_of_two_shards(server)
    async with connected(server) as client:
        ready = await client.identify(ALL, shard=[1, 2])
    mine = [str(guild.id) for guild in guilds if (guild.id >> 22) % 2 == 1]
    assert [guild["id"] for guild in ready["guilds"]] == mine


async def test_py_cord_resumes_and_hears_what_it_missed(server: Sandbox) -> None:
    guild = server.add_guild("Reading club")
    text = guild.add_text_channel("general")
    ada = guild.add_member("Ada")
    bot = make_bot(server)
    heard: asyncio.Queue[str] = asyncio.Queue()
    resumed = asyncio.Event()

    @bot.listen()
    async def on_message(message: discord.Message) -> None:
        heard.put_nowait(message.content)

    @bot.listen()
    async def on_resumed() -> None:
        resumed.set()

    async with running(bot, server):
        await server.faults.drop_gateway(4000)
        await ada.type("meanwhile", text)
        assert await asyncio.wait_for(heard.get(), 5) == "meanwhile"
        await asyncio.wait_for(resumed.wait(), 5)
        server.faults.request_reconnect()
        await server.until(lambda: not server.connected)
        await ada.type("again", text)
        assert await asyncio.wait_for(heard.get(), 5) == "again"


async def test_py_cord_identifies_again_after_its_session_is_invalid(server: Sandbox) -> None:
    server.add_guild("Reading club")
    bot = make_bot(server)
    bot.before_identify_hook = AsyncMock()  # type: ignore[method-assign]  # it would wait for 5 s

    async with running(bot, server):
        before = bot.ws.session_id
        await server.faults.invalidate_session()
        await server.until(lambda: server.connected)
        await eventually(lambda: bot.ws.session_id not in (before, None))


@pytest.mark.parametrize("server", [{"heartbeat_interval": 0.05}], indirect=True)
async def test_py_cord_stays_connected_by_its_heartbeats(server: Sandbox) -> None:
    server.add_guild("Reading club")
    bot = make_bot(server)
    async with running(bot, server):
        session_id = bot.ws.session_id
        await asyncio.sleep(0.5)
        assert server.connected
        assert bot.ws.session_id == session_id


@pytest.mark.parametrize("server", [{"shards": 2}], indirect=True)
async def test_sharded_py_cord_hears_of_all_guilds(server: Sandbox) -> None:
    guilds = await guilds_of_two_shards(server)
    channels = [guild.add_text_channel("general") for guild in guilds]
    bot = make_bot_of(discord.AutoShardedBot, server)
    bot.before_identify_hook = AsyncMock()  # type: ignore[method-assign]  # it would wait for 5 s
    heard: asyncio.Queue[str] = asyncio.Queue()

    @bot.listen()
    async def on_message(message: discord.Message) -> None:
        heard.put_nowait(message.content)

    async with running(bot, server):
        assert set(bot.shards) == {0, 1}
        for guild, channel in zip(guilds, channels, strict=True):
            await guild.add_member(guild.name).type(guild.name, channel)
        async with asyncio.timeout(5):
            names = {await heard.get() for _ in guilds}
    assert names == {guild.name for guild in guilds}


async def test_py_cord_with_a_wrong_token_cannot_log_in(server: Sandbox) -> None:
    bot = make_bot(server)
    with pytest.raises(discord.LoginFailure):
        await bot.start("wrong")
    await bot.close()


@pytest.mark.parametrize("server", [{"session_starts": 2}], indirect=True)
async def test_each_identify_is_counted_and_one_too_many_is_refused_by_name(server: Sandbox, rest: RestClient) -> None:
    async with connected(server) as client:
        await client.identify()
    async with connected(server) as client:
        await client.send(GatewayOp.IDENTIFY, {"token": "wrong", "intents": 1})
        assert await client.close_code() == 4004
    limit = (await rest("GET", "/gateway/bot")).body["session_start_limit"]
    assert (limit["total"], limit["remaining"]) == (2, 0)
    assert server.identifies == 2
    async with connected(server) as client:
        await client.send(GatewayOp.IDENTIFY, {"token": server.bot.token, "intents": 1})
        assert await client.close_code() == 4004
    assert ["new token" in refusal.what for refusal in server.refusals] == [True]
    server.refusals.clear()


@pytest.mark.parametrize("server", [{"rate_limits": True, "max_concurrency": 2}], indirect=True)
async def test_shards_of_one_key_identify_five_seconds_apart(server: Sandbox, rest: RestClient) -> None:
    limit = (await rest("GET", "/gateway/bot")).body["session_start_limit"]
    assert limit["max_concurrency"] == 2
    async with connected(server) as first, connected(server) as second, connected(server) as third:
        await first.identify(shard=[0, 4])
        await second.identify(shard=[1, 4])
        await third.send(GatewayOp.IDENTIFY, {"token": third.token, "intents": 1, "shard": [2, 4]})
        refused = await third.until(lambda payload: payload["op"] == GatewayOp.INVALID_SESSION)
        assert refused["d"] is False


def test_identifying_again_is_free_after_five_seconds() -> None:
    starts = SessionStarts(1000, 1)
    assert [starts.is_too_soon(0, now) for now in (10.0, 14.9, 15.0, 16.0)] == [False, True, False, True]


async def test_too_many_guilds_for_one_session_take_shards(server: Sandbox) -> None:
    guilds = dict.fromkeys(number << 22 for number in range(MAX_GUILDS + 1))
    application = server.backend.application
    data = {"token": server.bot.token, "intents": 1}
    with pytest.raises(IdentifyRefused) as caught:
        check(data, application, guilds)
    assert caught.value.code == 4011
    check(data | {"shard": [0, 2]}, application, guilds)
    check(data, application, list(guilds)[1:])


@pytest.mark.parametrize("version", ["3", "11", "x", ""])
async def test_version_that_discord_does_not_know_is_closed(server: Sandbox, version: str) -> None:
    url = server.backend.addresses.gateway_url + f"?v={version}&encoding=json"
    async with aiohttp.ClientSession() as http, http.ws_connect(url) as socket:
        message = await socket.receive(5)
        assert (message.type, message.data) == (aiohttp.WSMsgType.CLOSE, 4012)


async def test_version_that_discord_still_knows_is_refused_by_name(server: Sandbox) -> None:
    url = server.backend.addresses.gateway_url + "?v=9&encoding=json"
    async with aiohttp.ClientSession() as http:
        with pytest.raises(aiohttp.WSServerHandshakeError, match="400"):
            await http.ws_connect(url)
    assert [refusal.what for refusal in server.refusals] == ["version 9 of the gateway"]
    server.refusals.clear()
