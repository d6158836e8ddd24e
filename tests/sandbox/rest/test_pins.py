"""Pins: what is pinned, by whom, and what is told of it."""

from __future__ import annotations

import pytest

from sandbox import ChannelHandle, GuildHandle, MemberActor, NotAllowed
from sandbox.actions.message_service import MAX_PINS
from tests.sandbox.bare_bot import Bot
from tests.sandbox.rest.client import RestClient

PINS = "/channels/{channel_id}/messages/pins"
PIN = "/channels/{channel_id}/messages/pins/{message_id}"


@pytest.fixture(autouse=True)
def may_pin(guild: GuildHandle) -> None:
    guild.set_bot_permissions(pin_messages=True)


async def test_pins_come_newest_first_page_by_page(rest: RestClient, text: ChannelHandle, ada: MemberActor) -> None:
    for number in range(3):
        message = await ada.type(str(number), text)
        assert (await rest("PUT", PIN, {"channel_id": text.id, "message_id": message.id})).status == 204
    first = (await rest("GET", PINS, {"channel_id": text.id}, query={"limit": "2"})).body
    assert [item["message"]["content"] for item in first["items"]] == ["2", "1"]
    assert first["has_more"]
    query = {"before": first["items"][-1]["pinned_at"]}
    rest_of_it = (await rest("GET", PINS, {"channel_id": text.id}, query=query)).body
    assert [item["message"]["content"] for item in rest_of_it["items"]] == ["0"]
    assert not rest_of_it["has_more"]
    former = await rest("GET", "/channels/{channel_id}/pins", {"channel_id": text.id})
    assert [message["pinned"] for message in former.body] == [True] * 3


async def test_pin_is_told_and_written_down_once(
    bot: Bot, rest: RestClient, text: ChannelHandle, ada: MemberActor
) -> None:
    message = await ada.type("keep this", text)
    this = {"channel_id": text.id, "message_id": message.id}
    for _ in range(2):
        await rest("PUT", PIN, this)
    (told,) = [each for each in text.messages if each.kind == 6]
    assert told.reference is message
    assert (await bot.event("CHANNEL_PINS_UPDATE"))["last_pin_timestamp"] is not None
    await rest("DELETE", PIN, this)
    assert (await bot.event("CHANNEL_PINS_UPDATE"))["last_pin_timestamp"] is None
    assert (await rest("GET", PINS, {"channel_id": text.id})).body == {"items": [], "has_more": False}


async def test_pinning_takes_a_right_and_a_place(
    rest: RestClient, guild: GuildHandle, text: ChannelHandle, ada: MemberActor
) -> None:
    message = await ada.type("keep this", text)
    this = {"channel_id": text.id, "message_id": message.id}
    with pytest.raises(NotAllowed):
        await ada.pin(message)
    text.allow(ada, "pin_messages")
    for number in range(MAX_PINS):
        await ada.pin(await ada.type(str(number), text))
    assert (await rest("PUT", PIN, this)).code == 30003
    guild.set_bot_permissions(pin_messages=False)
    assert (await rest("PUT", PIN, this)).code == 50013
    assert (await rest("PUT", PIN, this | {"message_id": 5})).code == 10008


@pytest.mark.parametrize("query", [{"limit": "0"}, {"limit": "51"}, {"limit": "x"}, {"before": "yesterday"}])
async def test_page_that_cannot_be_is_an_invalid_form(
    rest: RestClient, text: ChannelHandle, query: dict[str, str]
) -> None:
    assert (await rest("GET", PINS, {"channel_id": text.id}, query=query)).code == 50035
