import asyncio
import random
from types import SimpleNamespace
from typing import Any, cast

import discord
import pytest

from assistant.commands.command_registration import CommandRegistration


def refused(status: int, **headers: str) -> discord.HTTPException:
    return discord.HTTPException(cast(Any, SimpleNamespace(status=status, reason="?", headers=headers)), "?")


class Discord:
    """Takes the commands after these errors, and notes the pauses."""

    def __init__(self, *errors: Exception) -> None:
        self.errors = [*errors]
        self.tries = 0
        self.pauses: list[float] = []

    async def sync(self) -> None:
        self.tries += 1
        if self.errors:
            raise self.errors.pop(0)

    async def sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)

    async def registered(self, times: int = 1) -> None:
        """The bot is connected so many times."""
        registration = CommandRegistration(self.sync, sleep=self.sleep, jitter=random.Random(0).random)
        running = asyncio.ensure_future(registration.run())
        for _ in range(times):
            registration.request()
            await asyncio.sleep(0.01)
        assert not running.done()
        running.cancel()


@pytest.mark.parametrize(
    "error", [refused(503), refused(429), OSError(), TimeoutError(), discord.DiscordException()], ids=repr
)
async def test_it_is_tried_until_discord_takes_them(error: Exception) -> None:
    host = Discord(*[error] * 4)
    await host.registered()
    assert host.tries == 5
    assert host.pauses == sorted(host.pauses)
    assert 1.0 <= host.pauses[0] <= 2.0


async def test_discord_may_ask_for_a_longer_pause() -> None:
    host = Discord(refused(429, **{"Retry-After": "40"}))
    await host.registered()
    assert host.pauses == [40.0]
    host = Discord(refused(429, **{"Retry-After": "1" + "0" * 12}))
    await host.registered()
    assert host.pauses == [86_400.0], "a mistake"


@pytest.mark.parametrize("error", [refused(400), refused(403), KeyError("id")], ids=repr)
async def test_what_it_refuses_or_cannot_be_read_is_tried_again_with_the_next_session_only(
    error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    host = Discord(error)
    await host.registered()
    assert (host.tries, host.pauses) == (1, [])
    assert len(caplog.records) == 1
    await host.registered()
    assert host.tries == 2


async def test_each_session_asks_once() -> None:
    host = Discord()
    await host.registered(times=3)
    assert host.tries == 3
