"""Messages as py-cord makes them of what Discord sends, without a connection."""

from types import SimpleNamespace
from typing import Any, Final, cast

import discord

from tests.support.fake_text import GUILD, FakeText

MOLLY: Final = {
    "id": "1",
    "username": "molly",
    "global_name": None,
    "discriminator": "0000",
    "avatar": None,
    "bot": True,
}
ADA: Final = {"id": "50", "username": "ada", "global_name": "Ada", "discriminator": "0", "avatar": None}
BEN: Final = {"id": "51", "username": "ben", "global_name": "Ben", "discriminator": "0", "avatar": None}


def received(place: FakeText, content: str = "", **fields: Any) -> discord.Message:
    """The message that py-cord makes of one of Ada's with these fields."""
    state = discord.Client(intents=discord.Intents.none())._connection
    return discord.Message(state=state, channel=place, data=cast(Any, message_object(content, **fields)))


def message_object(content: str = "", **fields: Any) -> dict[str, Any]:
    """The message object (https://discord.com/developers/docs/resources/message#message-object)."""
    return {
        "id": "20",
        "type": 0,
        "channel_id": "3",
        "author": ADA,
        "content": content,
        "timestamp": "2026-11-30T12:00:00+00:00",
        "edited_timestamp": None,
        "tts": False,
        "mention_everyone": False,
        "mentions": [],
        "mention_roles": [],
        "attachments": [],
        "embeds": [],
        "components": [],
        "flags": 0,
        "pinned": False,
    } | fields


def forward_of(**fields: Any) -> dict[str, Any]:
    """The fields of a message that forwards one with these fields."""
    original = message_object() | {"timestamp": "2026-11-29T12:00:00+00:00"} | fields
    kept = {name: original[name] for name in original.keys() - {"id", "channel_id", "author", "tts", "pinned"}}
    return {
        "flags": 1 << 14,
        "message_reference": {"type": 1, "message_id": "10", "channel_id": "77", "guild_id": "5"},
        "message_snapshots": [{"message": kept}],
    }


def reply_to(original: dict[str, Any] | None) -> dict[str, Any]:
    """The fields of a reply to a message; None: to one that is gone."""
    return {
        "type": 19,
        "message_reference": {"type": 0, "message_id": "10", "channel_id": "3", "guild_id": "5"},
        "referenced_message": original,
    }


def attachment(name: str = "cat.png", media_type: str = "image/png", **fields: Any) -> dict[str, Any]:
    """An attachment object."""
    url = f"https://cdn.discordapp.com/attachments/3/9/{name}?ex=1&is=2&hm=3"
    return {"id": "9", "filename": name, "size": 9, "url": url, "proxy_url": url, "content_type": media_type} | fields


def call_in(place: FakeText, *others: FakeText, reads_all: bool = True) -> Any:
    """A call as its reader knows it: typed for in these channels, and with a voice channel of its own."""
    voice = SimpleNamespace(id=9, guild=GUILD, mention="<#9>")
    mention = "" if reads_all else GUILD.me.mention
    return SimpleNamespace(places=[place, *others], voice=voice, reads_all=reads_all, needed_mention=mention)
