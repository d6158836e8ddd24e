"""What a message is made of: its body, reactions, files and mentions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from sandbox.state.json_types import Json, now, timestamp
from sandbox.state.role import Role
from sandbox.state.user import User


@dataclass
class Reaction:
    """One emoji under a message."""

    emoji: str
    """The emoji itself; a custom one as name:id."""
    user_ids: set[int] = field(default_factory=set)
    """Who reacted with it."""

    def emoji_json(self) -> Json:
        """The emoji object."""
        name, _, emoji_id = self.emoji.partition(":")
        return {"id": emoji_id or None, "name": name}


@dataclass(frozen=True)
class Attachment:
    """A file at a message."""

    id: int
    """The attachment's id."""
    filename: str
    """Its name."""
    content: bytes
    """What is in it."""
    content_type: str
    """Its media type."""
    url: str
    """Where the sandbox serves it."""
    description: str | None = None
    """The text for who cannot see it."""
    duration_secs: float | None = None
    """How long a voice message is; None: it is none."""

    def to_json(self) -> Json:
        """The attachment object."""
        data: Json = {
            "id": str(self.id),
            "filename": self.filename,
            "size": len(self.content),
            "url": self.url,
            "proxy_url": self.url,
            "content_type": self.content_type,
        }
        if self.description is not None:
            data["description"] = self.description
        if self.duration_secs is not None:
            data |= {"duration_secs": self.duration_secs, "waveform": "AAAA"}
        return data


@dataclass
class Mentions:
    """Whom a message names, after allowed_mentions."""

    users: list[User] = field(default_factory=list)
    """Users, each once."""
    roles: list[Role] = field(default_factory=list)
    """Roles, each once."""
    everyone: bool = False
    """Whether it says @everyone or @here."""


@dataclass
class MessageBody:
    """What can be edited in a message."""

    content: str = ""
    """The text."""
    embeds: list[Json] = field(default_factory=list)
    """The embeds, as Discord shows them."""
    components: list[Json] = field(default_factory=list)
    """The rows of buttons and menus, as Discord shows them."""
    attachments: list[Attachment] = field(default_factory=list)
    """The files."""
    stickers: list[Json] = field(default_factory=list)
    """The sticker items."""
    poll: Json | None = None
    """The poll object."""
    flags: int = 0
    """Discord's message flags."""
    allowed_mentions: Json | None = None
    """Who may be pinged, as it was sent; None: nothing was said about it."""


def poll_object(question: str, answers: Sequence[str]) -> Json:
    """The poll object of a poll of one day in which nobody has voted yet.

    https://discord.com/developers/docs/resources/poll#poll-object
    """
    return {
        "question": {"text": question},
        "answers": [
            {"answer_id": number, "poll_media": {"text": answer}} for number, answer in enumerate(answers, start=1)
        ],
        "expiry": timestamp(now() + timedelta(days=1)),
        "allow_multiselect": False,
        "layout_type": 1,
        "results": {"is_finalized": False, "answer_counts": []},
    }
