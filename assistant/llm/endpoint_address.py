"""The address of an OpenAI-compatible API as people write it, and what is likely to be wrong with it."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit, urlunsplit

_PATHS: Final = re.compile(r"(?:/chat/completions|/completions|/responses|/messages|/models|/chat)/*$", re.IGNORECASE)
"""What is added to the address, or stands behind it in other requests."""
_AZURE: Final = (".openai.azure.com", ".cognitiveservices.azure.com", ".services.ai.azure.com")
"""Microsoft's hosts (https://learn.microsoft.com/azure/ai-foundry/openai/reference)."""
_PATH_OF_HOST: Final = {
    "api.openai.com": "/v1",
    "api.anthropic.com": "/v1",
    "api.groq.com": "/openai/v1",
    "api.mistral.ai": "/v1",
    "api.together.xyz": "/v1",
    "api.together.ai": "/v1",
    "api.fireworks.ai": "/inference/v1",
    "api.x.ai": "/v1",
    "openrouter.ai": "/api/v1",
    "generativelanguage.googleapis.com": "/v1beta/openai",
    "router.huggingface.co": "/v1",
    "integrate.api.nvidia.com": "/v1",
    "api.moonshot.ai": "/v1",
    "api.cerebras.ai": "/v1",
    "api.sambanova.ai": "/v1",
    "models.github.ai": "/inference",
}
"""Where hosts have their API, by their own documentation."""
_HOST_OF_SITE: Final = {
    "openai.com": "api.openai.com",
    "platform.openai.com": "api.openai.com",
    "chatgpt.com": "api.openai.com",
    "console.groq.com": "api.groq.com",
    "groq.com": "api.groq.com",
    "console.anthropic.com": "api.anthropic.com",
    "console.mistral.ai": "api.mistral.ai",
    "platform.deepseek.com": "api.deepseek.com",
    "aistudio.google.com": "generativelanguage.googleapis.com",
}
"""The hosts of APIs, by those of the pages where their keys are made."""
_WITHOUT_PATH: Final = frozenset({"api.deepseek.com", "api.perplexity.ai", "models.inference.ai.azure.com"})
"""Hosts whose API is at their root."""


@dataclass(frozen=True, slots=True)
class EndpointAddress:
    """Where an API is."""

    base: str
    """Its address without a query, a slash at its end, and what requests add."""
    query: str
    """What every request has behind its path, such as `api-version=2024-10-21`; "" for nothing."""

    @classmethod
    def read(cls, url: str) -> EndpointAddress:
        """The address that people mean: a path that requests add is not part of it."""
        parts = urlsplit(url)
        path = _PATHS.sub("", parts.path.rstrip("/")).rstrip("/")
        return cls(urlunsplit((parts.scheme, parts.netloc, path, "", "")), parts.query)

    @property
    def host(self) -> str:
        """The host's name or IP address."""
        return urlsplit(self.base).hostname or ""

    @property
    def is_azure(self) -> bool:
        """Whether this is Microsoft's."""
        return self.host.endswith(_AZURE)

    @property
    def key_headers(self) -> list[str]:
        """In which headers a key is sent.

        Azure takes it as `api-key`, and only tokens as a bearer. What is asked for an `api-version` may stand for it.
        """
        if self.is_azure:
            return ["api-key"]
        return ["Authorization", "api-key"] if "api-version=" in self.query else ["Authorization"]


def address_hints(url: str) -> list[str]:
    """What is likely to be wrong with AI_BASE_URL, each in a sentence; nothing for most that work."""
    address = EndpointAddress.read(url)
    parts = urlsplit(address.base)
    hints = [*_path_hints(address, parts.path), *_scheme_hints(address, parts.scheme, parts.port)]
    return [*what_is_left_out(url), *hints]


def what_is_left_out(url: str) -> list[str]:
    """A sentence about what AI_BASE_URL has at its end and does not belong there; nothing where it has nothing."""
    added = _PATHS.search(urlsplit(url).path.rstrip("/"))
    if added is None:
        return []
    return [f"AI_BASE_URL ends with {added[0]}, which is left out: the address is {EndpointAddress.read(url).base}"]


def _path_hints(address: EndpointAddress, path: str) -> list[str]:
    hints = []
    host = address.host
    api = _HOST_OF_SITE.get(host, host)
    right = _PATH_OF_HOST.get(api)
    if (right is not None and path != right) or api != host:
        hints.append(f"The address of that API is https://{api}{right or ''}")
    elif address.is_azure:
        if "/openai" not in path:
            hints.append(f"The address of an Azure resource is https://{host}/openai/v1")
        elif "/deployments/" in path and "api-version=" not in address.query:
            hints.append("The address of an Azure deployment needs ?api-version=… at its end")
    elif re.search(r"/v1/.*v1$", path):
        hints.append("AI_BASE_URL has /v1 twice")
    elif path == "/api":
        hints.append(f"{address.base} looks like Ollama's own API; the one that is needed is at /v1, in place of /api")
    elif not path and host not in _WITHOUT_PATH:
        hints.append(f"AI_BASE_URL has no path, and most servers have their API at /v1: {address.base}/v1")
    return hints


def _scheme_hints(address: EndpointAddress, scheme: str, port: int | None) -> list[str]:
    is_near = _is_near(address.host)
    if scheme == "http" and port == 443:
        return ["AI_BASE_URL begins with http:// and has the port of https://"]
    if scheme == "https" and (port == 80 or (is_near and port is not None and port != 443)):
        return [f"AI_BASE_URL begins with https://; if the server at port {port} has no certificate, it is http://"]
    if scheme == "http" and not is_near and port in (None, 80):
        return ["AI_BASE_URL begins with http://, so that the key travels unencrypted: most services need https://"]
    return []


def _is_near(host: str) -> bool:
    """Whether a host is this machine, or in its network."""
    try:
        return ipaddress.ip_address(host).is_private
    except ValueError:
        return "." not in host or host.endswith((".local", ".lan", ".internal", ".localhost", ".home.arpa"))
