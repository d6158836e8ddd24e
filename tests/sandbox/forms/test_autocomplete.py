"""Choices that are offered while one types."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox import ChannelHandle, Choice, MemberActor, NotOffered
from tests.sandbox.bare_bot import Asked, Bot

LANGUAGE = {"type": 3, "name": "language", "description": "x", "required": True, "autocomplete": True}


async def test_bot_offers_choices_for_what_is_typed(bot: Bot, text: ChannelHandle, ada: MemberActor) -> None:
    await bot.register(options=[LANGUAGE, {"type": 5, "name": "loud", "description": "x"}])
    seen: dict[str, Any] = {}
    codes: list[int] = []

    async def offer(asked: Asked) -> None:
        seen.update(asked.data)
        codes.append(await asked.respond(8, choices=[{"name": "German", "value": "de"}]))
        codes.append(await asked.respond(8, choices=[]))
        codes.append(await asked.follow_up(content="x"))

    choices = await bot.serve(ada.autocomplete("go", text, option="language", typed="ger", loud=True), offer)

    assert seen["type"] == 4
    assert seen["data"]["options"] == [
        {"name": "loud", "type": 5, "value": True},
        {"name": "language", "type": 3, "value": "ger", "focused": True},
    ]
    assert choices == [Choice("German", "de")]
    assert codes == [0, 40060, 10015]
    assert text.messages == []


@pytest.mark.parametrize(
    ("choices", "wrong"),
    [
        ([{"name": str(number), "value": "x"} for number in range(26)], "choices"),
        ([{"name": "x", "value": "x"}, {"name": "", "value": "x"}], "1"),
        ([{"name": "x" * 101, "value": "x"}], "0"),
        ([{"name": "x", "value": "x" * 101}], "0"),
        ([{"name": "x", "value": 1}], "0"),
        ([{"name": "x"}], "0"),
        ([{"value": "x"}], "0"),
    ],
)
async def test_choices_that_discord_refuses_are_refused(
    bot: Bot, text: ChannelHandle, ada: MemberActor, choices: list[dict[str, Any]], wrong: str
) -> None:
    await bot.register(options=[LANGUAGE])
    errors: dict[str, Any] = {}

    async def offer(asked: Asked) -> None:
        answer = await asked.callback(8, choices=choices)
        assert answer.code == 50035
        errors.update(answer.body["errors"]["data"]["choices"])
        await asked.respond(8, choices=[{"name": str(number), "value": "x"} for number in range(25)])

    offered = await bot.serve(ada.autocomplete("go", text, option="language", typed=""), offer)
    assert list(errors) == (["_errors"] if wrong == "choices" else [wrong])
    assert len(offered) == 25


@pytest.mark.parametrize(("kind", "misfits"), [(4, 0.5), (4, True), (10, "x")])
async def test_choices_are_of_the_options_type(
    bot: Bot, text: ChannelHandle, ada: MemberActor, kind: int, misfits: object
) -> None:
    await bot.register(options=[LANGUAGE | {"type": kind}])
    codes: list[int] = []

    async def offer(asked: Asked) -> None:
        codes.append(await asked.respond(8, choices=[{"name": "x", "value": misfits}]))
        codes.append(await asked.respond(8, choices=[{"name": "x", "value": 2}]))

    choices = await bot.serve(ada.autocomplete("go", text, option="language", typed="1"), offer)
    assert codes == [50035, 0]
    assert choices == [Choice("x", 2)]


async def test_choices_answer_what_is_typed_and_nothing_else(bot: Bot, text: ChannelHandle, ada: MemberActor) -> None:
    await bot.register(options=[LANGUAGE])
    codes: list[int] = []

    async def say_then_offer(asked: Asked) -> None:
        codes.append(await asked.respond(4, content="x"))
        codes.append(await asked.respond(8, choices=[]))

    async def offer_then_say(asked: Asked) -> None:
        codes.append(await asked.respond(8, choices=[]))
        codes.append(await asked.respond(4, content="x"))

    assert await bot.serve(ada.autocomplete("go", text, option="language", typed=""), say_then_offer) == []
    reply = await bot.serve(ada.command("go", text, {"language": "de"}), offer_then_say)
    assert codes == [50035, 0, 50035, 0]
    assert reply.content == "x"


@pytest.mark.parametrize("server", [{"interaction_deadline": 0.05}], indirect=True)
async def test_choices_that_never_come_are_told(bot: Bot, text: ChannelHandle, ada: MemberActor) -> None:
    await bot.register(options=[LANGUAGE])
    with pytest.raises(TimeoutError, match="language"):
        await ada.autocomplete("go", text, option="language", typed="")


async def test_options_of_a_hidden_command_cannot_be_typed(bot: Bot, text: ChannelHandle, ada: MemberActor) -> None:
    await bot.register(options=[LANGUAGE], default_member_permissions="8")
    with pytest.raises(NotOffered):
        await ada.autocomplete("go", text, option="language", typed="")
