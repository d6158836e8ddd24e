"""How much members and servers may ask of the language model, so that none of them uses up what is for all."""

import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from assistant.config.settings import Settings
from assistant.domain.limit_reached import LimitReached
from assistant.domain.token_usage import TokenUsage

Key = TypeVar("Key", bound=Hashable)

_MINUTE: Final = 60.0
_DAY: Final = 86_400.0
_MOST_WINDOWS: Final = 10_000
"""From so many on, those that have ended are looked for with each new one."""


@dataclass(slots=True)
class _Window:
    """A stretch of time that begins with what is counted first."""

    ends: float
    """In seconds of the counter's clock."""
    ends_at: int
    """In seconds since 1970, as people are told."""
    count: int = 0


class _Counter(Generic[Key]):
    """Counts up to a limit, for each key in windows of its own."""

    def __init__(self, most: int, seconds: float, now: Callable[[], float]) -> None:
        """`most` is how much fits into a window of so many seconds; 0: there is no limit."""
        self._most = most
        self._seconds = seconds
        self._now = now
        self._windows: dict[Key, _Window] = {}

    def ends_at(self, key: Key) -> int | None:
        """When the window of a key ends that is full, in seconds since 1970; None where there is room."""
        window = self._windows.get(key)
        if window is None or window.ends <= self._now() or window.count < self._most:
            return None
        return window.ends_at

    def add(self, key: Key, count: int) -> None:
        """Count."""
        if not self._most:
            return
        now = self._now()
        window = self._windows.get(key)
        if window is None or window.ends <= now:
            if len(self._windows) >= _MOST_WINDOWS:
                self._windows = {key: window for key, window in self._windows.items() if window.ends > now}
            self._windows[key] = window = _Window(now + self._seconds, int(time.time() + self._seconds) + 1)
        window.count += count


class UsageLimits:
    """The limits of one process, in memory: after a restart, minutes and days begin anew."""

    def __init__(self, settings: Settings, now: Callable[[], float] = time.monotonic) -> None:
        """`now` is in seconds."""
        self._member_messages = _Counter[tuple[int, int]](settings.member_messages_per_minute, _MINUTE, now)
        self._server_messages = _Counter[int](settings.server_messages_per_minute, _MINUTE, now)
        self._member_tokens = _Counter[tuple[int, int]](settings.member_tokens_per_day, _DAY, now)
        self._server_tokens = _Counter[int](settings.server_tokens_per_day, _DAY, now)

    def reached(self, guild_id: int, user_id: int) -> LimitReached | None:
        """The limit that keeps a member of a guild from asking now, the one that ends last; None without one."""
        member = guild_id, user_id
        found = [
            LimitReached(is_server=is_server, is_daily=is_daily, ends_at=ends_at)
            for is_server, is_daily, ends_at in (
                (False, False, self._member_messages.ends_at(member)),
                (True, False, self._server_messages.ends_at(guild_id)),
                (False, True, self._member_tokens.ends_at(member)),
                (True, True, self._server_tokens.ends_at(guild_id)),
            )
            if ends_at is not None
        ]
        return max(found, key=lambda limit: limit.ends_at, default=None)

    def count_message(self, guild_id: int, user_id: int) -> None:
        """A message was taken."""
        self._member_messages.add((guild_id, user_id), 1)
        self._server_messages.add(guild_id, 1)

    def count_tokens(self, guild_id: int, user_id: int, usage: TokenUsage) -> None:
        """A request to the model was made for a member."""
        tokens = usage.prompt_tokens + usage.completion_tokens
        self._member_tokens.add((guild_id, user_id), tokens)
        self._server_tokens.add(guild_id, tokens)
