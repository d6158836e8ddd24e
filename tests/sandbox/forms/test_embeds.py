"""The limits of embeds."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.forms import embeds
from sandbox.state.errors import ApiError


@pytest.mark.parametrize(
    ("embed", "path"),
    [
        ({"title": "x" * 257}, ["0", "title"]),
        ({"description": "x" * 4097}, ["0", "description"]),
        ({"footer": {"text": "x" * 2049}}, ["0", "footer", "text"]),
        ({"author": {"name": "x" * 257}}, ["0", "author", "name"]),
        ({"fields": [{"name": "x" * 257, "value": "x"}]}, ["0", "fields", "0", "name"]),
        ({"fields": [{"name": "x", "value": "x" * 1025}]}, ["0", "fields", "0", "value"]),
        ({"fields": [{"name": "", "value": "x"}]}, ["0", "fields", "0", "name"]),
        ({"fields": [{"name": "x", "value": "x"}] * 26}, ["0", "fields"]),
        ({}, ["0", "description"]),
        ({"description": "", "color": 5}, ["0", "description"]),
        ({"title": 5}, ["0", "title"]),
        ({"title": "x", "color": -1}, ["0", "color"]),
        ({"title": "x", "color": 0x1000000}, ["0", "color"]),
        ({"title": "x", "color": "red"}, ["0", "color"]),
        ({"title": "x", "timestamp": "yesterday"}, ["0", "timestamp"]),
        ({"title": "x", "url": "nowhere"}, ["0", "url"]),
        ({"title": "x", "url": "javascript:alert(1)"}, ["0", "url"]),
        ({"title": "x", "footer": {"icon_url": "https://example.org/a.png"}}, ["0", "footer", "text"]),
        ({"title": "x", "author": {"url": "https://example.org"}}, ["0", "author", "name"]),
        ({"title": "x", "author": {"name": "x", "icon_url": "x"}}, ["0", "author", "icon_url"]),
        ({"title": "x", "image": {}}, ["0", "image", "url"]),
        ({"title": "x", "thumbnail": {"url": "a b"}}, ["0", "thumbnail", "url"]),
        ({"title": "x", "footer": "small"}, ["0", "footer"]),
        ({"fields": [{"name": "x"}]}, ["0", "fields", "0", "value"]),
        ({"fields": ["x"]}, ["0", "fields", "0"]),
        ({"fields": {"name": "x"}}, ["0", "fields"]),
    ],
)
def test_text_over_its_limit_is_named(embed: dict[str, Any], path: list[str]) -> None:
    with pytest.raises(ApiError) as caught:
        embeds.read([embed], {})
    assert caught.value.errors is not None
    node = caught.value.errors["embeds"]
    for step in path:
        node = node[step]
    assert "_errors" in node


def test_all_embeds_together_have_6000_characters() -> None:
    with pytest.raises(ApiError) as caught:
        embeds.read([{"description": "x" * 3001}, {"description": "x" * 3000}], {})
    assert caught.value.errors is not None
    assert caught.value.errors["embeds"]["_errors"][0]["code"] == "MAX_EMBED_SIZE_EXCEEDED"
    assert len(embeds.read([{"description": "x" * 3000}] * 2, {})) == 2


@pytest.mark.parametrize("embeds_", ["text", {"title": "x"}, ["text"], 5])
def test_what_is_no_list_of_embeds_is_refused(embeds_: Any) -> None:
    with pytest.raises(ApiError) as caught:
        embeds.read(embeds_, {})
    assert caught.value.code == 50035


def test_embed_of_an_attached_image_alone_is_shown() -> None:
    files = {"a.png": "http://127.0.0.1/a.png"}
    assert embeds.read([{"image": {"url": "attachment://a.png"}}], files)[0]["image"]["url"] == files["a.png"]


def test_eleventh_embed_is_refused() -> None:
    with pytest.raises(ApiError):
        embeds.read([{"title": "x"}] * 11, {})


def test_empty_parts_are_not_shown() -> None:
    assert embeds.read([{"title": "x", "description": None, "fields": [], "type": "rich"}], {}) == [
        {"title": "x", "type": "rich"}
    ]
