"""What a request of py-cord raises where Discord refuses, fails, or is not there."""

from typing import Final

import aiohttp
import discord

from assistant.util.backoff import retry_after_seconds

REQUEST_ERRORS: Final = (discord.DiscordException, OSError, aiohttp.ClientError)
"""py-cord lets out aiohttp's own errors: that Discord has hung up (ServerDisconnectedError) is no OSError."""

READING_ERRORS: Final = (*REQUEST_ERRORS, LookupError, AttributeError, TypeError, ValueError)
"""The same for messages, which py-cord takes apart: it may not know what is in one."""


def is_refusal(error: Exception) -> bool:
    """Whether Discord has refused a request for good: the same one again is of no use."""
    return isinstance(error, discord.HTTPException) and error.status != 429 and error.status < 500


def asked_pause(error: Exception) -> float:
    """How many seconds Discord asks to wait before the same request; 0 where it does not say."""
    if not isinstance(error, discord.HTTPException):
        return 0.0
    return retry_after_seconds(error.response.headers.get("Retry-After")) or 0.0
