"""The REST API beside messages: commands, voice status, stage, gaps, faults."""

from __future__ import annotations

import asyncio
import time
from email.utils import parsedate_to_datetime
from typing import Any
from unittest.mock import Mock

import discord
import pytest

from sandbox import GuildHandle, Sandbox
from tests.sandbox.pycord import make_bot, running
from tests.sandbox.rest.client import RestClient

COMMANDS = "/applications/{application_id}/commands"
STATUS = "/channels/{channel_id}/voice-status"
STAGE = "/guilds/{guild_id}/voice-states/@me"


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/guilds/1/audit-logs"), ("POST", "/guilds/1/channels"), ("PUT", "/nothing")]
)
async def test_route_which_is_not_implemented_is_refused_by_name(
    server: Sandbox, rest: RestClient, method: str, path: str
) -> None:
    answer = await rest(method, path)
    assert answer.refused
    assert (answer.body["method"], answer.body["route"]) == (method, path)
    assert [(refusal.method, refusal.route) for refusal in server.refusals] == [(method, path)]
    server.refusals.clear()


async def test_request_that_breaks_the_sandbox_is_refused_loudly(
    server: Sandbox, rest: RestClient, guild: GuildHandle, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server.backend.store, "guild", Mock(side_effect=ValueError("a fault of its own")))
    assert (await rest("GET", "/guilds/{guild_id}", {"guild_id": guild.id})).refused
    assert "a fault of its own" in server.refusals[0].what
    server.refusals.clear()


async def test_query_which_is_not_implemented_is_refused(server: Sandbox, rest: RestClient) -> None:
    answer = await rest("GET", "/users/@me", query={"with_magic": "1"})
    assert answer.refused
    server.refusals.clear()


async def test_command_keeps_its_id_when_it_is_registered_again(rest: RestClient) -> None:
    me = {"application_id": rest.sandbox.bot.id}
    form = {"name": "a", "description": "one"}
    first = await rest("PUT", COMMANDS, me, json=[form])
    same = await rest("PUT", COMMANDS, me, json=[form])
    changed = await rest("PUT", COMMANDS, me, json=[form | {"description": "two"}])
    assert first.body == same.body
    assert changed.body[0]["id"] == first.body[0]["id"]
    assert changed.body[0]["version"] != first.body[0]["version"]


@pytest.mark.parametrize(
    ("form", "path"),
    [
        ({"name": "Upper", "description": "x"}, "name"),
        ({"name": "two words", "description": "x"}, "name"),
        ({"description": "x"}, "name"),
        ({"name": "a", "description": ""}, "description"),
        ({"name": "a", "description": "x" * 101}, "description"),
        ({"name": "a", "description": "x", "options": [{"type": 3}] * 26}, "options"),
    ],
)
async def test_invalid_command_is_refused(rest: RestClient, form: dict[str, Any], path: str) -> None:
    answer = await rest("PUT", COMMANDS, {"application_id": rest.sandbox.bot.id}, json=[form])
    assert answer.code == 50035
    assert path in answer.body["errors"]["0"]


async def test_two_commands_of_one_name_are_refused_at_once_and_one_by_one(rest: RestClient) -> None:
    me = {"application_id": rest.sandbox.bot.id}
    form = {"name": "a", "description": "x"}
    answer = await rest("PUT", COMMANDS, me, json=[form, form])
    assert answer.body["errors"]["1"]["_errors"][0]["code"] == "APPLICATION_COMMANDS_DUPLICATE_NAME"
    assert (await rest("GET", COMMANDS, me)).body == []
    await rest("PUT", COMMANDS, me, json=[form, form | {"name": "b"}])
    other = (await rest("GET", COMMANDS, me)).body[1]["id"]
    taken = await rest("PATCH", COMMANDS + "/{command_id}", me | {"command_id": other}, json={"name": "a"})
    assert taken.code == 50035


async def test_scope_has_100_slash_commands_and_15_of_each_menu(rest: RestClient) -> None:
    me = {"application_id": rest.sandbox.bot.id}
    slash = [{"name": f"a{number}", "description": "x"} for number in range(100)]
    menus = [{"name": f"A {number}", "type": 3} for number in range(16)]
    assert (await rest("PUT", COMMANDS, me, json=slash + menus[1:])).status == 200
    assert (await rest("POST", COMMANDS, me, json=menus[0])).code == 30032
    assert (await rest("PUT", COMMANDS, me, json=[*slash, {"name": "b", "description": "x"}])).code == 30032


async def test_permissions_that_a_command_needs_come_back_as_text(rest: RestClient) -> None:
    me = {"application_id": rest.sandbox.bot.id}
    for given in (8, "8"):
        form = {"name": "a", "description": "x", "default_member_permissions": given}
        (shown,) = (await rest("PUT", COMMANDS, me, json=[form])).body
        assert shown["default_member_permissions"] == "8"


async def test_commands_of_another_application_are_unknown(rest: RestClient) -> None:
    assert (await rest("GET", COMMANDS, {"application_id": 5})).code == 10002


async def test_voice_status_takes_the_right_and_presence_in_the_call(rest: RestClient, guild: GuildHandle) -> None:
    lounge, other = guild.add_voice_channel("Lounge"), guild.add_voice_channel("Other")
    where = {"channel_id": lounge.id}
    assert (await rest("PUT", STATUS, where, json={"status": "x"})).code == 50013
    await guild.backend.voice_states.update_bot(guild.guild, lounge.channel, "s", self_mute=False, self_deaf=False)
    assert (await rest("PUT", STATUS, where, json={"status": "x" * 500})).status == 204
    assert lounge.status == "x" * 500
    assert (await rest("PUT", STATUS, where, json={"status": "x" * 501})).code == 50035
    assert (await rest("PUT", STATUS, {"channel_id": other.id}, json={"status": "x"})).code == 50013
    guild.set_bot_permissions(set_voice_channel_status=False)
    assert (await rest("PUT", STATUS, where, json={"status": None})).code == 50013
    text = guild.add_text_channel("general")
    assert (await rest("PUT", STATUS, {"channel_id": text.id}, json={"status": "x"})).code == 50024


async def test_voice_status_goes_when_the_last_one_leaves(rest: RestClient, guild: GuildHandle) -> None:
    lounge = guild.add_voice_channel("Lounge")
    ada = guild.add_member("Ada")
    await ada.join(lounge)
    await guild.backend.voice_states.update_bot(guild.guild, lounge.channel, "s", self_mute=False, self_deaf=False)
    await rest("PUT", STATUS, {"channel_id": lounge.id}, json={"status": "x"})
    await guild.disconnect_bot()
    assert lounge.status == "x"
    await ada.leave()
    assert lounge.status is None


async def test_bot_speaks_on_a_stage_only_as_a_moderator(rest: RestClient, guild: GuildHandle) -> None:
    here, stage = {"guild_id": guild.id}, guild.add_stage_channel("Stage")
    assert (await rest("GET", STAGE, here)).code == 10065
    assert (await rest("PATCH", STAGE, here, json={"suppress": False})).code == 10065
    await guild.backend.voice_states.update_bot(guild.guild, stage.channel, "s", self_mute=False, self_deaf=False)
    assert (await rest("PATCH", STAGE, here, json={"suppress": False})).code == 50013
    raised = {"request_to_speak_timestamp": "2026-01-01T00:00:00+00:00"}
    assert (await rest("PATCH", STAGE, here, json=raised)).code == 50013
    stage.allow(rest.sandbox.bot, "request_to_speak")
    assert (await rest("PATCH", STAGE, here, json=raised)).status == 204
    assert (await rest("GET", STAGE, here)).body["request_to_speak_timestamp"] is not None
    guild.set_bot_permissions(mute_members=True)
    assert (await rest("PATCH", STAGE, here, json={"suppress": False})).status == 204
    assert (await rest("GET", STAGE, here)).body["suppress"] is False


async def test_removed_bot_does_not_know_the_guild(rest: RestClient, guild: GuildHandle) -> None:
    text = guild.add_text_channel("general")
    await guild.remove_bot()
    assert (await rest("GET", "/guilds/{guild_id}", {"guild_id": guild.id})).code == 10004
    assert (await rest("GET", "/channels/{channel_id}", {"channel_id": text.id})).code == 10003


async def test_failed_route_fails_as_often_as_ordered(server: Sandbox, rest: RestClient) -> None:
    server.faults.fail_route("GET", "/users/*", status=503, times=2, body={"message": "no", "code": 0})
    url = f"{server.api_url}/users/@me"
    headers = {"Authorization": f"Bot {server.bot.token}"}
    statuses = []
    for _ in range(3):
        async with rest.session.get(url, headers=headers) as response:
            statuses.append(response.status)
    assert statuses == [503, 503, 200]
    assert (await rest("GET", "/gateway")).status == 200


async def test_rate_limit_on_order_is_one_to_pycord(server: Sandbox) -> None:
    guild = server.add_guild("Reading club")
    text = guild.add_text_channel("general")
    bot = make_bot(server)
    async with running(bot, server):
        channel = bot.get_channel(text.id)
        assert isinstance(channel, discord.TextChannel)
        server.faults.fail_route("POST", "/channels/{channel_id}/messages", retry_after=0.2)
        start = time.monotonic()
        await channel.send("patience")
        assert time.monotonic() - start >= 0.2
    assert [message.content for message in text.messages] == ["patience"]


async def test_delayed_route_answers_late(server: Sandbox, rest: RestClient) -> None:
    server.faults.delay_route("GET", "/users/@me", 0.1)
    start = time.monotonic()
    await rest("GET", "/users/@me")
    assert time.monotonic() - start >= 0.1


async def test_blocked_route_gives_a_page_that_is_not_discord_s(server: Sandbox, rest: RestClient) -> None:
    server.faults.block_route("GET", "/users/@me", retry_after=30.0)
    url = f"{server.api_url}/users/@me"
    async with rest.session.get(url, headers={"Authorization": f"Bot {server.bot.token}"}) as response:
        assert response.status == 429
        assert response.headers["Retry-After"] == "30"
        assert "Via" not in response.headers
        assert response.content_type == "text/html"
        assert "Cloudflare" in await response.text()
    assert (await rest("GET", "/users/@me")).status == 200


async def test_blocked_route_is_an_error_at_once_to_pycord(server: Sandbox) -> None:
    server.faults.block_route("GET", "/users/@me", retry_after=30.0)
    bot = make_bot(server)
    with pytest.raises(discord.HTTPException) as caught:
        await bot.login(server.bot.token)
    await bot.close()
    assert caught.value.status == 429


@pytest.mark.parametrize("seconds", [0.0, 3600.0, -3600.0])
async def test_answers_tell_the_time_that_was_set(server: Sandbox, rest: RestClient, seconds: float) -> None:
    server.faults.set_clock(seconds)
    async with rest.session.get(f"{server.api_url}/gateway") as response:
        told = parsedate_to_datetime(response.headers["Date"]).timestamp()
    assert told - time.time() == pytest.approx(seconds, abs=2)


async def test_a_limited_route_takes_so_many_requests_in_each_channel_and_refuses_the_others_for_a_while(
    server: Sandbox, rest: RestClient, guild: GuildHandle
) -> None:
    one, other = guild.add_text_channel("one"), guild.add_text_channel("other")
    server.faults.limit_route("POST", "/channels/*/messages", 2, 0.5)

    async def post(channel_id: int) -> dict[str, Any]:
        url = f"{server.api_url}/channels/{channel_id}/messages"
        headers = {"Authorization": f"Bot {server.bot.token}"}
        async with rest.session.post(url, headers=headers, json={"content": "x"}) as response:
            body: dict[str, Any] = await response.json()
            return body

    answers = [await post(one.id) for _ in range(3)]
    assert ["retry_after" in answer for answer in answers] == [False, False, True]
    assert 0 < answers[2]["retry_after"] <= 0.5
    assert "retry_after" not in await post(other.id)
    await asyncio.sleep(0.6)
    assert "retry_after" not in await post(one.id)


async def test_routes_that_are_mended_work_at_once(server: Sandbox, rest: RestClient) -> None:
    server.faults.fail_route("GET", "/users/@me", times=2)
    server.faults.delay_route("GET", "/gateway", 60.0)
    assert server.faults.route_faults_left == 3
    server.faults.mend_routes()
    assert server.faults.route_faults_left == 0
    assert (await rest("GET", "/users/@me")).status == 200
    assert (await rest("GET", "/gateway")).status == 200
