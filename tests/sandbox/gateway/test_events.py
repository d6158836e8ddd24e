"""Which events a session hears, and what stands in them."""

from __future__ import annotations

import pytest

from sandbox import Sandbox
from sandbox.gateway.opcodes import GatewayOp
from sandbox.state.intents import Intent
from tests.sandbox.gateway.client import ALL, connected


async def test_content_is_empty_without_its_intent_unless_the_bot_is_mentioned(server: Sandbox) -> None:
    guild = server.add_guild("Reading club")
    text = guild.add_text_channel("general")
    ada = guild.add_member("Ada")
    async with connected(server) as client:
        await client.identify(Intent.GUILDS | Intent.GUILD_MESSAGES)
        await ada.type("secret", text, files={"a.txt": b"a"})
        hidden = await client.event("MESSAGE_CREATE")
        await ada.type(f"{server.bot.mention} open", text)
        shown = await client.event("MESSAGE_CREATE")
    assert (hidden["content"], hidden["attachments"]) == ("", [])
    assert hidden["member"]["roles"] == [str(guild.human_role.id)]
    assert shown["content"] == f"{server.bot.mention} open"


@pytest.mark.parametrize(
    ("missing", "silent"),
    [
        (Intent.GUILD_MESSAGES, {"MESSAGE_CREATE", "MESSAGE_UPDATE", "MESSAGE_DELETE"}),
        (Intent.GUILD_MESSAGE_TYPING, {"TYPING_START"}),
        (Intent.GUILD_VOICE_STATES, {"VOICE_STATE_UPDATE"}),
        (Intent.GUILD_MEMBERS, {"GUILD_MEMBER_ADD"}),
        (Intent.GUILDS, {"CHANNEL_CREATE", "CHANNEL_UPDATE", "CHANNEL_DELETE", "GUILD_ROLE_UPDATE"}),
    ],
)
async def test_events_without_their_intent_are_not_heard(server: Sandbox, missing: Intent, silent: set[str]) -> None:
    guild = server.add_guild("Reading club")
    text = guild.add_text_channel("general")
    lounge = guild.add_voice_channel("Lounge")
    async with connected(server) as all_ears, connected(server) as client:
        await all_ears.identify()
        await client.identify(ALL & ~missing)
        await all_ears.settle()
        await client.settle()
        before = len(all_ears.events), len(client.events)

        ada = guild.add_member("Ada")
        await ada.start_typing(text)
        message = await ada.type("a", text)
        await ada.edit(message, "b")
        await ada.delete(message)
        await ada.join(lounge)
        attic = guild.add_text_channel("attic")
        attic.deny(ada, "send_messages")
        await guild.delete_channel(attic)
        guild.set_bot_permissions(speak=False)
        await all_ears.settle()
        await client.settle()

    heard_by_all = all_ears.events[before[0] :]
    assert client.events[before[1] :] == [name for name in heard_by_all if name not in silent]
    assert silent <= set(heard_by_all)


async def test_messages_of_a_hidden_channel_are_not_heard(server: Sandbox) -> None:
    guild = server.add_guild("Reading club")
    hidden = guild.add_text_channel("hidden")
    ada = guild.add_member("Ada")
    hidden.deny(server.bot, "view_channel")
    async with connected(server) as client:
        await client.identify()
        await ada.type("psst", hidden)
        await client.settle()
    assert "MESSAGE_CREATE" not in client.events


async def test_guild_create_shows_the_bot_and_who_is_in_voice(server: Sandbox) -> None:
    guild = server.add_guild("Reading club")
    lounge = guild.add_voice_channel("Lounge")
    ada, _bob = guild.add_member("Ada"), guild.add_member("Bob")
    await ada.join(lounge)
    async with connected(server) as client:
        await client.identify(Intent.GUILDS | Intent.GUILD_VOICE_STATES)
        created = await client.event("GUILD_CREATE")
    assert {member["user"]["username"] for member in created["members"]} == {"ada", "bot"}
    assert [state["user_id"] for state in created["voice_states"]] == [str(ada.id)]
    assert created["member_count"] == 4


async def test_new_guild_and_removal_are_told(server: Sandbox) -> None:
    async with connected(server) as client:
        await client.identify()
        guild = server.add_guild("New")
        created = await client.event("GUILD_CREATE")
        await guild.remove_bot()
        deleted = await client.event("GUILD_DELETE")
    assert created["name"] == "New"
    assert "unavailable" not in created
    assert deleted == {"id": str(guild.id)}
    assert server.guilds == []


async def test_members_are_sent_on_request(server: Sandbox) -> None:
    guild = server.add_guild("Reading club")
    ada = guild.add_member("Ada")
    async with connected(server) as client:
        await client.identify(Intent.GUILDS)
        by_name = {"guild_id": str(guild.id), "query": "ad", "limit": 5, "nonce": "n"}
        await client.send(GatewayOp.REQUEST_MEMBERS, by_name)
        found = await client.event("GUILD_MEMBERS_CHUNK")
        await client.send(
            GatewayOp.REQUEST_MEMBERS, {"guild_id": str(guild.id), "user_ids": [str(ada.id), "5"], "limit": 0}
        )
        by_id = await client.event("GUILD_MEMBERS_CHUNK")
        await client.send(GatewayOp.REQUEST_MEMBERS, {"guild_id": str(guild.id), "query": "", "limit": 0})
        everyone = await client.event("GUILD_MEMBERS_CHUNK")
    assert [member["user"]["id"] for member in found["members"]] == [str(ada.id)]
    assert found["nonce"] == "n"
    assert by_id["not_found"] == ["5"]
    assert everyone["members"] == []


async def test_presence_is_kept(server: Sandbox) -> None:
    async with connected(server) as client:
        await client.identify()
        await client.send(GatewayOp.PRESENCE, {"status": "idle", "activities": [], "since": None, "afk": False})
        await client.settle()
    assert server.presence["status"] == "idle"
