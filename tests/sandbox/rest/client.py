"""A REST client which holds every answer against Discord's own specification."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from jsonschema import Draft202012Validator, FormatChecker
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from sandbox import Sandbox
from tests.data.cut_openapi import CUT

_ROOT = "discord:openapi"


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    """The HTTP status."""
    body: Any
    """The JSON value; None where there was none."""

    @property
    def code(self) -> int:
        """Discord's error code."""
        code: int = self.body["code"]
        return code

    @property
    def refused(self) -> bool:
        """Whether the sandbox said that it does not implement this."""
        return self.status == 400 and "the sandbox does not implement" in self.body["message"]


class Specification:
    """Discord's OpenAPI document, cut down to what the sandbox implements."""

    def __init__(self) -> None:
        self._document: dict[str, Any] = json.loads(CUT.read_text())
        resource = Resource.from_contents(self._document, default_specification=DRAFT202012)
        self._registry: Registry[Any] = Registry().with_resource(_ROOT, resource)

    def check(self, method: str, path: str, answer: Answer) -> None:
        """Raise ValidationError, or KeyError, for an answer that Discord would not give."""
        responses = self._document["paths"][path][method.lower()]["responses"]
        family = f"{answer.status // 100}XX"
        response = responses[str(answer.status)] if str(answer.status) in responses else responses[family]
        if "$ref" in response:
            response = self._document["components"]["responses"][response["$ref"].rsplit("/", 1)[1]]
        if "content" not in response:
            assert answer.body is None, f"{method} {path} has no body with status {answer.status}"
            return
        schema = _absolute(response["content"]["application/json"]["schema"])
        checker = FormatChecker()
        Draft202012Validator(schema, registry=self._registry, format_checker=checker).validate(answer.body)


def _absolute(node: Any) -> Any:
    if isinstance(node, dict):
        return {
            key: _ROOT + value if key == "$ref" and value.startswith("#") else _absolute(value)
            for key, value in node.items()
        }
    return [_absolute(each) for each in node] if isinstance(node, list) else node


@dataclass
class RestClient:
    """Asks the sandbox like a bot does, without a library in between."""

    session: aiohttp.ClientSession
    """Sends the requests."""
    sandbox: Sandbox
    """Who answers."""
    specification: Specification = field(default_factory=Specification)
    """What the answers must fit."""
    asked: set[tuple[str, str]] = field(default_factory=set)
    """The routes that gave an answer without an error."""

    async def __call__(
        self,
        method: str,
        path: str,
        ids: Mapping[str, object] | None = None,
        *,
        json: Any = None,
        data: aiohttp.FormData | None = None,
        query: dict[str, str] | None = None,
        token: str | None = None,
    ) -> Answer:
        """Ask a route, its path with braces; `ids` fill them. The answer fits the specification."""
        url = self.sandbox.api_url + path.format_map(ids or {})
        headers = {"Authorization": f"Bot {token or self.sandbox.bot.token}"}
        async with self.session.request(method, url, json=json, data=data, params=query, headers=headers) as response:
            text = await response.text()
            if text:
                assert response.headers["Content-Type"] == "application/json"
            answer = Answer(response.status, _json(text))
        if not answer.refused:
            self.specification.check(method, path, answer)
        if answer.status < 300:
            self.asked.add((method, path))
        return answer


def _json(text: str) -> Any:
    return json.loads(text) if text else None
