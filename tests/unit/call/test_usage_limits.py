import time
from typing import Any, cast

import pytest

from assistant.call.usage_limits import UsageLimits
from assistant.config.settings import Settings
from assistant.domain.token_usage import TokenUsage

GUILD, OTHER_GUILD = 5, 6
ADA, BEN = 1, 2


class Clock:
    """Stands where the test says."""

    seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


def limits(clock: Clock | None = None, **changes: int) -> UsageLimits:
    names = "member_messages_per_minute", "server_messages_per_minute", "member_tokens_per_day", "server_tokens_per_day"
    chosen = cast(dict[str, Any], dict.fromkeys(names, 0) | changes)
    return UsageLimits(Settings(discord_token="", **chosen), clock or Clock())


def test_a_member_may_send_so_many_messages_in_a_minute_and_is_told_until_when_not() -> None:
    clock = Clock()
    counted = limits(clock, member_messages_per_minute=2)
    for _ in range(2):
        assert counted.reached(GUILD, ADA) is None
        counted.count_message(GUILD, ADA)
    reached = counted.reached(GUILD, ADA)
    assert reached is not None
    assert (reached.is_server, reached.is_daily) == (False, False)
    assert reached.ends_at == pytest.approx(time.time() + 60, abs=5)
    assert counted.reached(GUILD, ADA) == reached, "who is told twice is told the same"
    assert counted.reached(GUILD, BEN) is counted.reached(OTHER_GUILD, ADA) is None
    clock.seconds += 60
    assert counted.reached(GUILD, ADA) is None


def test_a_server_may_send_so_many_messages_whoever_sends_them() -> None:
    counted = limits(server_messages_per_minute=2)
    for member in (ADA, BEN):
        counted.count_message(GUILD, member)
    reached = counted.reached(GUILD, 3)
    assert reached is not None
    assert reached.is_server
    assert counted.reached(OTHER_GUILD, ADA) is None


@pytest.mark.parametrize("whose", ["member", "server"])
def test_tokens_are_counted_for_24_hours_and_the_limit_that_ends_last_is_told(whose: str) -> None:
    clock = Clock()
    counted = limits(clock, member_messages_per_minute=1, **{f"{whose}_tokens_per_day": 100})
    counted.count_message(GUILD, ADA)
    counted.count_tokens(GUILD, ADA, TokenUsage(90, 10))
    reached = counted.reached(GUILD, ADA)
    assert reached is not None
    assert (reached.is_server, reached.is_daily) == (whose == "server", True)
    clock.seconds += 86_399
    assert counted.reached(GUILD, ADA) is not None
    clock.seconds += 1
    assert counted.reached(GUILD, ADA) is None


def test_without_limits_nothing_is_kept() -> None:
    counted = limits()
    for _ in range(1000):
        counted.count_message(GUILD, ADA)
        counted.count_tokens(GUILD, ADA, TokenUsage(10**9, 10**9))
    assert counted.reached(GUILD, ADA) is None
    assert not any(counter._windows for counter in vars(counted).values())


def test_of_a_crowd_only_the_minute_that_lasts_is_kept() -> None:
    clock = Clock()
    counted = limits(clock, member_messages_per_minute=1)
    for member in range(50_000):
        counted.count_message(GUILD, member)
        clock.seconds += 0.01
    assert len(counted._member_messages._windows) <= 10_000


def test_a_private_server_does_not_notice_the_limits() -> None:
    counted = UsageLimits(Settings(discord_token=""), clock := Clock())
    for turn in range(8 * 120):  # eight hours, two messages a minute of each of six people, all with a full memory
        for member in range(6):
            assert counted.reached(GUILD, member) is None, turn
            counted.count_message(GUILD, member)
            counted.count_tokens(GUILD, member, TokenUsage(6_200, 200))
        clock.seconds += 30
