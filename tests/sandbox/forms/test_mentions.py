"""Whom a message pings."""

from __future__ import annotations

from typing import Any

import aiohttp
import pytest

from sandbox import ChannelHandle, GuildHandle, MemberActor, Sandbox
from tests.sandbox.rest.client import RestClient

MESSAGES = "/channels/{channel_id}/messages"


@pytest.fixture
def guild(server: Sandbox) -> GuildHandle:
    return server.add_guild("Reading club")


@pytest.fixture
def text(guild: GuildHandle) -> ChannelHandle:
    return guild.add_text_channel("general")


@pytest.fixture
def ada(guild: GuildHandle) -> MemberActor:
    return guild.add_member("Ada")


async def send(server: Sandbox, text: ChannelHandle, **form: Any) -> None:
    async with aiohttp.ClientSession() as session:
        assert (await RestClient(session, server)("POST", MESSAGES, {"channel_id": text.id}, json=form)).status == 200


async def test_named_users_are_pinged_once_and_strangers_not(
    server: Sandbox, text: ChannelHandle, ada: MemberActor
) -> None:
    await send(server, text, content=f"{ada.mention} <@!{ada.id}> <@5>")
    assert text.messages[0].mentioned == [ada.user]


@pytest.mark.parametrize("allowed", [{"parse": []}, {"parse": ["everyone"]}, {"users": ["5"]}, {}])
async def test_allowed_mentions_keep_it_quiet(
    server: Sandbox, text: ChannelHandle, ada: MemberActor, allowed: dict[str, Any]
) -> None:
    await send(server, text, content=ada.mention, allowed_mentions=allowed)
    assert text.messages[0].mentioned == []
    assert text.messages[0].to_json()["mentions"] == []
    assert text.messages[0].allowed_mentions == allowed


async def test_allowed_mentions_let_single_users_through(
    server: Sandbox, guild: GuildHandle, text: ChannelHandle
) -> None:
    ada, bob = guild.add_member("Ada"), guild.add_member("Bob")
    allowed = {"parse": [], "users": [str(bob.id)]}
    await send(server, text, content=f"{ada.mention} {bob.mention}", allowed_mentions=allowed)
    assert text.messages[0].mentioned == [bob.user]


@pytest.mark.parametrize(
    ("allowed", "pinged"),
    [(None, True), ({"parse": []}, False), ({"parse": ["users"]}, False), ({"replied_user": True}, True)],
)
async def test_reply_pings_its_author_unless_told_otherwise(
    server: Sandbox, text: ChannelHandle, ada: MemberActor, allowed: dict[str, Any] | None, pinged: bool
) -> None:
    asked = await ada.type("hello", text)
    reference = {"message_id": str(asked.id)}
    await send(server, text, content="hi", message_reference=reference, allowed_mentions=allowed)
    assert text.messages[1].mentioned == ([ada.user] if pinged else [])


async def test_everyone_and_roles_take_a_permission(server: Sandbox, guild: GuildHandle, text: ChannelHandle) -> None:
    role = guild.add_role("Readers")
    await send(server, text, content=f"@everyone {role.mention}")
    guild.set_bot_permissions(mention_everyone=True)
    await send(server, text, content=f"@here {role.mention}")
    await send(server, text, content=f"@here {role.mention}", allowed_mentions={"parse": []})
    assert [message.mentions.everyone for message in text.messages] == [False, True, False]
    assert [message.mentions.roles for message in text.messages] == [[], [role], []]


async def test_edit_names_but_does_not_ping(guild: GuildHandle, text: ChannelHandle, ada: MemberActor) -> None:
    bob = guild.add_member("Bob")
    message = await ada.type("hello", text)
    await ada.edit(message, f"hello {bob.mention}")
    assert message.mentioned == []
    assert [user["id"] for user in message.to_json()["mentions"]] == [str(bob.id)]
