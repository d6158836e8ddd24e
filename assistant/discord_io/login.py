"""Logs in, and retries until Discord accepts it, never sooner than Discord asks."""

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import aiohttp
import discord

from assistant.config.settings import Settings
from assistant.discord_io.login_advice import STARTED_OFTEN, advice_for, describe_refusal
from assistant.discord_io.rest_client import (
    DiscordRefused,
    RestClient,
    SessionStarts,
    connector_to_discord,
    unreachable,
)
from assistant.pycord import api as pycord
from assistant.pycord.api import AnyBot
from assistant.util.backoff import backoff_seconds, retry_after_seconds
from assistant.util.durations import duration

_logger = logging.getLogger(__name__)

FIRST_SECONDS: Final = 1.0
"""The longest first pause, where Discord asks for none."""
LONGEST_SECONDS: Final = 900.0
"""The longest pause where Discord asks for none: the bot is back this long after an outage at the latest."""
LONGEST_ASKED_SECONDS: Final = 86_400.0
"""The longest pause that Discord may ask for.

It has asked for 23 h. Trying sooner is refused again, and refusals count: 10,000 in ten minutes get the IP address
banned, for everyone who shares it. No limit of Discord's lasts longer than a day, so a longer pause is a mistake.
"""


@dataclass(frozen=True, slots=True)
class _Obstacle:
    trouble: str
    """What prevents the login, as the beginning of a sentence."""
    advice: str
    """What the owner can do about it."""
    asked: float | None
    """Seconds that Discord asks to wait; None when it does not say."""


async def log_in(
    bot: AnyBot,
    settings: Settings,
    *,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    jitter: Callable[[], float] = random.random,
) -> None:
    """Return once Discord has accepted the token, however long that takes. No session is started, no IDENTIFY spent.

    `sleep` waits between two tries. `jitter` (0 to 1) spreads out bots that failed together.

    Raises:
        discord.LoginFailure: Discord does not accept the token. Every other failure is retried.
    """
    failures = 0
    async with RestClient(settings) as api:
        while (obstacle := await _try(bot, settings, api)) is not None:
            failures += 1
            pause = pause_seconds(obstacle.asked, failures, jitter())
            then = datetime.now().astimezone() + timedelta(seconds=pause)
            _logger.warning(
                "Can't log in: %s. Trying again in %s, at %s. %s",
                obstacle.trouble,
                duration(pause),
                then.strftime("%Y-%m-%d %H:%M:%S"),
                obstacle.advice,
            )
            await sleep(pause)


def pause_seconds(asked: float | None, failures: int, jitter: float) -> float:
    """Seconds to wait after `failures` (1 or more) tries in a row: at least `asked`, unless that is absurdly long."""
    own = backoff_seconds(failures, jitter, first=FIRST_SECONDS, longest=LONGEST_SECONDS)
    return own if asked is None else max(own, min(asked, LONGEST_ASKED_SECONDS) + jitter)


async def _try(bot: AnyBot, settings: Settings, api: RestClient) -> _Obstacle | None:
    """Try to log in; return what prevented it, or None.

    Makes the requests that py-cord is about to make first. When refused, py-cord sleeps as long as it is asked to and
    logs no cause, or raises at once; for GET /gateway it cuts that sleep after a minute and asks again.
    """
    try:
        for path in ("/users/@me", "/gateway"):
            await api.get(path)
        if (obstacle := await _no_start_left(api)) is not None:
            return obstacle
        await pycord.log_in(bot, settings.discord_token, connector_to_discord(settings.discord_ca_file))
    except DiscordRefused as refusal:
        if refusal.status == 401:
            raise discord.LoginFailure(refusal.detail) from refusal
        return _obstacle(refusal)
    except discord.HTTPException as error:
        retry_after = retry_after_seconds(error.response.headers.get("Retry-After"))
        detail = " ".join(error.text.split())[:100]
        return _obstacle(DiscordRefused(status=error.status, detail=detail, retry_after=retry_after))
    except (OSError, aiohttp.ClientError) as error:
        return _obstacle(unreachable(error))
    return None


async def _no_start_left(api: RestClient) -> _Obstacle | None:
    """The obstacle when no session start is left: one start more, and Discord would reset the token."""
    try:
        starts = await SessionStarts.fetch(api)
    except DiscordRefused as refusal:
        _logger.info("Couldn't ask how many session starts are left: %s", describe_refusal(refusal))
        return None
    if starts is None or starts.remaining:
        return None
    return _Obstacle(f"no session start is left of today's {starts.total}", STARTED_OFTEN, starts.reset_seconds)


def _obstacle(refusal: DiscordRefused) -> _Obstacle:
    return _Obstacle(describe_refusal(refusal), advice_for(refusal), refusal.retry_after)
