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


async def test_a_bot_hears_of_its_own_roles_without_an_intent_and_of_those_that_are_deleted(server: Sandbox) -> None:
    guild = server.add_guild("Reading club")
    ada, role, me = guild.add_member("Ada"), guild.add_role("Readers"), guild.me
    assert me is not None
    async with connected(server) as client:
        await client.identify(ALL & ~Intent.GUILD_MEMBERS)
        guild.set_roles(ada.member, role)
        guild.set_roles(me, guild.guild.bot_role, role)
        update = await client.event("GUILD_MEMBER_UPDATE")
        assert update["user"]["id"] == str(server.bot.id)
        assert update["roles"] == [str(guild.guild.bot_role.id), str(role.id)]
        guild.delete_role(role)
        assert (await client.event("GUILD_ROLE_DELETE"))["role_id"] == str(role.id)
    assert role.id not in guild.roles
    assert ada.roles == []


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


async def test_a_forward_carries_a_snapshot_and_its_comment_is_a_message_of_its_own(server: Sandbox) -> None:
    guild = server.add_guild("Reading club")
    text = guild.add_text_channel("general")
    ada, ben = guild.add_member("Ada"), guild.add_member("Ben")
    original = await ben.type("The library is closed.", text, files={"sign.png": b"a"})
    async with connected(server) as client:
        await client.identify()
        await ada.forward(original, text, "Is that true?")
        forward, comment = await client.event("MESSAGE_CREATE"), await client.event("MESSAGE_CREATE")
    await ben.edit(original, "It is open.")
    assert (forward["type"], forward["content"], forward["flags"]) == (0, "", 1 << 14)
    assert forward["message_reference"]["type"] == 1
    assert "referenced_message" not in forward
    ((snapshot,),) = [forward["message_snapshots"]]
    assert snapshot["message"]["content"] == "The library is closed."
    assert snapshot["message"]["attachments"][0]["filename"] == "sign.png"
    assert "author" not in snapshot["message"]
    assert comment["content"] == "Is that true?"
    assert "message_reference" not in comment


async def test_what_has_no_words_has_the_form_that_discord_gives_it(server: Sandbox) -> None:
    guild = server.add_guild("Reading club")
    text = guild.add_text_channel("general")
    ada = guild.add_member("Ada")
    async with connected(server) as client:
        await client.identify()
        await ada.send_poll(text, "Tea?", ["Yes", "No"])
        await ada.send_sticker(text, "Wave")
        await ada.send_voice_message(text, b"OggS")
        await ada.type("hush", text, silent=True)
        pinned = text.announce(6, ada.member, await ada.type("pinned", text))
        poll, sticker, voice, silent, _, pin = [await client.event("MESSAGE_CREATE") for _ in range(6)]
    assert poll["poll"]["answers"][1] == {"answer_id": 2, "poll_media": {"text": "No"}}
    assert sticker["sticker_items"][0]["name"] == "Wave"
    assert (voice["flags"], voice["attachments"][0]["duration_secs"]) == (1 << 13, 2.0)
    assert silent["flags"] == 1 << 12
    assert (pin["type"], pin["id"]) == (6, str(pinned.id))
    assert {poll["content"], sticker["content"], voice["content"], pin["content"]} == {""}


async def test_without_the_intent_a_reply_does_not_show_what_it_replies_to(server: Sandbox) -> None:
    guild = server.add_guild("Reading club")
    text = guild.add_text_channel("general")
    ada, ben = guild.add_member("Ada"), guild.add_member("Ben")
    secret = await ben.type("secret", text)
    async with connected(server) as client:
        await client.identify(Intent.GUILDS | Intent.GUILD_MESSAGES)
        await ada.type(f"{server.bot.mention} translate", text, reply_to=secret)
        asked = await client.event("MESSAGE_CREATE")
        await ada.send_poll(text, "Tea?", ["Yes", "No"])
        await ada.forward(secret, text)
        poll, forward = await client.event("MESSAGE_CREATE"), await client.event("MESSAGE_CREATE")
    assert asked["content"].endswith("translate")
    assert asked["referenced_message"]["content"] == ""
    assert "poll" not in poll
    assert forward["message_snapshots"][0]["message"]["content"] == ""


async def test_a_link_preview_is_no_edit_and_many_deletions_are_one_event(server: Sandbox) -> None:
    guild = server.add_guild("Reading club")
    text = guild.add_text_channel("general")
    ada = guild.add_member("Ada")
    async with connected(server) as client:
        await client.identify()
        messages = [await ada.type(line, text) for line in ("https://example.org", "b")]
        text.preview_link(messages[0])
        updated = await client.event("MESSAGE_UPDATE")
        text.purge(*messages)
        deleted = await client.event("MESSAGE_DELETE_BULK")
    assert (updated["edited_timestamp"], updated["content"]) == (None, "https://example.org")
    assert updated["embeds"]
    assert deleted["ids"] == [str(message.id) for message in messages]
