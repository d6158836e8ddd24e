"""Embeds: their limits, and the form in which Discord gives them back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from sandbox.state.errors import invalid_form
from sandbox.state.json_types import Json

_LIMITS: Final = {"title": 256, "description": 4096, "footer.text": 2048, "author.name": 256}
_FIELD_LIMITS: Final = {"name": 256, "value": 1024}
_MAX_FIELDS: Final = 25
_MAX_EMBEDS: Final = 10
_MAX_TOTAL: Final = 6000
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

Problem = tuple[str, str, str]


def read(embeds: list[Json], files: Mapping[str, str]) -> list[Json]:
    """Checked embeds as they will be shown; `files` gives the addresses that attachment://name stands for.

    Limits: https://discord.com/developers/docs/resources/message#embed-object-embed-limits

    Raises:
        ApiError: 50035, with every problem.
    """
    problems = [
        (f"embeds.{index}.{path}", code, message)
        for index, embed in enumerate(embeds)
        for path, code, message in _problems(embed)
    ]
    if len(embeds) > _MAX_EMBEDS:
        problems.append(("embeds", "BASE_TYPE_MAX_LENGTH", f"Must be {_MAX_EMBEDS} or fewer in length."))
    if sum(_length(embed) for embed in embeds) > _MAX_TOTAL:
        message = f"Embed size exceeds maximum size of {_MAX_TOTAL}"
        problems.append(("embeds", "MAX_EMBED_SIZE_EXCEEDED", message))
    if problems:
        raise invalid_form(*problems)
    return [_shown(embed, files) for embed in embeds]


def _texts(embed: Json) -> Iterator[tuple[str, str, int]]:
    for path, limit in _LIMITS.items():
        node: Any = embed
        for step in path.split("."):
            node = (node or {}).get(step)
        if node:
            yield path, node, limit
    for index, each in enumerate(embed.get("fields") or ()):
        for key, limit in _FIELD_LIMITS.items():
            yield f"fields.{index}.{key}", each.get(key) or "", limit


def _problems(embed: Json) -> Iterator[Problem]:
    for path, text, limit in _texts(embed):
        if len(text) > limit:
            yield path, "BASE_TYPE_MAX_LENGTH", f"Must be {limit} or fewer in length."
        if path.startswith("fields") and not text:
            yield path, "BASE_TYPE_REQUIRED", "This field is required"
    if len(embed.get("fields") or ()) > _MAX_FIELDS:
        yield "fields", "BASE_TYPE_MAX_LENGTH", f"Must be {_MAX_FIELDS} or fewer in length."


def _length(embed: Json) -> int:
    return sum(len(text) for _, text, _ in _texts(embed))


def _shown(embed: Json, files: Mapping[str, str]) -> Json:
    shown = {key: embed[key] for key in _SHOWN if embed.get(key)}
    for key in ("image", "thumbnail"):
        if key in shown:
            url = str(shown[key]["url"])
            shown[key] = {"url": files.get(url.removeprefix("attachment://"), url)}
    return shown | {"type": "rich"}
