"""Commands and clicks: what is offered, what is answered, and when it is too late."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from sandbox import ChannelHandle, GuildHandle, MemberActor, NotAllowed, NotOffered, Sandbox
from tests.sandbox.bare_bot import Act, Asked, Bot
from tests.sandbox.gateway.client import connected

PANEL = {
    "content": "panel",
    "components": [
        {
            "type": 1,
            "components": [
                {"type": 2, "style": 4, "label": "End Call", "custom_id": "end"},
                {"type": 2, "style": 2, "label": "Off", "custom_id": "off", "disabled": True},
                {"type": 2, "style": 5, "label": "Site", "url": "https://example.org"},
            ],
        }
    ],
}


async def test_bot_reads_who_used_what_where(bot: Bot, text: ChannelHandle, ada: MemberActor) -> None:
    await bot.register(options=[{"type": 4, "name": "x", "description": "x"}])
    seen: dict[str, Any] = {}

    async def answer(asked: Asked) -> None:
        seen.update(asked.data)
        await asked.respond(4, content="hi")

    reply = await bot.serve(ada.command("go", text, options={"x": 1}), answer)

    assert seen["member"]["user"]["id"] == str(ada.id)
    assert seen["channel_id"] == seen["channel"]["id"] == str(text.id)
    assert seen["data"]["options"] == [{"name": "x", "type": 4, "value": 1}]
    assert reply.content == "hi"
    assert reply.answered_after is not None
    assert 0 < reply.answered_after < 3
    assert text.messages[0].to_json()["type"] == 20


async def test_second_answer_is_already_acknowledged(bot: Bot, text: ChannelHandle, ada: MemberActor) -> None:
    await bot.register()
    codes: list[int] = []

    async def twice(asked: Asked) -> None:
        codes.append(await asked.respond(4, content="one"))
        codes.append(await asked.respond(4, content="two"))

    reply = await bot.serve(ada.command("go", text), twice)
    assert codes == [0, 40060]
    assert reply.content == "one"


@pytest.mark.parametrize("server", [{"interaction_deadline": 0.05}], indirect=True)
async def test_answer_after_the_deadline_is_unknown(
    bot: Bot, server: Sandbox, text: ChannelHandle, ada: MemberActor
) -> None:
    await bot.register()
    codes: list[int] = []

    async def late(asked: Asked) -> None:
        await asyncio.sleep(0.15)
        codes.append(await asked.respond(4, content="late"))
        codes.append(await asked.follow_up(content="later"))

    reply = await bot.serve(ada.command("go", text), late)
    assert reply.failed
    assert reply.answered_after is None
    assert codes == [10062, 10015]
    assert text.messages == []
    assert server.connected


@pytest.mark.parametrize("server", [{"interaction_lifetime": 0.2}], indirect=True)
async def test_token_dies_after_its_lifetime(bot: Bot, text: ChannelHandle, ada: MemberActor) -> None:
    await bot.register()
    codes: list[int] = []

    async def answer(asked: Asked) -> None:
        codes.append(await asked.respond(4, content="hi"))
        codes.append(await asked.edit(content="still here"))
        await asyncio.sleep(0.3)
        codes.append(await asked.edit(content="gone"))

    reply = await bot.serve(ada.command("go", text), answer)
    assert codes == [0, 0, 50027]
    assert reply.content == "still here"


async def test_public_deferral_shows_thinking_and_then_the_text(
    bot: Bot, text: ChannelHandle, ada: MemberActor
) -> None:
    await bot.register()
    shown: list[tuple[str, bool, bool]] = []

    async def defer(asked: Asked) -> None:
        await asked.respond(5)
        (message,) = text.messages
        shown.append((message.content, message.loading, message.edited))
        await asked.edit(content=f"done {ada.mention}")
        shown.append((message.content, message.loading, message.edited))

    reply = await bot.serve(ada.command("go", text), defer)
    assert reply.deferred
    assert shown == [("", True, False), (f"done {ada.mention}", False, False)]
    assert text.messages[0].mentioned == [ada.user]


async def test_deferral_has_no_resource_yet_and_a_message_has_one(
    bot: Bot, text: ChannelHandle, ada: MemberActor
) -> None:
    await bot.register()
    bodies: list[dict[str, Any]] = []

    def of_kind(kind: int, **data: Any) -> Act:
        async def act(asked: Asked) -> None:
            answer = await asked.callback(kind, with_response=True, **data)
            bodies.append(answer.body)

        return act

    await bot.serve(ada.command("go", text), of_kind(5))
    await bot.serve(ada.command("go", text), of_kind(4, content="hi"))
    deferred, written = bodies
    assert "resource" not in deferred
    assert deferred["interaction"]["response_message_loading"]
    assert written["resource"]["message"]["content"] == "hi"


async def test_first_follow_up_fills_in_the_deferral_and_keeps_its_visibility(
    bot: Bot, text: ChannelHandle, ada: MemberActor
) -> None:
    await bot.register()

    async def defer(asked: Asked) -> None:
        await asked.respond(5, flags=64)
        assert await asked.follow_up(content="secret") == 0
        assert await asked.follow_up(content="public") == 0

    reply = await bot.serve(ada.command("go", text), defer)
    assert (reply.content, reply.ephemeral) == ("secret", True)
    assert [message.content for message in reply.followups] == ["public"]
    assert [message.content for message in text.messages] == ["public"]
    assert await reply.wait_for_content() == "secret"


async def test_ephemeral_answer_is_told_to_nobody_else(
    bot: Bot, server: Sandbox, text: ChannelHandle, ada: MemberActor
) -> None:
    await bot.register()

    async def answer(asked: Asked) -> None:
        await asked.respond(4, content="only you", flags=64)
        await asked.edit(content="only you, still")

    async with connected(server) as listener:
        await listener.identify()
        reply = await bot.serve(ada.command("go", text), answer)
        await listener.settle()
    assert reply.content == "only you, still"
    assert text.messages == []
    assert not {"MESSAGE_CREATE", "MESSAGE_UPDATE"} & set(listener.events)


async def test_click_updates_its_message_or_adds_an_answer(bot: Bot, text: ChannelHandle, ada: MemberActor) -> None:
    await bot.register()

    async def show(asked: Asked) -> None:
        await asked.respond(4, **PANEL)

    async def update(asked: Asked) -> None:
        assert asked.data["data"]["custom_id"] == "end"
        assert asked.data["message"]["id"] == str(text.messages[0].id)
        assert await asked.respond(7, content="pressed") == 0

    async def defer_and_add(asked: Asked) -> None:
        await asked.respond(6)
        await asked.edit(content="edited")
        await asked.follow_up(content="added", flags=64)

    panel = (await bot.serve(ada.command("go", text), show)).message
    assert panel is not None
    updated = await bot.serve(ada.click(panel, "End Call"), update)
    assert (updated.kind, panel.content) == (7, "pressed")
    added = await bot.serve(ada.click(panel, "end"), defer_and_add)
    assert (added.kind, added.content, panel.content) == (6, "", "edited")
    assert await added.wait_for_content() == "added"


async def test_button_that_nobody_can_press_is_not_allowed(bot: Bot, text: ChannelHandle, ada: MemberActor) -> None:
    await bot.register()
    panel = (await bot.serve(ada.command("go", text), lambda asked: _respond(asked, PANEL))).message
    assert panel is not None
    for button in ("Off", "Site", "Missing"):
        with pytest.raises(NotAllowed):
            await ada.click(panel, button)
    panel.deleted = True
    with pytest.raises(NotAllowed):
        await ada.click(panel, "End Call")


async def test_command_cannot_update_a_message(bot: Bot, text: ChannelHandle, ada: MemberActor) -> None:
    await bot.register()
    codes: list[int] = []

    async def wrong(asked: Asked) -> None:
        codes.append(await asked.respond(7, content="x"))
        codes.append(await asked.respond(4, content="x" * 2001))
        codes.append(await asked.respond(4, content="x"))

    await bot.serve(ada.command("go", text), wrong)
    assert codes == [50035, 50035, 0]


async def test_callback_that_is_not_implemented_is_refused_loudly(
    bot: Bot, server: Sandbox, text: ChannelHandle, ada: MemberActor
) -> None:
    await bot.register()

    async def activity(asked: Asked) -> None:
        await asked.respond(12)
        await asked.respond(4, content="x")

    await bot.serve(ada.command("go", text), activity)
    assert [refusal.what for refusal in server.refusals] == ["interaction callbacks of type 12"]
    server.refusals.clear()


async def test_command_is_offered_only_where_discord_would(
    bot: Bot, guild: GuildHandle, text: ChannelHandle, ada: MemberActor
) -> None:
    with pytest.raises(NotOffered):
        await ada.command("go", text, timeout=0.05)
    await bot.register(default_member_permissions="8")
    with pytest.raises(NotOffered):
        await ada.command("go", text)
    await bot.register(contexts=[1])
    with pytest.raises(NotOffered):
        await ada.command("go", text)
    await bot.register()
    text.deny(ada, "use_application_commands")
    with pytest.raises(NotOffered):
        await ada.command("go", text)
    await guild.remove_bot()
    with pytest.raises(NotOffered):
        await guild.add_member("Bob").command("go", text)


async def _respond(asked: Asked, data: dict[str, Any]) -> None:
    await asked.respond(4, **data)
