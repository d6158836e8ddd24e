"""Cuts Discord's OpenAPI document down to the answers of the routes that the sandbox implements.

    python -m tests.data.cut_openapi path/to/openapi.json

The document is https://github.com/discord/discord-api-spec, specs/openapi.json (MIT licence). Run it again
when a route is added; the cut lies beside this script.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sandbox.rest.rest_api import ROUTES

FIELD_ERRORS = {
    "type": "object",
    "properties": {
        "_errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"code": {"type": "string"}, "message": {"type": "string"}},
                "required": ["code", "message"],
            },
        }
    },
    "additionalProperties": False,
    "required": ["_errors"],
}
"""The document says that a field's error codes are numbers; Discord's own examples and answers have words
(https://discord.com/developers/docs/reference#error-messages)."""

FORWARD = {"const": 1, "title": "FORWARD"}
"""The document knows replies only; the page knows forwards too
(https://discord.com/developers/docs/resources/message#message-reference-types)."""

CUT = Path(__file__).with_name("discord-openapi-cut.json")


def cut(document: dict[str, Any]) -> dict[str, Any]:
    """The answers of the sandbox's routes, and every schema that they lead to."""
    paths: dict[str, Any] = {}
    for route in ROUTES:
        operation = document["paths"][route.path][route.method.lower()]
        paths.setdefault(route.path, {})[route.method.lower()] = {"responses": _answers(operation)}
    result: dict[str, Any] = {
        "openapi": document["openapi"],
        "info": document["info"],
        "paths": paths,
        "components": {"responses": {}, "schemas": {}},
    }
    waiting = list(_references(paths))
    while waiting:
        _, _, kind, name = waiting.pop().split("/")
        if name not in result["components"][kind]:
            part = _plain(document["components"][kind][name])
            result["components"][kind][name] = part
            waiting.extend(_references(part))
    result["components"]["schemas"]["InnerErrors"] = FIELD_ERRORS
    result["components"]["schemas"]["MessageReferenceType"]["oneOf"].append(FORWARD)
    return result


def _answers(operation: dict[str, Any]) -> dict[str, Any]:
    return {
        status: {key: _plain(answer[key]) for key in ("content", "$ref") if key in answer}
        for status, answer in operation["responses"].items()
    }


def _plain(node: Any) -> Any:
    """Without headers and descriptions, which say nothing about a JSON value."""
    if isinstance(node, dict):
        return {
            key: _plain(value)
            for key, value in node.items()
            if key != "headers" and not (key == "description" and isinstance(value, str))
        }
    if isinstance(node, list):
        return [_plain(each) for each in node]
    return node


def _references(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"]
        for value in node.values():
            yield from _references(value)
    elif isinstance(node, list):
        for each in node:
            yield from _references(each)


if __name__ == "__main__":
    CUT.write_text(json.dumps(cut(json.loads(Path(sys.argv[1]).read_text())), indent=1, sort_keys=True) + "\n")
