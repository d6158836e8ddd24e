"""Every implemented route answers as Discord's own specification says."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import aiohttp
import pytest
from jsonschema import ValidationError

from sandbox import GuildHandle, MemberActor, Reply, Sandbox
from sandbox.rest.rest_api import ROUTES
from tests.sandbox.rest.client import Answer, RestClient, Specification

CHANNEL = "/channels/{channel_id}"
MESSAGE = "/channels/{channel_id}/messages/{message_id}"
GUILD = "/guilds/{guild_id}"
COMMANDS = "/applications/{application_id}/commands"
GUILD_COMMANDS = "/applications/{application_id}/guilds/{guild_id}/commands"
CALLBACK = "/interactions/{interaction_id}/{interaction_token}/callback"
WEBHOOK = "/webhooks/{webhook_id}/{webhook_token}"

RICH: dict[str, Any] = {
    "content": "hello",
    "embeds": [
        {
            "title": "Title",
            "description": "Text",
            "url": "https://example.org",
            "color": 255,
            "timestamp": "2026-01-01T00:00:00+00:00",
            "footer": {"text": "small"},
            "author": {"name": "somebody"},
            "fields": [{"name": "n", "value": "v", "inline": True}],
        }
    ],
    "components": [
        {
            "type": 1,
            "components": [
                {"type": 2, "style": 4, "label": "End Call", "custom_id": "end", "emoji": {"name": "📞"}},
                {"type": 2, "style": 5, "label": "Site", "url": "https://example.org"},
            ],
        },
        {
            "type": 1,
            "components": [
                {
                    "type": 3,
                    "custom_id": "choice",
                    "min_values": 1,
                    "max_values": 1,
                    "options": [{"label": "one", "value": "1", "default": False}],
                }
            ],
        },
    ],
    "allowed_mentions": {"parse": []},
    "nonce": "12",
}
COMMAND = {
    "name": "voice_chat",
    "description": "Talks",
    "type": 1,
    "options": [{"type": 3, "name": "topic", "description": "About what", "required": False}],
    "nsfw": False,
    "contexts": [0],
    "integration_types": [0],
    "default_member_permissions": None,
}


async def test_every_route_answers_like_the_specification(
    server: Sandbox, rest: RestClient, guild: GuildHandle
) -> None:
    guild.set_bot_permissions(
        manage_messages=True,
        add_reactions=True,
        mute_members=True,
        manage_channels=True,
        attach_files=True,
        pin_messages=True,
    )
    ada = guild.add_member("Ada")

    await ask_about_itself(rest)
    await ask_about_guilds(rest, guild, ada)
    await ask_about_messages(rest, guild, ada)
    await ask_about_commands(rest, guild)
    await answer_interactions(server, rest, guild, ada)

    assert rest.asked == {(route.method, route.path) for route in ROUTES}


async def ask_about_itself(rest: RestClient) -> None:
    await rest("GET", "/users/@me")
    await rest("GET", "/users/{user_id}", {"user_id": rest.sandbox.bot.id})
    await rest("GET", "/applications/@me")
    await rest("GET", "/oauth2/applications/@me")
    await rest("GET", "/gateway")
    await rest("GET", "/gateway/bot")
    await rest("GET", "/soundboard-default-sounds")


async def ask_about_guilds(rest: RestClient, guild: GuildHandle, ada: MemberActor) -> None:
    here = {"guild_id": guild.id}
    stage = guild.add_stage_channel("Stage")
    lounge = guild.add_voice_channel("Lounge", user_limit=2)
    lounge.deny(ada, "speak")
    assert guild.me is not None
    await guild.backend.voice_states.update_bot(guild.guild, stage.channel, "s", self_mute=False, self_deaf=False)

    await rest("GET", GUILD, here, query={"with_counts": "true"})
    await rest("GET", f"{GUILD}/channels", here)
    await rest("GET", f"{GUILD}/roles", here)
    await rest("GET", f"{GUILD}/members", here, query={"limit": "10"})
    await rest("GET", f"{GUILD}/members/{{user_id}}", here | {"user_id": ada.id})
    await rest("GET", f"{GUILD}/voice-states/@me", here)
    await rest("PATCH", f"{GUILD}/voice-states/@me", here, json={"suppress": False})
    await rest("GET", CHANNEL, {"channel_id": lounge.id})
    await rest("POST", "/users/@me/channels", json={"recipient_id": str(ada.id)})
    await rest("GET", CHANNEL, {"channel_id": ada.direct_channel.id})
    await rest("PUT", f"{CHANNEL}/voice-status", {"channel_id": lounge.id}, json={"status": "talking"})

    assert guild.bot_voice is not None
    assert not guild.bot_voice.suppress
    assert lounge.status == "talking"


async def ask_about_messages(rest: RestClient, guild: GuildHandle, ada: MemberActor) -> None:
    text = guild.add_text_channel("general")
    here = {"channel_id": text.id}
    asked = await ada.type(f"hello {guild.backend.bot.mention}", text, files={"a.txt": b"abc"})
    await rest("POST", f"{CHANNEL}/typing", here)
    made = await rest("POST", f"{CHANNEL}/messages", here, json=RICH)
    reply = {"content": "yes", "message_reference": {"message_id": str(asked.id)}}
    await rest("POST", f"{CHANNEL}/messages", here, json=reply)
    form = aiohttp.FormData()
    form.add_field("payload_json", '{"attachments": [{"id": 0, "filename": "b.txt", "description": "b"}]}')
    form.add_field("files[0]", b"bytes", filename="b.txt")
    filed = await rest("POST", f"{CHANNEL}/messages", here, data=form)
    this = here | {"message_id": made.body["id"]}
    thumb = {"emoji_name": "%F0%9F%91%8D"}
    mine = MESSAGE + "/reactions/{emoji_name}/@me"
    await rest("PUT", mine, this | thumb)
    await rest("GET", f"{CHANNEL}/messages", here, query={"limit": "10"})
    await rest("GET", MESSAGE, this)
    await rest("DELETE", mine, this | thumb)
    for pins in (f"{CHANNEL}/messages/pins", f"{CHANNEL}/pins"):
        await rest("PUT", f"{pins}/{{message_id}}", this)
        await rest("GET", pins, here)
        await rest("DELETE", f"{pins}/{{message_id}}", this)
    forward = {"type": 1, "channel_id": str(text.id), "message_id": str(asked.id)}
    await rest("POST", f"{CHANNEL}/messages", here, json={"message_reference": forward})
    await rest("PATCH", MESSAGE, this, json={"content": "changed", "embeds": [], "components": []})
    await rest("DELETE", MESSAGE, this)
    both = [str(asked.id), filed.body["id"]]
    await rest("POST", f"{CHANNEL}/messages/bulk-delete", here, json={"messages": both})


async def ask_about_commands(rest: RestClient, guild: GuildHandle) -> None:
    me = {"application_id": rest.sandbox.bot.id}
    for base, scope in ((COMMANDS, me), (GUILD_COMMANDS, me | {"guild_id": guild.id})):
        await rest("PUT", base, scope, json=[COMMAND])
        made = await rest("POST", base, scope, json=COMMAND | {"name": "other"})
        assert made.status == 201
        one = scope | {"command_id": made.body["id"]}
        await rest("GET", base, scope, query={"with_localizations": "true"})
        await rest("GET", base + "/{command_id}", one)
        await rest("PATCH", base + "/{command_id}", one, json={"description": "Changed"})
        await rest("DELETE", base + "/{command_id}", one)


async def answer_interactions(server: Sandbox, rest: RestClient, guild: GuildHandle, ada: MemberActor) -> None:
    text = guild.add_text_channel("commands")

    async def during(
        start: Coroutine[Any, Any, Reply], act: Callable[[dict[str, Any]], Coroutine[Any, Any, None]]
    ) -> Reply:
        known = set(guild.backend.store.interactions)
        human = asyncio.create_task(start)
        await asyncio.sleep(0)
        token = next(iter(set(guild.backend.store.interactions) - known))
        number = guild.backend.store.interactions[token].id
        await act({"interaction_id": number, "interaction_token": token})
        return await human

    async def respond(where: dict[str, Any]) -> None:
        answer = {"type": 4, "data": RICH}
        await rest("POST", CALLBACK, where, json=answer, query={"with_response": "true"})
        hook = {"webhook_id": server.bot.id, "webhook_token": where["interaction_token"]}
        one = f"{WEBHOOK}/messages/{{message_id}}"
        original = hook | {"message_id": "@original"}
        specified = WEBHOOK + "/messages/{message_id}"
        made = await rest("POST", WEBHOOK, hook, json={"content": "more"}, query={"wait": "true"})
        await rest("GET", specified, original)
        await rest("PATCH", one, original, json={"content": "changed"})
        await rest("DELETE", one, hook | {"message_id": made.body["id"]})

    async def update(where: dict[str, Any]) -> None:
        answer = {"type": 7, "data": {"content": "clicked"}}
        await rest("POST", CALLBACK, where, json=answer, query={"with_response": "true"})

    async def defer(where: dict[str, Any]) -> None:
        assert (await rest("POST", CALLBACK, where, json={"type": 6})).status == 204

    reply = await during(ada.command("voice_chat", text, {"topic": "books"}), respond)
    assert reply.content == "changed"
    assert reply.message is not None
    assert (await during(ada.click(reply.message, "End Call"), update)).content == "clicked"
    assert (await during(ada.click(reply.message, "end"), defer)).kind == 6


def test_specification_finds_a_missing_field(server: Sandbox) -> None:
    user = server.bot.to_own_json()
    Specification().check("GET", "/users/@me", Answer(200, user))
    del user["discriminator"]
    with pytest.raises(ValidationError):
        Specification().check("GET", "/users/@me", Answer(200, user))


def test_specification_finds_a_wrong_type_inside_a_list(guild: GuildHandle) -> None:
    roles = [role.to_json() for role in guild.roles.values()]
    roles[0]["position"] = "first"
    with pytest.raises(ValidationError):
        Specification().check("GET", "/guilds/{guild_id}/roles", Answer(200, roles))
