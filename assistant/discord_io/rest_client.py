"""Asks Discord's REST API without py-cord, which on a refusal would sleep inside itself and log no cause."""

import json
import math
import re
import ssl
import time
from contextlib import suppress
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

import aiohttp
import discord

from assistant.config.settings import Settings
from assistant.domain.errors import AssistantError
from assistant.util.backoff import retry_after_seconds
from assistant.util.proxied_connector import ProxiedConnector, ProxyError, refuse_proxy_answer

_TIMEOUT: Final = aiohttp.ClientTimeout(total=20.0)
_USER_AGENT: Final = f"DiscordBot (https://pycord.dev, {discord.__version__})"
"""The user agent of py-cord; Discord may turn away others."""
_LONGEST_DETAIL: Final = 120
_TITLE: Final = re.compile(r"<title[^>]*>([^<]*)</title>", re.IGNORECASE)
_TAG: Final = re.compile(r"<[^>]*>")


@dataclass(eq=False, kw_only=True)
class DiscordRefused(AssistantError):
    """A request failed: Discord, or Cloudflare in front of it, refused it, failed, or could not be reached."""

    status: int | None
    """The HTTP status; None when no answer came."""
    detail: str
    """What the answer said, on one line, shortened."""
    retry_after: float | None = None
    """Seconds we were asked to wait; None when it did not say."""
    is_by_proxy: bool = False
    """Whether the request did not get further than the proxy."""


class RestClient:
    """Makes GET requests with the bot's token. Use it as an async context manager."""

    def __init__(self, settings: Settings) -> None:
        """Sends nothing yet."""
        self.clock_error: float | None = None
        """Seconds that this machine's clock is ahead of Discord's, to within one; None before the first answer."""
        self._settings = settings
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession(
            connector=connector_to_discord(self._settings.discord_ca_file),
            headers={"Authorization": f"Bot {self._settings.discord_token}", "User-Agent": _USER_AGENT},
            timeout=_TIMEOUT,
            raise_for_status=refuse_proxy_answer,
        )
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def get(self, path: str) -> dict[str, Any]:
        """Request the JSON object at `path` below the API's address; once, without retries.

        Raises:
            DiscordRefused: the request failed, or the answer is not a JSON object.
        """
        if self._session is None:
            raise RuntimeError("RestClient is used outside its `async with`")
        asked = time.time()
        try:
            # A redirect might carry the token to another host.
            async with self._session.get(self._settings.discord_api_url + path, allow_redirects=False) as response:
                self._compare_clocks(response.headers.get("Date"), (asked + time.time()) / 2)
                text = await response.text(errors="replace")
        except (OSError, aiohttp.ClientError) as error:
            raise unreachable(error) from error
        return _read_object(response.status, response.headers.get("Retry-After"), text)

    def _compare_clocks(self, date: str | None, ours: float) -> None:
        if date is not None:
            with suppress(ValueError):
                self.clock_error = ours - parsedate_to_datetime(date).timestamp()


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionStarts:
    """How many sessions the bot may still start on the main gateway: each IDENTIFY spends one.

    One start too many, and Discord resets the token.

    https://discord.com/developers/docs/events/gateway#session-start-limit-object
    """

    remaining: int
    """How many are left."""
    total: int
    """How many there are between two resets."""
    reset_seconds: float
    """Seconds until the next reset."""

    @classmethod
    async def fetch(cls, api: RestClient) -> Self | None:
        """Ask Discord; None when the answer does not say.

        Raises:
            DiscordRefused: the request failed.
        """
        answer = await api.get("/gateway/bot")
        try:
            limit = answer["session_start_limit"]
            return cls(
                remaining=int(limit["remaining"]),
                total=int(limit["total"]),
                reset_seconds=int(limit["reset_after"]) / 1000,
            )
        except (KeyError, TypeError, ValueError):
            return None


def connector_to_discord(ca_file: Path | None) -> aiohttp.TCPConnector:
    """A connector that also trusts the certificate authority in `ca_file`."""
    if ca_file is None:
        return ProxiedConnector()
    trusted = ssl.create_default_context()
    trusted.load_verify_locations(ca_file)
    return ProxiedConnector(trust=trusted)


def unreachable(error: OSError | aiohttp.ClientError) -> DiscordRefused:
    """Turn a network error into a `DiscordRefused` without a status."""
    if isinstance(error, ProxyError):
        return DiscordRefused(status=None, detail=str(error), is_by_proxy=True)
    return DiscordRefused(status=None, detail=_shorten(f"{type(error).__name__}: {error}"))


def _read_object(status: int, retry_after: str | None, text: str) -> dict[str, Any]:
    try:
        data = json.loads(text)
    except ValueError:
        data = None
    is_object = isinstance(data, dict)
    if status == 200 and is_object:
        return dict(data)
    waits = [retry_after_seconds(retry_after), _finite_seconds(data.get("retry_after")) if is_object else None]
    raise DiscordRefused(
        status=status,
        detail=_shorten(str(data.get("message", ""))) if is_object else _page_summary(text),
        retry_after=max((wait for wait in waits if wait is not None), default=None),
    )


def _finite_seconds(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) and math.isfinite(value) else None


def _page_summary(text: str) -> str:
    """The text of an HTML page, as Cloudflare sends it."""
    title = _TITLE.search(text)
    return _shorten(f"a web page instead of data: {title[1] if title else _TAG.sub(' ', text)}")


def _shorten(text: str) -> str:
    return " ".join(text.split())[:_LONGEST_DETAIL]
