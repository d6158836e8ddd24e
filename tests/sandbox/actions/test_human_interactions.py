"""What humans can do with a bot beside typing commands and clicking: menus, modals, files, reactions."""

from __future__ import annotations

from typing import Any

import aiohttp
import pytest

from sandbox import ChannelHandle, GuildHandle, MemberActor, NotAllowed, NotOffered, Sandbox
from sandbox.state.message import Message
from tests.sandbox.bare_bot import Act, Asked, Bot

STRING_MENU = {
    "type": 3,
    "custom_id": "fruit",
    "placeholder": "Which fruit?",
    "max_values": 2,
    "options": [
        {"label": "An apple", "value": "a"},
        {"label": "A pear", "value": "p"},
        {"label": "A fig", "value": "f"},
    ],
}
FIELD = {"type": 4, "style": 1, "custom_id": "why", "label": "Why?", "min_length": 2, "max_length": 10}
MODAL: dict[str, Any] = {
    "custom_id": "form",
    "title": "A form",
    "components": [
        {"type": 1, "components": [FIELD]},
        {"type": 10, "content": "And then"},
        {"type": 18, "label": "Fruit", "component": STRING_MENU | {"required": False}},
    ],
}


class Seen:
    """A bot's answers, and what it was asked."""

    def __init__(self) -> None:
        self.data: list[dict[str, Any]] = []
        self.codes: list[int] = []

    def say(self, kind: int, **data: Any) -> Act:
        """Answer so."""

        async def act(asked: Asked) -> None:
            self.data.append(asked.data)
            self.codes.append(await asked.respond(kind, **data))

        return act


@pytest.fixture
def seen() -> Seen:
    return Seen()


async def menus(bot: Bot, text: ChannelHandle, ada: MemberActor, seen: Seen, *components: dict[str, Any]) -> Message:
    """A message with menus, a row each."""
    await bot.register()
    rows = [{"type": 1, "components": [each]} for each in components]
    message = (await bot.serve(ada.command("go", text), seen.say(4, content="choose", components=rows))).message
    assert message is not None
    return message


async def test_options_are_chosen_by_value_or_label(
    bot: Bot, text: ChannelHandle, ada: MemberActor, seen: Seen
) -> None:
    message = await menus(bot, text, ada, seen, STRING_MENU)
    reply = await bot.serve(ada.select(message, "Which fruit?", "f", "An apple"), seen.say(7, content="thanks"))
    data = seen.data[-1]
    assert (data["type"], data["data"]["component_type"]) == (3, 3)
    assert (data["data"]["custom_id"], data["data"]["values"]) == ("fruit", ["f", "a"])
    assert data["message"]["id"] == str(message.id)
    assert (reply.kind, message.content) == (7, "thanks")


@pytest.mark.parametrize("choices", [(), ("kiwi",), ("a", "p", "f"), (5,)])
async def test_what_a_menu_does_not_offer_cannot_be_chosen(
    bot: Bot, text: ChannelHandle, ada: MemberActor, seen: Seen, choices: tuple[Any, ...]
) -> None:
    message = await menus(bot, text, ada, seen, STRING_MENU)
    with pytest.raises(ValueError, match="fruit"):
        await ada.select(message, "fruit", *choices)


async def test_menus_of_members_roles_and_channels_resolve_what_is_chosen(
    bot: Bot, guild: GuildHandle, text: ChannelHandle, ada: MemberActor, seen: Seen
) -> None:
    role, lounge = guild.add_role("Readers"), guild.add_voice_channel("Lounge")
    kinds: list[dict[str, Any]] = [{"type": kind, "custom_id": str(kind)} for kind in (5, 6, 7, 8)]
    kinds[3] |= {"channel_types": [2]}
    message = await menus(bot, text, ada, seen, *kinds)
    for menu, choice, key in (
        ("5", ada, "members"),
        ("6", role, "roles"),
        ("7", role, "roles"),
        ("8", lounge, "channels"),
    ):
        await bot.serve(ada.select(message, menu, choice), seen.say(6))
        data = seen.data[-1]["data"]
        assert data["values"] == [str(choice.id)]
        assert list(data["resolved"][key]) == data["values"]
    for menu, wrong in (("5", role), ("6", ada), ("7", lounge), ("8", text)):
        with pytest.raises(ValueError, match="does not offer"):
            await ada.select(message, menu, wrong)


async def test_menu_that_nobody_can_use_is_not_allowed(
    bot: Bot, text: ChannelHandle, ada: MemberActor, seen: Seen
) -> None:
    message = await menus(bot, text, ada, seen, STRING_MENU | {"disabled": True})
    for menu in ("fruit", "missing"):
        with pytest.raises(NotAllowed):
            await ada.select(message, menu, "a")
    message.deleted = True
    with pytest.raises(NotAllowed, match="gone"):
        await ada.select(message, "fruit", "a")


async def test_modal_is_filled_in_and_sent(
    bot: Bot, server: Sandbox, text: ChannelHandle, ada: MemberActor, seen: Seen
) -> None:
    await bot.register()
    opened = await bot.serve(ada.command("go", text), seen.say(9, **MODAL))
    assert (opened.kind, opened.message) == (9, None)
    assert opened.modal is not None
    assert opened.modal["title"] == "A form"
    reply = await bot.serve(ada.submit(opened, {"Why?": "because", "fruit": ["p"]}), seen.say(4, content="thanks"))
    asked = seen.data[-1]
    assert (asked["type"], asked["data"]["custom_id"]) == (5, "form")
    row, shown, label = asked["data"]["components"]
    assert row["components"][0] | {"id": 0} == {"type": 4, "id": 0, "custom_id": "why", "value": "because"}
    assert shown["type"] == 10
    assert label["component"]["values"] == ["p"]
    assert reply.content == "thanks"
    assert server.refusals == []


@pytest.mark.parametrize(
    "answers",
    [{}, {"why": "x"}, {"why": "x" * 11}, {"why": "because", "who": "me"}, {"why": "because", "fruit": "kiwi"}],
)
async def test_modal_takes_only_what_its_fields_take(
    bot: Bot, text: ChannelHandle, ada: MemberActor, seen: Seen, answers: dict[str, Any]
) -> None:
    await bot.register()
    opened = await bot.serve(ada.command("go", text), seen.say(9, **MODAL))
    with pytest.raises(ValueError, match=r"why|who|fruit"):
        await ada.submit(opened, answers)


async def test_modal_opened_by_a_button_can_change_the_buttons_message(
    bot: Bot, text: ChannelHandle, ada: MemberActor, seen: Seen
) -> None:
    message = await menus(bot, text, ada, seen, {"type": 2, "style": 1, "label": "Ask", "custom_id": "ask"})
    opened = await bot.serve(ada.click(message, "Ask"), seen.say(9, **MODAL))
    await bot.serve(ada.submit(opened, {"why": "because"}), seen.say(7, content="changed"))
    assert seen.data[-1]["message"]["id"] == str(message.id)
    assert message.content == "changed"


async def test_modal_is_there_for_the_one_who_opened_it_and_no_modal_follows_it(
    bot: Bot, guild: GuildHandle, text: ChannelHandle, ada: MemberActor, seen: Seen
) -> None:
    await bot.register()
    codes: list[int] = []

    async def follow_up(asked: Asked) -> None:
        codes.append(await asked.follow_up(content="x"))

    opened = await bot.serve(ada.command("go", text), seen.say(9, **MODAL), follow_up)
    assert codes == [10015]
    with pytest.raises(NotAllowed):
        await guild.add_member("Ben").submit(opened, {"why": "because"})
    written = await bot.serve(ada.submit(opened, {"why": "because"}), seen.say(9, **MODAL), seen.say(4, content="x"))
    assert seen.codes[-2:] == [50035, 0]
    with pytest.raises(NotAllowed):
        await ada.submit(written, {})


@pytest.mark.parametrize(
    "wrong",
    [
        {"title": ""},
        {"title": "x" * 46},
        {"custom_id": None},
        {"components": []},
        {"components": [{"type": 1, "components": [FIELD]}] * 2},
        {"components": [{"type": 1, "components": [FIELD | {"style": 3}]}]},
        {"components": [{"type": 1, "components": [FIELD | {"label": None}]}]},
        {"components": [{"type": 1, "components": [STRING_MENU]}]},
        {"components": [{"type": 18, "label": "x"}]},
        {"components": [{"type": 18, "label": "x" * 46, "component": STRING_MENU}]},
        {"components": [{"type": 1, "components": [FIELD | {"max_length": 4001}]}]},
    ],
)
async def test_modal_that_discord_refuses_is_not_opened(
    bot: Bot, text: ChannelHandle, ada: MemberActor, seen: Seen, wrong: dict[str, Any]
) -> None:
    await bot.register()
    reply = await bot.serve(ada.command("go", text), seen.say(9, **MODAL | wrong), seen.say(4, content="sorry"))
    assert seen.codes == [50035, 0]
    assert reply.modal is None


async def test_context_menus_name_their_target(
    bot: Bot, guild: GuildHandle, text: ChannelHandle, ada: MemberActor, seen: Seen
) -> None:
    ben = guild.add_member("Ben")
    message = await ben.type("look", text)
    await bot.register(name="High Five", type=2, description="")
    reply = await bot.serve(ada.member_command("High Five", ben, text), seen.say(4, content="five"))
    data = seen.data[-1]["data"]
    assert (data["type"], data["target_id"]) == (2, str(ben.id))
    assert list(data["resolved"]["members"]) == list(data["resolved"]["users"]) == [str(ben.id)]
    assert reply.message is not None
    assert reply.message.kind == 23
    await bot.register(name="Bookmark", type=3, description="")
    await bot.serve(ada.message_command("Bookmark", message), seen.say(4, content="done"))
    data = seen.data[-1]["data"]
    assert (data["type"], data["target_id"]) == (3, str(message.id))
    assert data["resolved"]["messages"][str(message.id)]["content"] == "look"
    with pytest.raises(NotOffered):
        await ada.member_command("Bookmark", ben, text, timeout=0.01)
    with pytest.raises(NotOffered):
        await ada.command("Bookmark", text, timeout=0.01)
    await ben.delete(message)
    with pytest.raises(NotAllowed):
        await ada.message_command("Bookmark", message)


async def test_file_is_an_option_that_the_bot_can_fetch(
    bot: Bot, text: ChannelHandle, ada: MemberActor, seen: Seen
) -> None:
    await bot.register(options=[{"type": 11, "name": "file", "description": "x"}])
    options = {"file": ada.file("a.txt", b"abc", "letters")}
    await bot.serve(ada.command("go", text, options=options), seen.say(4, content="read"))
    data = seen.data[-1]["data"]
    (attachment,) = data["resolved"]["attachments"].values()
    assert data["options"][0]["value"] == attachment["id"]
    assert (attachment["filename"], attachment["size"], attachment["description"]) == ("a.txt", 3, "letters")
    async with aiohttp.ClientSession() as http, http.get(attachment["url"]) as answer:
        assert await answer.read() == b"abc"
    with pytest.raises(ValueError, match="file"):
        await ada.command("go", text, options={"file": "a.txt"})


async def test_reaction_is_told_once_and_taken_back(
    bot: Bot, guild: GuildHandle, text: ChannelHandle, ada: MemberActor
) -> None:
    message = await ada.type("look", text)
    for _ in range(2):
        await ada.react(message, "👍")
    added = await bot.event("MESSAGE_REACTION_ADD")
    assert (added["emoji"]["name"], added["user_id"]) == ("👍", str(ada.id))
    text.deny(ada, "add_reactions")
    with pytest.raises(NotAllowed):
        await ada.react(message, "👎")
    await guild.add_member("Ben").react(message, "👍")
    assert message.reactions[0].user_ids >= {ada.id}
    await ada.unreact(message, "👍")
    assert (await bot.event("MESSAGE_REACTION_REMOVE"))["user_id"] == str(ada.id)
    await ada.unreact(message, "👍")
    assert [len(each.user_ids) for each in message.reactions] == [1]
