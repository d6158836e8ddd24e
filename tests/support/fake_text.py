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

    @property
    def content(self) -> str:
        """What it shows."""
        return self._place.shown[self.id]

    async def edit(self, *, content: str, view: object = None, allowed_mentions: object = None, **options: Any) -> None:
        await self._place.take_request()
        if self.id in self._place.deleted:
            raise discord.NotFound(response(404), "gone")
        if "file" in options:
            assert options["attachments"] == []
            self._place.attached[self.id] = options["file"].fp.read()
        self._place.written.append(("edited", self.id, content, view is not None))
        self._place.shown[self.id] = content
        self._place.lose_answer()

    async def delete(self) -> None:
        await self._place.take_request()
        if self.id in self._place.deleted:
            raise discord.NotFound(response(404), "gone")
        self._place.deleted.add(self.id)
        self._place.shown.pop(self.id, None)

    def to_reference(self, **_: object) -> int:
        return self.id


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
        self._by_nonce: dict[str, FakePost] = {}
        self.shown: dict[int, str] = {}
        """What each message of ours that is not deleted shows."""
        self.loses_answers = 0
        """How many of the next posts and edits Discord takes without an answer."""
        self.is_unreachable = False
        self.fails_times = 0
        """How many of the next posts Discord does not take, though it is there."""
        self.may_send = True
        self.may_attach_files = False
        self.attached: dict[int, bytes] = {}
        """What is attached to which message of ours."""
        self.may_read_history = True

    @property
    def files(self) -> list[bytes]:
        """What is attached to the messages that are not deleted."""
        return [file for message_id, file in self.attached.items() if message_id not in self.deleted]

    def permissions_for(self, obj: Any, /) -> Any:
        rights = discord.Permissions.all()
        rights.read_message_history = self.may_read_history
        rights.attach_files = self.may_attach_files
        return rights

    def forget_nonces(self) -> None:
        """Take nothing for a second try any more, as Discord does after some minutes."""
        self._by_nonce.clear()

    async def take_request(self) -> None:
        """Fail as the test says."""
        await asyncio.sleep(0)
        if self.is_unreachable:
            raise discord.HTTPException(response(500), "unreachable")
        if self.fails_times:
            self.fails_times -= 1
            raise aiohttp.ServerDisconnectedError

    def lose_answer(self) -> None:
        """The same, once what was asked for is done."""
        if self.loses_answers:
            self.loses_answers -= 1
            raise aiohttp.ServerDisconnectedError

    async def send(self, content: Any = None, **options: Any) -> Any:
        await self.take_request()
        if not self.may_send:
            raise discord.Forbidden(response(403), "Missing Permissions")
        named = [post for name, post in self._by_nonce.items() if name == options.get("nonce")]
        if named and named[0].id not in self.deleted:
            return named[0]
        post = FakePost(self, 100 + len(self.written))
        if "file" in options:
            self.attached[post.id] = options["file"].fp.read()
        self.written.append(("sent", post.id, content, options.get("view") is not None))
        self.shown[post.id] = content
        self.options.append(options)
        if "nonce" in options:
            self._by_nonce[options["nonce"]] = post
        self.lose_answer()
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
