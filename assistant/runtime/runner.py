"""The assistant while it runs: signals, and what its end means."""

import asyncio
import logging
import signal

import aiohttp
import discord

from assistant.config.settings import Settings
from assistant.discord_io.login_advice import BAD_TOKEN, NO_INTENT
from assistant.domain.errors import PortUnavailable, StorageUnavailable
from assistant.runtime.bot import run
from assistant.runtime.exit_codes import FAILED, MISCONFIGURED, STOPPED

_log = logging.getLogger(__name__)


async def operate(settings: Settings) -> int:
    """Be the assistant until a signal or an error ends it; return the exit status."""
    stop = asyncio.Event()
    _stop_on_signals(stop)
    status = STOPPED
    try:
        await run(settings, stop)
    except* discord.LoginFailure:
        _log.error(BAD_TOKEN)
        status = MISCONFIGURED
    except* discord.PrivilegedIntentsRequired:
        _log.error(NO_INTENT)
        status = MISCONFIGURED
    except* discord.ConnectionClosed as errors:  # what may pass, py-cord tries again by itself
        _log.error("Discord does not want me on its gateway, and starting again won't help: %s", errors.exceptions[0])
        status = MISCONFIGURED
    except* PortUnavailable as errors:
        _log.error("PORT can't be listened at: %s", errors.exceptions[0])
        status = MISCONFIGURED
    except* StorageUnavailable as errors:
        _log.error("The database of DATABASE_URL can't be opened: %s", errors.exceptions[0])
        status = FAILED
    except* (OSError, aiohttp.ClientError, discord.DiscordException) as errors:
        _log.error("Discord cannot be reached: %s", "; ".join(map(str, errors.exceptions)))
        status = FAILED
    except* Exception:  # noqa: BLE001 - logged here, where secrets are masked, and not by Python as it ends
        _log.exception("Stopped by an error of our own")
        status = FAILED
    return status


def _stop_on_signals(stop: asyncio.Event) -> None:
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        try:
            loop.add_signal_handler(number, stop.set)
        except NotImplementedError:  # on Windows the loop knows no signals
            signal.signal(number, lambda *_: loop.call_soon_threadsafe(stop.set))
