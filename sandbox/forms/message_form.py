"""Forms for messages: what a bot sends, checked like Discord checks it, and made into a message's body."""

from __future__ import annotations

import dataclasses
import mimetypes
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from sandbox.forms import components, embeds, mentions
from sandbox.forms.field_rules import Problem, is_id, objects, part, refuse, switch, text, whole_number, within
from sandbox.state.errors import empty_message, invalid_form
from sandbox.state.json_types import Json
from sandbox.state.message import EPHEMERAL, LOADING
from sandbox.state.message_parts import Attachment, MessageBody
from sandbox.state.snowflake import Snowflakes
from sandbox.unimplemented import Unimplemented

MAX_CONTENT: Final = 2000
_MAX_FILES: Final = 10
_REPLY: Final = 0
FORWARD: Final = 1
"""https://discord.com/developers/docs/resources/message#message-reference-types"""
_SUPPRESS_EMBEDS: Final = 1 << 2
_SUPPRESS_NOTIFICATIONS: Final = 1 << 12
_KNOWN_FIELDS: Final = {
    "content",
    "embeds",
    "components",
    "allowed_mentions",
    "flags",
    "nonce",
    "enforce_nonce",
    "message_reference",
    "attachments",
}
_ONLY_EMPTY: Final = {"tts", "sticker_ids", "poll"}
"""Fields that py-cord sends along; the sandbox takes them only when they say nothing."""


@dataclass(frozen=True)
class Upload:
    """A file that came with a form."""

    filename: str
    """Its name."""
    content: bytes
    """What is in it."""


@dataclass(frozen=True)
class MessageForm:
    """A message to be sent or edited, as the bot wrote it."""

    fields: Json
    """The JSON object."""
    uploads: Mapping[int, Upload] = field(default_factory=dict)
    """The files, by the number in their field's name (files[0])."""

    def __post_init__(self) -> None:
        for key, value in self.fields.items():
            if key not in _KNOWN_FIELDS and not (key in _ONLY_EMPTY and not value):
                raise Unimplemented(f"the message field {key!r}")

        refuse(_shape_problems(self.fields))

    def body(self, ids: Snowflakes, files_url: str, before: MessageBody | None = None) -> MessageBody:
        """The checked body: a new one, or `before` with what the form changes.

        `files_url` is where the sandbox serves files.

        Raises:
            ApiError: 50035 or 50006.
            Unimplemented: it has flags that the sandbox does not know.
        """
        body = before or MessageBody()
        fields = self.fields
        attachments = self._attachments(ids, files_url, body)
        changed: dict[str, Any] = {"attachments": attachments}
        if "content" in fields:
            changed["content"] = _content(fields["content"])
        if "embeds" in fields:
            changed["embeds"] = embeds.read(fields["embeds"] or [], {each.filename: each.url for each in attachments})
        if "components" in fields:
            changed["components"] = components.read(fields["components"] or [])
        if "allowed_mentions" in fields:
            mentions.check(fields["allowed_mentions"])
            changed["allowed_mentions"] = fields["allowed_mentions"]
        if "flags" in fields:
            changed["flags"] = _flags(fields["flags"], body.flags)
        elif body.flags & LOADING:
            changed["flags"] = body.flags & ~LOADING
        result = dataclasses.replace(body, **changed)
        if self.forwards and (result.content or result.embeds or result.components or result.attachments):
            problem = "A forwarded message has no content of its own"
            raise invalid_form(("message_reference", "MESSAGE_FORWARD_WITH_CONTENT", problem))
        if not (self.forwards or result.content or result.embeds or result.components or result.attachments):
            raise empty_message()
        return result

    @property
    def forwards(self) -> bool:
        """Whether it forwards another message, rather than reply to one."""
        return bool(self.fields.get("message_reference")) and self.fields["message_reference"].get("type") == FORWARD

    @property
    def nonce(self) -> str | int | None:
        """What the sender gave to recognise the message."""
        nonce: str | int | None = self.fields.get("nonce")
        if isinstance(nonce, str) and len(nonce) > 25:
            raise too_long("nonce", 25)
        return nonce

    def _attachments(self, ids: Snowflakes, files_url: str, before: MessageBody) -> list[Attachment]:
        described = {str(each["id"]): each for each in self.fields.get("attachments") or ()}
        kept = before.attachments
        if "attachments" in self.fields:
            kept = [each for each in kept if str(each.id) in described]
        return [*kept, *self._uploaded(ids, files_url, described)]

    def _uploaded(self, ids: Snowflakes, files_url: str, described: Mapping[str, Json]) -> Iterator[Attachment]:
        for number, upload in self.uploads.items():
            about = described.get(str(number), {})
            name = about.get("filename") or upload.filename
            number_of_its_own = ids()
            yield Attachment(
                id=number_of_its_own,
                filename=name,
                content=upload.content,
                content_type=mimetypes.guess_type(name)[0] or "application/octet-stream",
                url=f"{files_url}/{number_of_its_own}/{name}",
                description=about.get("description"),
            )


def _shape_problems(fields: Json) -> Iterator[Problem]:
    """What is not of its type; what is in embeds and components is looked at when they are read."""
    yield from whole_number(fields, "flags", 0, 2**31 - 1)
    for key in ("tts", "enforce_nonce"):
        yield from switch(fields, key)
    nonce = fields.get("nonce")
    if isinstance(nonce, bool) or not isinstance(nonce, str | int | None):
        yield "nonce", "NONCE_TYPE_INVALID_TYPE", "This field must be a string or integer."
    reference, wrong = part(fields, "message_reference")
    yield from wrong
    if reference is not None:
        kind = reference.get("type")
        if kind not in (None, _REPLY, FORWARD):
            yield "message_reference.type", "BASE_TYPE_CHOICES", f"Value must be one of {{0, 1}}, not {kind}."
        yield from within("message_reference", switch(reference, "fail_if_not_exists"))
    files, wrong = objects(fields, "attachments", 0, _MAX_FILES)
    yield from wrong
    for path, file in files:
        if not is_id(file.get("id")):
            yield f"{path}.id", "NUMBER_TYPE_COERCE", f'Value "{file.get("id")}" is not snowflake.'
        yield from within(path, text(file, "filename", 0, 1024, needed=False))
        yield from within(path, text(file, "description", 0, 1024, needed=False))


def snowflake(value: object, path: str) -> int:
    """An id in a form.

    Raises:
        ApiError: 50035, it is none.
    """
    if is_id(value):
        return int(str(value))
    raise invalid_form((path, "NUMBER_TYPE_COERCE", f'Value "{value}" is not snowflake.'))


def too_long(path: str, limit: int) -> Exception:
    """The refusal of a text over its limit."""
    return invalid_form((path, "BASE_TYPE_MAX_LENGTH", f"Must be {limit} or fewer in length."))


def _content(content: object) -> str:
    if content is None:
        return ""
    if not isinstance(content, str):
        raise invalid_form(("content", "BASE_TYPE_BAD_STRING", "Could not interpret as string."))
    if len(content) > MAX_CONTENT:
        raise too_long("content", MAX_CONTENT)
    return content.strip()


def _flags(flags: int | None, before: int) -> int:
    unknown = (flags or 0) & ~(_SUPPRESS_EMBEDS | _SUPPRESS_NOTIFICATIONS | EPHEMERAL)
    if unknown:
        raise Unimplemented(f"the message flags {unknown:#x}")
    return (flags or 0) | (before & EPHEMERAL)
