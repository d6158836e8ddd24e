"""Faults in the REST API: routes that fail or dawdle."""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections import defaultdict, deque
from dataclasses import dataclass, field
from email.utils import formatdate
from typing import Any

from aiohttp import web


@dataclass
class _RouteFault:
    """What shall happen to the next requests to a route."""

    method: str
    """The HTTP method, or * for any."""
    path: re.Pattern[str]
    """The paths that it applies to."""
    times: int
    """How many requests are still to be struck."""
    seconds: float = 0.0
    """How long the request lies before anything happens with it."""
    status: int | None = None
    """With which status it fails; None: it goes on to the route."""
    body: Any = None
    """The JSON body of the failure."""
    retry_after: float | None = None
    """For a 429: the seconds until the bot may ask again."""
    is_page: bool = False
    """Whether it is a page for people, and so not Discord that answers."""


@dataclass
class _RouteLimit:
    """How often a route may be asked, as Discord limits each channel of its own."""

    method: str
    """The HTTP method."""
    path: re.Pattern[str]
    """The paths that it applies to."""
    requests: int
    """How many requests each path takes..."""
    seconds: float
    """... in so many seconds."""
    taken: dict[str, deque[float]] = field(default_factory=lambda: defaultdict(deque))
    """When each path was asked lately, by `time.monotonic`."""

    def seconds_left(self, path: str) -> float:
        """How long a request has to wait that comes now; 0.0 where it is taken, and counted."""
        now, taken = time.monotonic(), self.taken[path]
        while taken and taken[0] <= now - self.seconds:
            taken.popleft()
        if len(taken) >= self.requests:
            return taken[0] + self.seconds - now
        taken.append(now)
        return 0.0


class RouteFaults:
    """Fails, delays and limits requests on order."""

    def __init__(self) -> None:
        self._faults: list[_RouteFault] = []
        self._limits: list[_RouteLimit] = []
        self.clock_seconds = 0.0
        """By how much the time in the answers is ahead."""

    def fail_route(
        self,
        method: str,
        path_pattern: str,
        status: int = 500,
        *,
        times: int = 1,
        retry_after: float | None = None,
        body: Any = None,
    ) -> None:
        """Fail the next requests, before the route sees them.

        In the pattern `{anything}` and `*` stand for one step of the path: "/channels/*/messages". `method`
        may be "*". With `retry_after` (seconds) and no other status it is a 429.
        """
        if retry_after is not None and status == 500:
            status = 429
        self._faults.append(
            _RouteFault(
                method.upper(), _compiled(path_pattern), times, status=status, body=body, retry_after=retry_after
            )
        )

    def block_route(
        self, method: str, path_pattern: str, status: int = 429, *, times: int = 1, retry_after: float | None = None
    ) -> None:
        """Answer the next requests in Discord's place, as Cloudflare does: with a page for people."""
        self._faults.append(
            _RouteFault(
                method.upper(), _compiled(path_pattern), times, status=status, retry_after=retry_after, is_page=True
            )
        )

    def set_date(self, response: web.Response) -> None:
        """Let an answer tell the time."""
        if self.clock_seconds:
            response.headers["Date"] = formatdate(time.time() + self.clock_seconds, usegmt=True)

    def delay_route(self, method: str, path_pattern: str, seconds: float, times: int = 1) -> None:
        """Let the next requests lie for some seconds before the route sees them."""
        self._faults.append(_RouteFault(method.upper(), _compiled(path_pattern), times, seconds=seconds))

    def limit_route(self, method: str, path_pattern: str, requests: int, seconds: float) -> None:
        """From now on, take so many requests in so many seconds for each path, and answer 429 to the others."""
        self._limits.append(_RouteLimit(method.upper(), _compiled(path_pattern), requests, seconds))

    @property
    def left(self) -> int:
        """How many requests are still to be struck, by limits not counted."""
        return sum(fault.times for fault in self._faults)

    def mend(self) -> None:
        """Strike no more requests; limits stay."""
        self._faults.clear()

    async def answer_to(self, method: str, path: str) -> web.Response | None:
        """What a request gets instead of its route's answer, after what it must wait; None: nothing."""
        for limit in self._limits:
            if limit.method == method and limit.path.fullmatch(path) and (wait := limit.seconds_left(path)):
                return _failure(_RouteFault(method, limit.path, 1, status=429, retry_after=round(wait, 3)))
        for fault in self._faults:
            if fault.times > 0 and fault.method in ("*", method) and fault.path.fullmatch(path):
                fault.times -= 1
                if fault.seconds:
                    await asyncio.sleep(fault.seconds)
                if fault.status is not None:
                    return _failure(fault)
        return None


def _compiled(pattern: str) -> re.Pattern[str]:
    steps = re.split(r"\{[^}]*\}|\*", pattern)
    return re.compile("[^/]+".join(map(re.escape, steps)))


def _failure(fault: _RouteFault) -> web.Response:
    assert fault.status is not None
    if fault.is_page:
        return _page(fault.status, fault.retry_after)
    headers = {"Content-Type": "application/json", "Via": "1.1 sandbox"}
    body = fault.body
    if fault.retry_after is not None:
        headers["Retry-After"] = str(max(1, round(fault.retry_after)))
        limited = {"message": "You are being rate limited.", "retry_after": fault.retry_after, "global": False}
        body = limited if body is None else body
    if body is None:
        body = {"message": f"{fault.status}: a fault made by the sandbox", "code": 0}
    return web.Response(status=fault.status, body=json.dumps(body).encode(), headers=headers)


def _page(status: int, retry_after: float | None) -> web.Response:
    """Cloudflare's own answers lack the Via of those which it passes on."""
    headers = {} if retry_after is None else {"Retry-After": str(max(1, round(retry_after)))}
    title = "Access denied | discord.com used Cloudflare to restrict access"
    page = f"<!doctype html><html><head><title>{title}</title></head><body><h1>Error 1015</h1></body></html>"
    return web.Response(status=status, text=page, content_type="text/html", headers=headers)
