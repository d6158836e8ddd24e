"""The sandbox as a whole: what a test sees of it, and that nothing is left when it closes."""

from __future__ import annotations

import asyncio
import sys
import threading
from pathlib import Path

import aiohttp
import pytest

from sandbox import NotAllowed, Sandbox
from sandbox.state.permissions import Permission
from tests.sandbox.gateway.client import connected
from tests.sandbox.pycord import make_bot, running
from tests.sandbox.rest.client import RestClient


def sockets() -> set[str]:
    """The inodes of this process's open sockets."""
    targets = set()
    for entry in Path("/proc/self/fd").iterdir():
        try:
            target = str(entry.readlink())
        except FileNotFoundError:
            continue
        if target.startswith("socket:"):
            targets.add(target)
    return targets


@pytest.mark.skipif(sys.platform != "linux", reason="counts the process's sockets in /proc")
async def test_nothing_is_left_after_closing_even_with_a_connected_client() -> None:
    tasks, threads, open_before = asyncio.all_tasks(), threading.active_count(), sockets()
    async with Sandbox() as sandbox:
        guild = sandbox.add_guild("Reading club")
        lounge = guild.add_voice_channel("Lounge")
        await guild.add_member("Ada").join(lounge)
        sandbox.faults.delay_event("MESSAGE_CREATE", 60)
        async with aiohttp.ClientSession() as session:
            rest = RestClient(session, sandbox)
            async with connected(sandbox) as client:
                await client.identify()
                await rest("POST", "/channels/{channel_id}/messages", {"channel_id": lounge.id}, json={"content": "x"})
                closing = asyncio.create_task(sandbox.__aexit__(None, None, None))
                assert await client.close_code() == 1001
            await closing
    assert asyncio.all_tasks() == tasks
    assert threading.active_count() == threads
    assert sockets() == open_before


async def test_request_that_lies_is_cut_off_by_closing() -> None:
    async with aiohttp.ClientSession() as session:
        async with Sandbox() as sandbox:
            sandbox.faults.delay_route("GET", "/gateway", 60)
            asked = asyncio.create_task(session.get(f"{sandbox.api_url}/gateway"))
            await sandbox.until(lambda: True)
            await asyncio.sleep(0.05)
        with pytest.raises(aiohttp.ClientError):
            await asyncio.wait_for(asked, 5)


async def test_two_sandboxes_live_side_by_side() -> None:
    async with Sandbox(bot_name="One") as one, Sandbox(bot_name="Two") as two:
        one.add_guild("A")
        async with connected(one) as first, connected(two) as second:
            assert (await first.identify())["user"]["username"] == "one"
            assert (await second.identify())["guilds"] == []


async def test_user_can_be_in_two_guilds(server: Sandbox) -> None:
    one, two = server.add_guild("One"), server.add_guild("Two")
    ada = one.add_member("Ada")
    there = two.add_member(ada.user)
    assert there.id == ada.id
    with pytest.raises(ValueError, match="already"):
        two.add_member(ada.user)


async def test_waiting_tells_what_there_was_instead(server: Sandbox) -> None:
    guild = server.add_guild("Reading club")
    text = guild.add_text_channel("general")
    message = await guild.add_member("Ada").type("something else", text)
    with pytest.raises(TimeoutError, match="something else"):
        await text.wait_for_message(lambda message: message.content == "x", timeout=0.02)
    with pytest.raises(TimeoutError, match="something else"):
        await message.wait_for(lambda message: message.edited, timeout=0.02)
    with pytest.raises(TimeoutError, match="not on the gateway"):
        await server.wait_until_ready(timeout=0.02)


async def test_edit_and_deletion_are_waited_for(server: Sandbox) -> None:
    guild = server.add_guild("Reading club")
    ada = guild.add_member("Ada")
    message = await ada.type("one", guild.add_text_channel("general"))
    edited = asyncio.create_task(message.wait_for(lambda message: message.content == "two"))
    deleted = asyncio.create_task(message.wait_for(lambda message: message.deleted))
    await asyncio.sleep(0)
    await ada.edit(message, "two")
    assert await edited is message
    await ada.delete(message)
    assert await deleted is message


async def test_broken_condition_fails_its_waiter_only(server: Sandbox) -> None:
    guild = server.add_guild("Reading club")
    text = guild.add_text_channel("general")
    ada = guild.add_member("Ada")
    broken = asyncio.create_task(text.wait_for_message(lambda message: bool(1 / (len(message.content) - 1))))
    fine = asyncio.create_task(text.wait_for_message(lambda message: message.content == "x"))
    await asyncio.sleep(0)
    await ada.type("x", text)
    assert (await fine).content == "x"
    with pytest.raises(ZeroDivisionError):
        await broken


async def test_humans_are_held_to_their_permissions(server: Sandbox) -> None:
    guild = server.add_guild("Reading club")
    text = guild.add_text_channel("general")
    ada, bob = guild.add_member("Ada"), guild.add_member("Bob")
    message = await ada.type("mine", text)
    with pytest.raises(NotAllowed):
        await bob.edit(message, "yours")
    with pytest.raises(NotAllowed):
        await bob.delete(message)
    with pytest.raises(ValueError, match="2000"):
        await ada.type("x" * 2001, text)
    text.deny(ada, "send_messages")
    with pytest.raises(NotAllowed):
        await ada.type("again", text)
    text.allow(ada, "send_messages")
    await ada.type("again", text)


async def test_bot_permissions_are_exactly_what_is_said(server: Sandbox) -> None:
    guild = server.add_guild("Reading club")
    text = guild.add_text_channel("general")
    bot = make_bot(server)
    async with running(bot, server):
        mine = bot.guilds[0].me.guild_permissions
        assert {name for name, granted in mine if granted} >= {"send_messages", "connect", "set_voice_channel_status"}
        assert not mine.manage_messages
        guild.set_bot_permissions("view_channel", "connect")
        guild.set_bot_permissions(speak=True, connect=False)
        async with asyncio.timeout(5):
            await bot.wait_for("guild_role_update", check=lambda _, after: after.permissions.speak)
        mine = bot.guilds[0].me.guild_permissions
    assert {name for name, granted in mine if granted} == {"view_channel", "speak"}
    assert guild.me is not None
    assert guild.me.permissions_in(text.channel) == Permission.view_channel | Permission.speak
