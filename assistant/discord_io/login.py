"""The login: asked for until Discord grants it, no sooner than Discord wants to be asked again."""

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
from assistant.discord_io.login_advice import STARTED_OFTEN, discord_advice, discord_trouble
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
"""The longest first pause of our own."""
LONGEST_SECONDS: Final = 900.0
"""The longest pause of our own: so long after an outage we may still be waiting."""
LONGEST_ASKED_SECONDS: Final = 86_400.0
"""The longest pause that Discord may ask for.

It has asked for 23 h. Whoever asks sooner is refused again, and such answers count: 10,000 in ten minutes have the
address banned, for all who share it. None of its limits lasts longer than a day, so what asks for more is mistaken.
"""


@dataclass(frozen=True, slots=True)
class _Obstacle:
    trouble: str
    """What stands in the way, as the beginning of a line."""
    advice: str
    """What to do about it."""
    asked: float | None
    """Seconds that Discord asks to wait."""


async def log_in(
    bot: AnyBot,
    settings: Settings,
    *,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    jitter: Callable[[], float] = random.random,
) -> None:
    """Return once Discord has accepted the token, however long that takes; no session is started, no IDENTIFY spent.

    `sleep` waits between two tries, and `jitter`, from 0 to 1, spreads bots that failed together.

    Raises:
        discord.LoginFailure: Discord does not know the token. Whatever else stands in the way is waited for.
    """
    failures = 0
    async with RestClient(settings) as api:
        while (obstacle := await _try(bot, settings, api)) is not None:
            failures += 1
            pause = pause_seconds(obstacle.asked, failures, jitter())
            then = datetime.now().astimezone() + timedelta(seconds=pause)
            _logger.warning(
                "I cannot log in: %s. I try again in %s, at %s. %s",
                obstacle.trouble,
                duration(pause),
                then.strftime("%Y-%m-%d %H:%M:%S"),
                obstacle.advice,
            )
            await sleep(pause)


def pause_seconds(asked: float | None, failures: int, jitter: float) -> float:
    """The pause after `failures` (1 or more) tries in a row: never shorter than `asked`, but for what is absurd."""
    own = backoff_seconds(failures, jitter, first=FIRST_SECONDS, longest=LONGEST_SECONDS)
    return own if asked is None else max(own, min(asked, LONGEST_ASKED_SECONDS) + jitter)


async def _try(bot: AnyBot, settings: Settings, api: RestClient) -> _Obstacle | None:
    """Log in; return what stood in the way, if anything did.

    What py-cord is about to ask is asked by us first. Refused, it would sleep for as long as it is told, with a line
    that names no cause, or raise at once; of GET /gateway, it would cut that sleep after a minute and ask again.
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
    """Whether what starts us has done so too often: one start more, and Discord would withdraw the token."""
    try:
        starts = await SessionStarts.fetch(api)
    except DiscordRefused as refusal:
        _logger.info("How many starts are left is not known: %s", discord_trouble(refusal))
        return None
    if starts is None or starts.remaining:
        return None
    return _Obstacle(f"none of today's {starts.total} starts is left", STARTED_OFTEN, starts.reset_seconds)


def _obstacle(refusal: DiscordRefused) -> _Obstacle:
    return _Obstacle(discord_trouble(refusal), discord_advice(refusal), refusal.retry_after)
