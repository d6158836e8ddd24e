"""Messages over REST: what Discord refuses, and what it gives back."""

from __future__ import annotations

from typing import Any

import aiohttp
import pytest

from sandbox import ChannelHandle, GuildHandle, MemberActor, Sandbox
from sandbox.actions.message_service import NONCE_SECONDS
from tests.sandbox.rest.client import RestClient

MESSAGES = "/channels/{channel_id}/messages"
MESSAGE = "/channels/{channel_id}/messages/{message_id}"


@pytest.fixture
def text(guild: GuildHandle) -> ChannelHandle:
    return guild.add_text_channel("general")


async def test_message_is_stored_as_it_was_sent(rest: RestClient, text: ChannelHandle) -> None:
    answer = await rest("POST", MESSAGES, {"channel_id": text.id}, json={"content": " hi ", "nonce": "abc"})
    (message,) = text.messages
    assert answer.body["id"] == str(message.id)
    assert answer.body["nonce"] == message.nonce == "abc"
    assert message.content == "hi"
    assert message.author is rest.sandbox.bot


async def test_wrong_token_is_unauthorized(rest: RestClient, text: ChannelHandle) -> None:
    answer = await rest("POST", MESSAGES, {"channel_id": text.id}, json={"content": "hi"}, token="wrong")
    assert (answer.status, answer.code) == (401, 0)
    assert text.messages == []


async def test_unknown_channel_is_told(rest: RestClient, guild: GuildHandle, text: ChannelHandle) -> None:
    assert (await rest("POST", MESSAGES, {"channel_id": 5}, json={"content": "hi"})).code == 10003
    await guild.delete_channel(text)
    answer = await rest("POST", MESSAGES, {"channel_id": text.id}, json={"content": "hi"})
    assert (answer.status, answer.code) == (404, 10003)


async def test_what_is_no_id_is_an_invalid_form(rest: RestClient) -> None:
    assert (await rest("GET", "/channels/{channel_id}", {"channel_id": "abc"})).code == 50035


@pytest.mark.parametrize(
    ("taken", "code"),
    [("view_channel", 50001), ("send_messages", 50013), ("embed_links", 50013), ("attach_files", 50013)],
)
async def test_without_permission_nothing_is_sent(rest: RestClient, text: ChannelHandle, taken: str, code: int) -> None:
    text.allow(rest.sandbox.bot, "attach_files")
    text.deny(rest.sandbox.bot, taken)
    form = aiohttp.FormData()
    form.add_field("payload_json", '{"content": "hi", "embeds": [{"title": "t"}]}')
    form.add_field("files[0]", b"abc", filename="a.txt")
    answer = await rest("POST", MESSAGES, {"channel_id": text.id}, data=form)
    assert (answer.status, answer.code) == (403, code)
    assert text.messages == []


async def test_voice_channel_chat_is_closed_without_connect(rest: RestClient, guild: GuildHandle) -> None:
    lounge = guild.add_voice_channel("Lounge")
    lounge.deny(rest.sandbox.bot, "connect")
    assert (await rest("POST", MESSAGES, {"channel_id": lounge.id}, json={"content": "hi"})).code == 50001


@pytest.mark.parametrize(
    ("form", "path", "problem"),
    [
        ({"content": "x" * 2001}, "content", "BASE_TYPE_MAX_LENGTH"),
        ({"content": 5}, "content", "BASE_TYPE_BAD_STRING"),
        ({"content": "x", "nonce": "x" * 26}, "nonce", "BASE_TYPE_MAX_LENGTH"),
        ({"content": "x", "flags": 64}, "flags", "MESSAGE_FLAGS_INVALID"),
        (
            {"content": "x", "allowed_mentions": {"parse": ["users"], "users": ["1"]}},
            "allowed_mentions",
            "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE",
        ),
        (
            {"content": "x", "allowed_mentions": {"parse": ["you"]}},
            "allowed_mentions.parse.0",
            "BASE_TYPE_CHOICES",
        ),
        (
            {"content": "x", "message_reference": {"message_id": "5"}},
            "message_reference",
            "REPLIES_UNKNOWN_MESSAGE",
        ),
    ],
)
async def test_invalid_form_names_its_field(
    rest: RestClient, text: ChannelHandle, form: dict[str, Any], path: str, problem: str
) -> None:
    answer = await rest("POST", MESSAGES, {"channel_id": text.id}, json=form)
    assert (answer.status, answer.code) == (400, 50035)
    node = answer.body["errors"]
    for step in path.split("."):
        node = node[step]
    assert node["_errors"][0]["code"] == problem
    assert text.messages == []


async def test_content_of_2000_characters_is_sent(rest: RestClient, text: ChannelHandle) -> None:
    assert (await rest("POST", MESSAGES, {"channel_id": text.id}, json={"content": "ä" * 2000})).status == 200


@pytest.mark.parametrize("form", [{}, {"content": "  "}, {"embeds": []}, {"content": None}])
async def test_empty_message_is_refused(rest: RestClient, text: ChannelHandle, form: dict[str, Any]) -> None:
    assert (await rest("POST", MESSAGES, {"channel_id": text.id}, json=form)).code == 50006


@pytest.mark.parametrize(
    ("form", "what"),
    [
        ({"content": "x", "poll": {"question": {"text": "?"}}}, "the message field 'poll'"),
        ({"content": "x", "tts": True}, "the message field 'tts'"),
        ({"content": "x", "surprise": 1}, "the message field 'surprise'"),
        ({"content": "x", "flags": 1 << 15}, "the message flags 0x8000"),
        ({"components": [{"type": 10, "content": "x"}]}, "message components of type 10 at the top level"),
    ],
)
async def test_what_is_not_implemented_is_refused_loudly(
    server: Sandbox, rest: RestClient, text: ChannelHandle, form: dict[str, Any], what: str
) -> None:
    answer = await rest("POST", MESSAGES, {"channel_id": text.id}, json=form)
    assert answer.refused
    assert answer.body["route"] == f"/channels/{text.id}/messages"
    assert [refusal.what for refusal in server.refusals] == [what]
    assert text.messages == []
    server.refusals.clear()


async def test_same_enforced_nonce_posts_once(rest: RestClient, text: ChannelHandle) -> None:
    form = {"content": "once", "nonce": "n", "enforce_nonce": True}
    first = await rest("POST", MESSAGES, {"channel_id": text.id}, json=form)
    second = await rest("POST", MESSAGES, {"channel_id": text.id}, json=form)
    assert first.body == second.body
    assert len(text.messages) == 1


async def test_nonce_counts_only_where_it_is_enforced(rest: RestClient, text: ChannelHandle) -> None:
    for enforced in (True, False):
        form = {"content": "twice", "nonce": "n", "enforce_nonce": enforced}
        await rest("POST", MESSAGES, {"channel_id": text.id}, json=form)
    assert len(text.messages) == 2


async def test_humans_nonce_does_not_keep_the_bot_from_posting(
    rest: RestClient, text: ChannelHandle, ada: MemberActor
) -> None:
    (await ada.type("mine", text)).nonce = "n"
    form = {"content": "ours", "nonce": "n", "enforce_nonce": True}
    assert (await rest("POST", MESSAGES, {"channel_id": text.id}, json=form)).body["content"] == "ours"


async def test_enforced_nonce_is_forgotten_after_a_few_minutes(rest: RestClient, text: ChannelHandle) -> None:
    form = {"content": "again", "nonce": "n", "enforce_nonce": True}
    await rest("POST", MESSAGES, {"channel_id": text.id}, json=form)
    text.messages[0].time -= NONCE_SECONDS
    await rest("POST", MESSAGES, {"channel_id": text.id}, json=form)
    assert [message.content for message in text.messages] == ["again", "again"]


async def test_edit_changes_what_it_names_and_keeps_the_rest(rest: RestClient, text: ChannelHandle) -> None:
    form = {"content": "a", "embeds": [{"title": "t"}]}
    made = await rest("POST", MESSAGES, {"channel_id": text.id}, json=form)
    this = {"channel_id": text.id, "message_id": made.body["id"]}
    answer = await rest("PATCH", MESSAGE, this, json={"content": "b"})
    (message,) = text.messages
    assert (message.content, message.embeds[0]["title"]) == ("b", "t")
    assert message.edited
    assert answer.body["edited_timestamp"] is not None
    emptied = await rest("PATCH", MESSAGE, this, json={"content": None, "embeds": []})
    assert emptied.code == 50006


async def test_only_own_messages_can_be_edited_and_others_need_a_right_to_be_deleted(
    rest: RestClient, guild: GuildHandle, text: ChannelHandle
) -> None:
    message = await guild.add_member("Ada").type("mine", text)
    this = {"channel_id": text.id, "message_id": message.id}
    assert (await rest("PATCH", MESSAGE, this, json={"content": "yours"})).code == 50005
    assert (await rest("DELETE", MESSAGE, this)).code == 50013
    text.allow(rest.sandbox.bot, "manage_messages")
    assert (await rest("DELETE", MESSAGE, this)).status == 204
    assert message.deleted
    assert (await rest("DELETE", MESSAGE, this)).code == 10008


async def test_pages_of_messages(rest: RestClient, guild: GuildHandle, text: ChannelHandle) -> None:
    ada = guild.add_member("Ada")
    typed = [await ada.type(str(number), text) for number in range(5)]

    async def page(**query: object) -> list[str]:
        asked = {key: str(value) for key, value in query.items()}
        answer = await rest("GET", MESSAGES, {"channel_id": text.id}, query=asked)
        return [message["content"] for message in answer.body]

    assert await page() == ["4", "3", "2", "1", "0"]
    assert await page(limit=2) == ["4", "3"]
    assert await page(limit=2, before=typed[3].id) == ["2", "1"]
    assert await page(limit=2, after=typed[1].id) == ["3", "2"]
    assert await page(limit=3, around=typed[2].id) == ["3", "2", "1"]
    text.deny(rest.sandbox.bot, "read_message_history")
    assert await page() == []


async def test_reply_needs_the_right_to_read_history(rest: RestClient, guild: GuildHandle, text: ChannelHandle) -> None:
    message = await guild.add_member("Ada").type("hello", text)
    text.deny(rest.sandbox.bot, "read_message_history")
    form = {"content": "hi", "message_reference": {"message_id": str(message.id)}}
    assert (await rest("POST", MESSAGES, {"channel_id": text.id}, json=form)).code == 160002


async def test_files_can_be_fetched_again(rest: RestClient, text: ChannelHandle) -> None:
    text.allow(rest.sandbox.bot, "attach_files")
    form = aiohttp.FormData()
    form.add_field("payload_json", '{"embeds": [{"image": {"url": "attachment://a.png"}}]}')
    form.add_field("files[0]", b"pixels", filename="a.png")
    answer = await rest("POST", MESSAGES, {"channel_id": text.id}, data=form)
    (attachment,) = answer.body["attachments"]
    async with rest.session.get(attachment["url"]) as response:
        assert await response.read() == b"pixels"
        assert response.content_type == "image/png"
    assert answer.body["embeds"][0]["image"]["url"] == attachment["url"]


async def test_first_reaction_needs_a_right_which_joining_in_does_not(
    rest: RestClient, guild: GuildHandle, text: ChannelHandle
) -> None:
    message = await guild.add_member("Ada").type("hello", text)
    this = {"channel_id": text.id, "message_id": message.id, "emoji_name": "%F0%9F%91%8D"}
    route = MESSAGE + "/reactions/{emoji_name}/@me"
    assert (await rest("PUT", route, this)).code == 50013
    text.allow(rest.sandbox.bot, "add_reactions")
    assert (await rest("PUT", route, this)).status == 204
    assert [(reaction.emoji, reaction.user_ids) for reaction in message.reactions] == [("👍", {rest.sandbox.bot.id})]
    assert (await rest("DELETE", route, this)).status == 204
    assert message.reactions == []


async def test_body_that_is_no_json_is_refused(rest: RestClient, text: ChannelHandle) -> None:
    url = f"{rest.sandbox.api_url}/channels/{text.id}/messages"
    headers = {"Authorization": f"Bot {rest.sandbox.bot.token}", "Content-Type": "application/json"}
    async with rest.session.post(url, data=b"{", headers=headers) as response:
        assert (await response.json())["code"] == 50109


async def test_bot_forwards_a_message_of_another_channel(
    rest: RestClient, guild: GuildHandle, text: ChannelHandle, ada: MemberActor
) -> None:
    other = guild.add_text_channel("other")
    original = await ada.type("read this", other)
    reference = {"type": 1, "message_id": str(original.id), "channel_id": str(other.id)}
    answer = await rest("POST", MESSAGES, {"channel_id": text.id}, json={"message_reference": reference})
    assert answer.body["message_snapshots"][0]["message"]["content"] == "read this"
    assert answer.body["message_reference"]["channel_id"] == str(other.id)
    assert answer.body["content"] == ""
    other.deny(rest.sandbox.bot, "read_message_history")
    assert (await rest("POST", MESSAGES, {"channel_id": text.id}, json={"message_reference": reference})).code == 160014


@pytest.mark.parametrize(
    ("form", "path"),
    [
        ({"message_reference": {"type": 1, "message_id": "5"}}, "channel_id"),
        ({"message_reference": {"type": 1, "message_id": "5", "channel_id": "CHANNEL"}}, "_errors"),
        ({"message_reference": {"type": 1, "message_id": "x", "channel_id": "CHANNEL"}}, "message_id"),
        ({"message_reference": {"type": 2, "message_id": "5", "channel_id": "CHANNEL"}}, "type"),
        ({"message_reference": {"type": 1, "message_id": "5", "channel_id": "CHANNEL"}, "content": "x"}, "_errors"),
    ],
)
async def test_forward_that_discord_would_refuse_posts_nothing(
    rest: RestClient, text: ChannelHandle, form: dict[str, Any], path: str
) -> None:
    if "channel_id" in form["message_reference"]:
        form = form | {"message_reference": form["message_reference"] | {"channel_id": str(text.id)}}
    answer = await rest("POST", MESSAGES, {"channel_id": text.id}, json=form)
    assert answer.code == 50035
    assert path in answer.body["errors"]["message_reference"]
    assert text.messages == []
