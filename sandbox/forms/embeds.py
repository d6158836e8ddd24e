"""Embeds: what Discord asks of them, and the form in which it gives them back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from sandbox.forms.field_rules import Problem, moment, objects, part, refuse, required, text, url, whole_number, within
from sandbox.state.json_types import Json

_MAX_EMBEDS: Final = 10
_MAX_FIELDS: Final = 25
_MAX_TOTAL: Final = 6000
_MAX_COLOR: Final = 0xFFFFFF
_IMAGES: Final = ("http", "https", "attachment")
_SHOWN: Final = (
    "title",
    "description",
    "url",
    "timestamp",
    "color",
    "footer",
    "image",
    "thumbnail",
    "author",
    "fields",
)
_SAYS_SOMETHING: Final = ("title", "description", "footer", "image", "thumbnail", "author", "fields")


def read(embeds: Any, files: Mapping[str, str]) -> list[Json]:
    """Checked embeds as they will be shown; `files` gives the addresses that attachment://name stands for.

    Limits: https://discord.com/developers/docs/resources/message#embed-object-embed-limits

    Raises:
        ApiError: 50035, with every problem.
    """
    refuse(_problems({"embeds": embeds}))
    return [_shown(embed, files) for embed in embeds]


def _problems(form: Json) -> Iterator[Problem]:
    embeds, wrong = objects(form, "embeds", 0, _MAX_EMBEDS)
    yield from wrong
    for path, embed in embeds:
        yield from within(path, _embed_problems(embed))
    if sum(_length(embed) for _, embed in embeds) > _MAX_TOTAL:
        yield "embeds", "MAX_EMBED_SIZE_EXCEEDED", f"Embed size exceeds maximum size of {_MAX_TOTAL}"


def _embed_problems(embed: Json) -> Iterator[Problem]:
    yield from text(embed, "title", 0, 256, needed=False)
    yield from text(embed, "description", 0, 4096, needed=False)
    yield from url(embed, "url")
    yield from moment(embed, "timestamp")
    yield from whole_number(embed, "color", 0, _MAX_COLOR)
    if not any(embed.get(key) for key in _SAYS_SOMETHING):
        yield required("description")
    for key, words, limit in (("footer", "text", 2048), ("author", "name", 256)):
        inner, wrong = part(embed, key)
        yield from wrong
        if inner is not None:
            yield from within(key, text(inner, words, 1, limit))
            yield from within(key, url(inner, "icon_url", _IMAGES))
            yield from within(key, url(inner, "url"))
    for key in ("image", "thumbnail"):
        inner, wrong = part(embed, key)
        yield from wrong
        if inner is not None:
            yield from within(key, url(inner, "url", _IMAGES, needed=True))
    fields, wrong = objects(embed, "fields", 0, _MAX_FIELDS)
    yield from wrong
    for path, each in fields:
        yield from within(path, text(each, "name", 1, 256))
        yield from within(path, text(each, "value", 1, 1024))


def _length(embed: Json) -> int:
    """The characters that count: https://discord.com/developers/docs/resources/message#embed-object-embed-limits"""
    footer, author = embed.get("footer"), embed.get("author")
    fields = embed.get("fields")
    texts = [embed.get("title"), embed.get("description")]
    texts += [footer.get("text")] if isinstance(footer, dict) else []
    texts += [author.get("name")] if isinstance(author, dict) else []
    for each in fields if isinstance(fields, list) else []:
        texts += [each.get("name"), each.get("value")] if isinstance(each, dict) else []
    return sum(len(each) for each in texts if isinstance(each, str))


def _shown(embed: Json, files: Mapping[str, str]) -> Json:
    shown = {key: embed[key] for key in _SHOWN if embed.get(key)}
    for key in ("image", "thumbnail"):
        if key in shown:
            address = str(shown[key]["url"])
            shown[key] = {"url": files.get(address.removeprefix("attachment://"), address)}
    return shown | {"type": "rich"}
