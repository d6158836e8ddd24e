"""Direct messages: a human and the bot write to each other where nobody else is."""

import asyncio
from typing import Any

import discord
import pytest

from sandbox import GuildHandle, MemberActor, NotAllowed, NotOffered, Sandbox
from sandbox.state.intents import Intent
from tests.sandbox.gateway.client import ALL, GatewayClient, connected
from tests.sandbox.pycord import make_bot, running
from tests.sandbox.rest.client import RestClient

MESSAGES = "/channels/{channel_id}/messages"
OPEN = "/users/@me/channels"


async def test_a_py_cord_bot_is_written_to_answers_and_is_clicked(
    server: Sandbox, guild: GuildHandle, ada: MemberActor
) -> None:
    bot = make_bot(server)

    class Panel(discord.ui.View):
        @discord.ui.button(label="Yes")
        async def yes(self, _: "discord.ui.Button[Panel]", interaction: discord.Interaction) -> None:
            assert interaction.guild is None
            assert interaction.user is not None
            await interaction.response.send_message(f"{interaction.user.display_name} said yes")

    @bot.slash_command(description="Says who asks")
    async def who(ctx: discord.ApplicationContext) -> None:
        await ctx.respond(f"{ctx.author.display_name} in {ctx.guild}", ephemeral=True)

    @bot.slash_command(description="For servers", contexts={discord.InteractionContextType.guild})
    async def kick(ctx: discord.ApplicationContext) -> None:
        await ctx.respond("kicked")

    @bot.listen()
    async def on_message(message: discord.Message) -> None:
        if not message.author.bot and isinstance(message.channel, discord.DMChannel):
            assert message.guild is None
            await message.reply(message.content.upper(), view=Panel())

    async with running(bot, server):
        private = ada.direct_channel
        asked = await ada.type("are you there?", private)
        answer = await private.wait_for_message(lambda message: message.author is server.bot)
        assert (answer.content, answer.reference) == ("ARE YOU THERE?", asked)
        assert (await ada.click(answer, "Yes")).content == "Ada said yes"
        reply = await ada.command("who", private)
        assert (reply.content, reply.ephemeral) == ("Ada in None", True)
        with pytest.raises(NotOffered, match="direct messages"):
            await ada.command("kick", private)

        found = await bot.fetch_user(ada.id)
        sent = await found.send("by the way")
        await sent.edit(content="by the by")
        await private.wait_for_message(lambda message: message.content == "by the by")
        await sent.delete()
        assert await found.create_dm() == sent.channel
        await ada.take_direct_messages(False)
        with pytest.raises(discord.Forbidden) as refused:
            await found.send("are you angry?")
        assert refused.value.code == 50007
    assert guild.bot_voice is None


async def heard(gateway: GatewayClient, ada: MemberActor) -> list[dict[str, Any]]:
    """What a session hears of what happens in direct messages, and what it tells of it."""
    await gateway.settle()
    private = ada.direct_channel
    start = len(gateway.received)
    await ada.start_typing(private)
    message = await ada.type("hello", private)
    await ada.edit(message, "hello!")
    await ada.react(message, "👍")
    await ada.pin(message)
    await ada.delete(message)
    await gateway.settle()
    return [each for each in gateway.received[start:] if each["t"]]


async def test_events_of_direct_messages_name_no_guild_and_no_member(server: Sandbox, ada: MemberActor) -> None:
    async with connected(server) as gateway:
        await gateway.identify(ALL & ~Intent.MESSAGE_CONTENT)
        events = await heard(gateway, ada)
    assert [each["t"] for each in events] == [
        "TYPING_START",
        "MESSAGE_CREATE",
        "MESSAGE_UPDATE",
        "MESSAGE_REACTION_ADD",
        "CHANNEL_PINS_UPDATE",
        "MESSAGE_CREATE",
        "MESSAGE_DELETE",
    ]
    for each in events:
        assert each["d"]["channel_id"] == str(ada.direct_channel.id)
        assert not {"guild_id", "member"} & each["d"].keys()
    assert events[1]["d"]["content"] == "hello", "the content of direct messages takes no intent"


@pytest.mark.parametrize(
    ("intents", "names"),
    [
        (Intent.GUILDS | Intent.GUILD_MESSAGES | Intent.GUILD_MESSAGE_TYPING | Intent.GUILD_MESSAGE_REACTIONS, set()),
        (Intent.DIRECT_MESSAGE_TYPING, {"TYPING_START"}),
        (Intent.DIRECT_MESSAGE_REACTIONS, {"MESSAGE_REACTION_ADD"}),
        (Intent.DIRECT_MESSAGES, {"MESSAGE_CREATE", "MESSAGE_UPDATE", "MESSAGE_DELETE", "CHANNEL_PINS_UPDATE"}),
    ],
)
async def test_each_event_takes_the_intent_for_direct_messages(
    server: Sandbox, ada: MemberActor, intents: Intent, names: set[str]
) -> None:
    async with connected(server) as gateway:
        await gateway.identify(intents)
        assert {each["t"] for each in await heard(gateway, ada)} == names


@pytest.mark.parametrize("server", [{"shards": 2}], indirect=True)
async def test_direct_messages_come_to_shard_0_only(server: Sandbox, guild: GuildHandle) -> None:
    async with connected(server) as first, connected(server) as second:
        await first.identify(shard=[0, 2])
        await second.identify(shard=[1, 2])
        for number in range(8):  # the ids of some would lead to the other shard
            human = guild.add_member(f"Human {number}")
            await human.type("hello", human.direct_channel)
            await asyncio.sleep(0.005)
        await first.settle()
        await second.settle()
        assert [shard.events.count("MESSAGE_CREATE") for shard in (first, second)] == [8, 0]


async def test_the_bot_opens_them_with_humans_only(
    server: Sandbox, guild: GuildHandle, ada: MemberActor, rest: RestClient
) -> None:
    opened = await rest("POST", OPEN, json={"recipient_id": str(ada.id)})
    again = await rest("POST", OPEN, json={"recipient_id": ada.id})
    assert opened.body["id"] == again.body["id"] == str(ada.direct_channel.id)
    assert opened.body["recipients"][0]["id"] == str(ada.id)
    there = await rest("GET", "/channels/{channel_id}", {"channel_id": opened.body["id"]})
    assert (there.body["type"], "guild_id" in there.body) == (1, False)
    for wrong in (server.bot.id, guild.add_bot("Music").id, guild.guild.owner_id + 1):
        assert (await rest("POST", OPEN, json={"recipient_id": str(wrong)})).code == 50033
    for body in ({}, {"recipient_id": "x"}, {"recipient_id": None}, {"recipient_id": [1]}):
        assert (await rest("POST", OPEN, json=body)).code == 50035


async def test_who_takes_none_or_shares_no_guild_is_not_written_to(
    guild: GuildHandle, ada: MemberActor, rest: RestClient
) -> None:
    place = {"channel_id": ada.direct_channel.id}
    assert (await rest("POST", MESSAGES, place, json={"content": "x"})).status == 200
    await ada.take_direct_messages(False)
    assert (await rest("POST", MESSAGES, place, json={"content": "x"})).code == 50007
    await ada.take_direct_messages()
    assert (await rest("POST", MESSAGES, place, json={"content": "x"})).status == 200
    await guild.remove_bot()
    assert (await rest("POST", MESSAGES, place, json={"content": "x"})).code == 50007


async def test_both_may_pin_and_neither_deletes_what_the_other_wrote(
    guild: GuildHandle, ada: MemberActor, rest: RestClient
) -> None:
    private = ada.direct_channel
    place = {"channel_id": private.id}
    mine = await ada.type("mine", private)
    at = {**place, "message_id": mine.id}
    assert (await rest("DELETE", MESSAGES + "/{message_id}", at)).code == 50013
    assert (await rest("PUT", "/channels/{channel_id}/messages/pins/{message_id}", at)).status == 204
    assert mine.pinned_at is not None
    posted = await rest(
        "POST", MESSAGES, place, json={"content": "yours", "message_reference": {"message_id": mine.id}}
    )
    assert "guild_id" not in posted.body["message_reference"]
    yours = next(message for message in private.messages if message.content == "yours")
    with pytest.raises(NotAllowed):
        await ada.delete(yours)
    with pytest.raises(NotAllowed, match="not Ben's"):
        await guild.add_member("Ben").type("let me in", private)
    found = await rest("GET", MESSAGES, place)
    assert {each["content"] for each in found.body} == {"mine", "yours", ""}
