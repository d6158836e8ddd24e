"""What a page asks for is done as by a member, and what a member sees is told to the page."""

import asyncio
from typing import Any

import pytest

from sandbox import ChannelHandle, GuildHandle, MemberActor
from sandbox.playground import Playground
from tests.sandbox.bare_bot import Asked, Bot
from tests.support.page_client import PageClient, open_page

MESSAGE, DEFERRED, UPDATE, CHOICES, MODAL = 4, 5, 7, 8, 9
EPHEMERAL = 64


def posts(text: str, **more: Any) -> Any:
    """Answers with a message."""

    async def act(asked: Asked) -> None:
        assert await asked.respond(MESSAGE, content=text, **more) == 0

    return act


async def test_a_typed_message_is_in_the_channel_and_on_every_page(
    playground: Playground, page: PageClient, text: ChannelHandle
) -> None:
    ben = playground.people.add("Ben")
    async with open_page(playground, str(ben.actor.id)) as other:
        await page.ask("typing", channel=str(text.id))
        assert (await page.ask("type", content="hello **all**", channel=str(text.id)))["result"]
        await other.until(lambda: other.texts == ["hello **all**"])
        await page.until(lambda: page.texts == ["hello **all**"])
        assert [each["channel"] for each in other.typing] == [str(text.id)]
        assert not page.typing, "nobody is told that they type themselves"
        assert other.state["me"] == str(ben.actor.id)
    assert [each.author.name for each in text.messages] == ["Ada"]


async def test_what_is_edited_or_deleted_changes_on_the_page(page: PageClient, text: ChannelHandle) -> None:
    told = await page.ask("type", content="helo", channel=str(text.id))
    number = told["result"]["message"]
    await page.ask("edit", message=number, content="hello")
    await page.until(lambda: page.texts == ["hello"])
    await page.ask("react", message=number, emoji="👍", on=True)
    await page.until(lambda: page.messages[number]["mine"] == ["👍"])
    await page.ask("delete", message=number)
    await page.until(lambda: not page.texts)


async def test_only_the_one_who_asked_sees_an_ephemeral_answer(
    playground: Playground, page: PageClient, bot: Bot, text: ChannelHandle
) -> None:
    await bot.register()
    await page.until(lambda: page.state["commands"])
    async with open_page(playground, str(playground.people.add("Ben").actor.id)) as other:
        asked = page.ask("command", name="go", channel=str(text.id))
        await bot.serve(asked, posts("only you", flags=EPHEMERAL))
        await page.until(lambda: page.texts == ["only you"])
        await page.ask("type", content="all", channel=str(text.id))
        await other.until(lambda: other.texts == ["all"])


async def test_a_thinking_answer_and_its_follow_up_reach_the_page(
    page: PageClient, bot: Bot, text: ChannelHandle
) -> None:
    async def think(asked: Asked) -> None:
        await asked.respond(DEFERRED, flags=EPHEMERAL)
        await page.until(lambda: any(each["flags"] & 128 for each in page.messages.values()))
        await asked.edit(content="done")
        await asked.follow_up(content="and more", flags=EPHEMERAL)

    await bot.register()
    await bot.serve(page.ask("command", name="go", channel=str(text.id)), think)
    await page.until(lambda: page.texts == ["done", "and more"])


async def test_options_reach_the_bot_as_what_they_stand_for(
    page: PageClient, bot: Bot, text: ChannelHandle, guild: GuildHandle, ada: MemberActor
) -> None:
    kinds = {"word": 3, "count": 4, "sure": 5, "who": 6, "where": 7, "role": 8, "any": 9, "size": 10}
    options = [{"type": kind, "name": name, "description": "An option"} for name, kind in kinds.items()]
    await bot.register(options=options)
    lounge = guild.add_voice_channel("Lounge")
    given = {
        "word": "5",
        "count": 5,
        "sure": False,
        "who": str(ada.id),
        "where": str(lounge.id),
        "role": str(guild.human_role.id),
        "any": str(guild.human_role.id),
        "size": 1.5,
    }
    seen: list[dict[str, Any]] = []

    async def look(asked: Asked) -> None:
        seen.append(asked.data["data"])
        await asked.respond(MESSAGE, content="ok")

    await bot.serve(page.ask("command", name="go", channel=str(text.id), options=given), look)
    assert {each["name"]: each["value"] for each in seen[0]["options"]} == given
    assert set(seen[0]["resolved"]) == {"users", "members", "channels", "roles"}


async def test_an_option_is_completed_while_it_is_typed_also_one_named_like_a_field(
    page: PageClient, bot: Bot, text: ChannelHandle
) -> None:
    option = {"type": 3, "name": "option", "description": "An option", "autocomplete": True}
    await bot.register(options=[option])

    async def offer(asked: Asked) -> None:
        typed = asked.data["data"]["options"][0]["value"]
        await asked.respond(CHOICES, choices=[{"name": f"{typed} (best)", "value": typed}])

    asking = page.ask("autocomplete", name="go", channel=str(text.id), option="option", typed="ger")
    told = await bot.serve(asking, offer)
    assert told["result"] == {"choices": [{"name": "ger (best)", "value": "ger"}]}


async def test_buttons_menus_and_windows_work(
    page: PageClient, bot: Bot, text: ChannelHandle, ada: MemberActor
) -> None:
    rows = [
        {"type": 1, "components": [{"type": 2, "style": 1, "label": "Press", "custom_id": "b"}]},
        {"type": 1, "components": [{"type": 5, "custom_id": "who"}]},
    ]
    await bot.register()
    await bot.serve(page.ask("command", name="go", channel=str(text.id)), posts("choose", components=rows))
    await page.until(lambda: page.texts == ["choose"])
    number = next(iter(page.messages))
    fields = [{"type": 1, "components": [{"type": 4, "style": 1, "label": "Name", "custom_id": "name"}]}]

    async def open_window(asked: Asked) -> None:
        await asked.respond(MODAL, custom_id="w", title="Who?", components=fields)

    opened = await bot.serve(page.ask("click", message=number, custom_id="b"), open_window)
    assert opened["result"]["modal"]["title"] == "Who?"
    seen: list[Any] = []

    async def look(asked: Asked) -> None:
        seen.append(asked.data["data"])
        await asked.respond(UPDATE, content="chosen")

    window = opened["result"]["number"]
    await bot.serve(page.ask("submit", modal=window, answers={"name": "Ada"}), look)
    await page.until(lambda: page.texts == ["chosen"])
    assert "no longer open" in (await page.ask("submit", modal=window, answers={"name": "Ada"}))["error"]
    await bot.serve(page.ask("select", message=number, custom_id="who", values=[str(ada.id)]), look)
    assert seen[1]["values"] == [str(ada.id)]


async def test_a_click_that_waits_holds_nothing_else_up(page: PageClient, bot: Bot, text: ChannelHandle) -> None:
    await bot.register()
    waiting = asyncio.create_task(page.ask("command", name="go", channel=str(text.id)))
    assert (await page.ask("type", content="meanwhile", channel=str(text.id)))["result"]
    assert not waiting.done()
    assert (await waiting)["result"] == {"failed": "The application did not respond"}


async def test_a_page_joins_a_call_mutes_itself_and_leaves(page: PageClient, lounge: ChannelHandle) -> None:
    await page.ask("join", channel=str(lounge.id))
    await page.until(lambda: page.state["voice"])
    await page.ask("mute", on=True)
    await page.until(lambda: page.state["voice"][0]["muted"])
    await page.ask("leave")
    await page.until(lambda: not page.state["voice"])


@pytest.mark.parametrize(
    "wish",
    [
        "[]",
        "3",
        "{",
        "{}",
        '{"do": 3}',
        '{"do": "fly"}',
        '{"do": "type", "content": "x"}',
        '{"do": "type", "channel": "1", "content": "x"}',
        '{"do": "type", "channel": "general", "content": "x"}',
        '{"do": "click", "message": "1", "custom_id": "x"}',
        '{"do": "select", "message": "1", "custom_id": "x", "values": "y"}',
        '{"do": "command", "name": "nothing", "channel": "CHANNEL", "options": []}',
        '{"do": "command", "name": "nothing", "channel": "CHANNEL"}',
        '{"do": "autocomplete", "name": "nothing", "channel": "CHANNEL", "option": "x", "typed": ""}',
        '{"do": "type", "channel": "CHANNEL", "content": "   "}',
        '{"do": "join", "channel": "CHANNEL"}',
        '{"do": "mute", "on": 1}',
        '{"do": "mute", "on": true}',
        '{"do": "add_person", "name": " "}',
        '{"do": "add_person", "name": "ada"}',
        '{"do": "submit", "modal": "1"}',
    ],
)
async def test_a_wish_that_cannot_be_is_refused_with_a_reason_and_the_page_goes_on(
    page: PageClient, text: ChannelHandle, wish: str
) -> None:
    await page.send('{"number": 99, ' + wish[1:].replace("CHANNEL", str(text.id)) if wish.startswith('{"') else wish)
    assert (await page.ask("type", content="still here", channel=str(text.id)))["result"]
    assert len(text.messages) == 1


async def test_nobody_writes_where_they_may_not(page: PageClient, text: ChannelHandle, ada: MemberActor) -> None:
    text.deny(ada.member, "send_messages")
    assert "may not write" in (await page.ask("type", content="x", channel=str(text.id)))["error"]
    text.deny(ada.member, "view_channel")
    await page.until(lambda: str(text.id) not in {each["id"] for each in page.state["channels"]})
