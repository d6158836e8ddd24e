"""A text channel that keeps what is written in it, and what others have typed there."""

import asyncio
from collections.abc import AsyncIterator
from types import SimpleNamespace
from typing import Any, cast

import aiohttp
import discord

GUILD = SimpleNamespace(
    me=SimpleNamespace(id=1, mention="<@1>"),
    id=5,
    get_member=lambda _: None,
    get_role=lambda _: None,
    get_channel=lambda _: None,
    get_channel_or_thread=lambda _: None,
    _resolve_channel=lambda _: None,
)
"""A server of whose members, roles and channels nothing is known."""


def response(status: int) -> Any:
    """What Discord has answered, as far as an error looks at it."""
    return SimpleNamespace(status=status, reason="", headers={})


class FakePost:
    """A message of ours."""

    def __init__(self, place: "FakeText", message_id: int) -> None:
        self.id = message_id
        self._place = place

    async def edit(self, *, content: str, view: object = None) -> None:
        await asyncio.sleep(0)
        if self.id in self._place.deleted:
            raise discord.NotFound(response(404), "gone")
        if self._place.is_unreachable:
            raise discord.HTTPException(response(500), "unreachable")
        self._place.written.append(("edited", self.id, content, view is not None))


class FakeText(discord.TextChannel):
    """See above."""

    def __init__(self, channel_id: int = 3) -> None:  # nothing of py-cord's is made
        self.id = channel_id
        self.name = "text"
        self.guild = cast(Any, GUILD)
        self.typed: list[Any] = []
        self.deleted: set[int] = set()
        self.written: list[tuple[str, int, str, bool]] = []
        """What was done, to which message, the text, and whether there are buttons."""
        self.options: list[dict[str, Any]] = []
        self.is_unreachable = False
        self.fails_times = 0
        """How many of the next posts Discord does not take, though it is there."""
        self.may_send = True
        self.may_attach_files = False
        self.files: list[bytes] = []
        """What was attached."""
        self.may_read_history = True

    def permissions_for(self, obj: Any, /) -> Any:
        rights = discord.Permissions.all()
        rights.read_message_history = self.may_read_history
        rights.attach_files = self.may_attach_files
        return rights

    async def send(self, content: Any = None, **options: Any) -> Any:
        await asyncio.sleep(0)
        if self.is_unreachable:
            raise discord.HTTPException(response(500), "unreachable")
        if not self.may_send:
            raise discord.Forbidden(response(403), "Missing Permissions")
        if self.fails_times:
            self.fails_times -= 1
            raise aiohttp.ServerDisconnectedError
        if "file" in options:
            self.files.append(options["file"].fp.read())
        post = FakePost(self, 100 + len(self.written))
        self.written.append(("sent", post.id, content, options.get("view") is not None))
        self.options.append(options)
        return post

    def get_partial_message(self, message_id: int, /) -> Any:
        return FakePost(self, message_id)

    async def fetch_message(self, message_id: int, /) -> Any:
        await asyncio.sleep(0)
        for message in self.typed:
            if message.id == message_id and message_id not in self.deleted:
                return message
        raise discord.NotFound(response(404), "gone")

    async def history(self, *, after: Any, **_: object) -> AsyncIterator[Any]:  # type: ignore[override] # as it is used
        for message in list(self.typed):
            await asyncio.sleep(0)
            if message.id > after.id and message.id not in self.deleted:
                yield message

    def somebody_types(
        self,
        message_id: int,
        text: str | None = None,
        *,
        is_bot: bool = False,
        kind: discord.MessageType = discord.MessageType.default,
        author_id: int = 50,
        edited_at: object = None,
        silent: bool = False,
        **others: Any,
    ) -> Any:
        """Somebody types a message; `others` are attributes of it."""
        text = f"question {message_id}" if text is None else text
        message = SimpleNamespace(
            id=message_id,
            content=text,
            clean_content=text,
            author=SimpleNamespace(id=author_id, bot=is_bot, display_name="Ada"),
            type=kind,
            edited_at=edited_at,
            channel=self,
            to_reference=lambda **_: message_id,
            guild=None,
            flags=SimpleNamespace(suppress_notifications=silent, is_voice_message=False),
            reference=None,
            interaction_metadata=None,
            webhook_id=None,
            **{"snapshots": [], "attachments": [], "embeds": [], "components": [], "stickers": [], "mentions": []},
            poll=None,
        )
        message.__dict__.update(others)
        self.typed.append(message)
        return message
