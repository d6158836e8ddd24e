"""Fields of a wrong type are an invalid form, as Discord says it: never a fault of the sandbox."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from sandbox import ChannelHandle, GuildHandle, MemberActor
from tests.sandbox.bare_bot import Asked, Bot
from tests.sandbox.rest.client import RestClient

WRONG: tuple[Any, ...] = (None, 5, "x", [], {}, True, [5], {"a": 1})
BROKEN = "did not understand"
"""What the sandbox says of a request at which it failed itself; what it lacks it names otherwise."""
MESSAGES = "/channels/{channel_id}/messages"
STATUS = "/channels/{channel_id}/voice-status"
STAGE = "/guilds/{guild_id}/voice-states/@me"
COMMANDS = "/applications/{application_id}/commands"
COMMAND: dict[str, Any] = {"name": "n", "description": "d"}
OPTION: dict[str, Any] = {"type": 3, "name": "n", "description": "d"}
MODAL: dict[str, Any] = {
    "custom_id": "c",
    "title": "t",
    "components": [{"type": 1, "components": [{"type": 4, "custom_id": "x", "style": 1, "label": "l"}]}],
}
REFERENCE: dict[str, Any] = {"message_id": "1", "type": 0, "channel_id": "1", "fail_if_not_exists": False}
MESSAGE_FIELDS = (
    "content",
    "embeds",
    "components",
    "allowed_mentions",
    "flags",
    "nonce",
    "message_reference",
    "attachments",
)


def spoiled(form: dict[str, Any], *fields: str) -> Iterator[dict[str, Any]]:
    """A form with each of its fields, and these, wrong in every way."""
    for field in (*form, *fields):
        for wrong in WRONG:
            yield form | {field: wrong}


def bodies() -> Iterator[tuple[str, str, Any]]:
    """Requests that are wrong somewhere, or perhaps not."""
    for form in spoiled({"content": "c"}, *MESSAGE_FIELDS):
        yield "POST", MESSAGES, form
    for mentions in spoiled({"parse": [], "users": [], "roles": [], "replied_user": False}):
        yield "POST", MESSAGES, {"content": "c", "allowed_mentions": mentions}
    for reference in spoiled(REFERENCE):
        yield "POST", MESSAGES, {"content": "c", "message_reference": reference}
    for wrong in WRONG:
        yield "POST", f"{MESSAGES}/bulk-delete", {"messages": wrong}
        yield "PUT", STATUS, {"status": wrong}
        yield "PATCH", STAGE, {"suppress": wrong}
        yield "PATCH", STAGE, {"request_to_speak_timestamp": wrong}
        yield "PUT", COMMANDS, wrong
        yield "PUT", COMMANDS, [wrong]
    for form in spoiled(COMMAND, "type", "options", "default_member_permissions", "contexts", "name_localizations"):
        yield "POST", COMMANDS, form
    for option in spoiled(OPTION, "options", "choices", "required", "autocomplete", "min_length", "channel_types"):
        yield "POST", COMMANDS, COMMAND | {"options": [option]}


async def test_wrong_types_never_break_the_sandbox(rest: RestClient, guild: GuildHandle, text: ChannelHandle) -> None:
    lounge = guild.add_voice_channel("Lounge")
    guild.set_bot_permissions(manage_messages=True, mute_members=True, request_to_speak=True)
    await guild.backend.voice_states.update_bot(guild.guild, lounge.channel, "s", self_mute=False, self_deaf=False)
    places = {"guild_id": guild.id, "application_id": rest.sandbox.bot.id}
    for method, path, body in bodies():
        ids = places | {"channel_id": lounge.id if path == STATUS else text.id}
        answer = await rest(method, path, ids, json=body)
        assert BROKEN not in str(answer.body), (method, path, body)
    rest.sandbox.refusals.clear()


async def test_wrong_types_in_a_callback_never_break_the_sandbox(
    bot: Bot, rest: RestClient, text: ChannelHandle, ada: MemberActor
) -> None:
    await bot.register()
    forms = [{"type": 4, "data": wrong} for wrong in WRONG] + [{"type": 9, "data": wrong} for wrong in WRONG]
    forms += [{"type": 9, "data": modal} for modal in spoiled(MODAL)]
    forms += [{"type": 5, "data": {"flags": wrong}} for wrong in WRONG]
    forms += [{"type": wrong, "data": {}} for wrong in WRONG]

    for form in forms:

        async def answer(asked: Asked, form: dict[str, Any] = form) -> None:
            ids = {"interaction_id": asked.data["id"], "interaction_token": asked.data["token"]}
            path = "/interactions/{interaction_id}/{interaction_token}/callback"
            given = await rest("POST", path, ids, json=form)
            assert BROKEN not in str(given.body), form
            await asked.respond(4, content="so that nobody waits")

        await bot.serve(ada.command("go", text), answer)
    rest.sandbox.refusals.clear()


@pytest.mark.parametrize(
    ("path", "query"),
    [
        (MESSAGES, {"limit": "x"}),
        (MESSAGES, {"limit": "101"}),
        (MESSAGES, {"before": "x"}),
        (MESSAGES, {"after": "-1"}),
        (MESSAGES, {"around": ""}),
        ("/guilds/{guild_id}/members", {"limit": "1001"}),
        ("/guilds/{guild_id}/members", {"limit": "0"}),
        ("/guilds/{guild_id}/members", {"after": "x"}),
    ],
)
async def test_query_out_of_bounds_is_an_invalid_form(
    rest: RestClient, guild: GuildHandle, text: ChannelHandle, path: str, query: dict[str, str]
) -> None:
    answer = await rest("GET", path, {"channel_id": text.id, "guild_id": guild.id}, query=query)
    assert (answer.status, answer.code) == (400, 50035)
    assert list(answer.body["errors"]) == list(query)
