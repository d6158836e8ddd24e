"""Discord's rate limits: a bucket for each route and its major parameter, and 50 requests a second in all.

https://discord.com/developers/docs/topics/rate-limits. Discord publishes no numbers for single routes: those of
`Route.limit` are what it was seen to send.
"""

from __future__ import annotations

import hashlib
import json
import math
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from aiohttp import web

from sandbox.rest.api_request import BucketLimit, Route

GLOBAL_REQUESTS: Final = 50
_GLOBAL_SECONDS: Final = 1.0
_MAJOR: Final = ("channel_id", "guild_id", "webhook_id", "webhook_token", "interaction_id")


@dataclass
class _Bucket:
    """What is left of a route for one channel, guild or webhook."""

    limit: BucketLimit
    """How much there is."""
    ends: float
    """When all of it is there again, by the clock."""
    taken: int = 0
    """How much is used up until then."""


class RateLimits:
    """Counts requests, refuses those that are too many, and tells what is left."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """`clock` gives seconds that never run backwards."""
        self._clock = clock
        self._buckets: dict[tuple[str, ...], _Bucket] = {}
        self._recent: deque[float] = deque()

    def take(self, route: Route, path: Mapping[str, str]) -> tuple[dict[str, str], web.Response | None]:
        """Count a request: the headers of its answer, and the 429 that it gets instead, if it is one too many.

        `path` has the parameters of the request's path.
        """
        now = self._clock()
        # What an interaction's token opens is bound to no global limit.
        if route.needs_token and (wait := self._global_wait(now)):
            return {}, _too_many(wait, {"X-RateLimit-Global": "true", "X-RateLimit-Scope": "global"})
        bucket = self._bucket(route, path, now)
        wait = bucket.ends - now
        is_over = bucket.taken >= bucket.limit.requests
        bucket.taken += not is_over
        headers = {
            "X-RateLimit-Limit": str(bucket.limit.requests),
            "X-RateLimit-Remaining": str(bucket.limit.requests - bucket.taken),
            "X-RateLimit-Reset": f"{time.time() + wait:.3f}",
            "X-RateLimit-Reset-After": f"{wait:.3f}",
            "X-RateLimit-Bucket": _name(route),
        }
        return headers, _too_many(wait, {**headers, "X-RateLimit-Scope": "user"}) if is_over else None

    def _global_wait(self, now: float) -> float:
        recent = self._recent
        while recent and recent[0] <= now - _GLOBAL_SECONDS:
            recent.popleft()
        if len(recent) >= GLOBAL_REQUESTS:
            return recent[0] + _GLOBAL_SECONDS - now
        recent.append(now)
        return 0.0

    def _bucket(self, route: Route, path: Mapping[str, str], now: float) -> _Bucket:
        key = (_name(route), *(path[name] for name in _MAJOR if name in path))
        bucket = self._buckets.get(key)
        if bucket is None or bucket.ends <= now:
            bucket = self._buckets[key] = _Bucket(route.limit, now + route.limit.seconds)
        return bucket


def _name(route: Route) -> str:
    """The bucket's name, which says nothing of the channel or guild."""
    return hashlib.sha256(f"{route.method} {route.path}".encode()).hexdigest()[:32]


def _too_many(wait: float, headers: Mapping[str, str]) -> web.Response:
    body = {
        "message": "You are being rate limited.",
        "retry_after": round(wait, 3),
        "global": "X-RateLimit-Global" in headers,
        "code": 0,
    }
    # Libraries take a 429 without Via for Cloudflare's own, and give up.
    more = {"Content-Type": "application/json", "Via": "1.1 sandbox", "Retry-After": str(math.ceil(wait))}
    return web.Response(status=429, body=json.dumps(body).encode(), headers={**headers, **more})
