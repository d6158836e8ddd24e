"""The start of the program: settings, logging, signals, and what the shell is told at the end."""

import asyncio
import logging
import signal
import sys
from pathlib import Path
from typing import Final

import aiohttp
import discord

from assistant.bot import run
from assistant.errors import PortUnavailable, StorageUnavailable
from assistant.interpreter import prepare_interpreter
from assistant.logs import logging_to_stderr
from assistant.settings import Settings, SettingsError, load_settings, read_environment

_log = logging.getLogger(__name__)

STOPPED: Final = 0
FAILED: Final = 1
MISCONFIGURED: Final = 2
"""Starting again does not help: the owner must change something first."""


def start(env_file: Path) -> int:
    """Run the assistant with the settings of `env_file` and the environment; return the exit status."""
    try:
        settings = load_settings(read_environment(env_file))
    except SettingsError as error:
        sys.stderr.write(f"{error}\n")
        return MISCONFIGURED
    prepare_interpreter()
    with logging_to_stderr(settings.log_level, settings.secrets):
        return asyncio.run(_run(settings))


async def _run(settings: Settings) -> int:
    stop = asyncio.Event()
    _stop_on_signals(stop)
    status = STOPPED
    try:
        await run(settings, stop)
    except* discord.LoginFailure:
        _log.error("Discord does not know DISCORD_TOKEN; copy it again from the developer portal, page Bot")
        status = MISCONFIGURED
    except* discord.PrivilegedIntentsRequired:
        _log.error("Switch on the Message Content Intent in the developer portal, page Bot; I cannot read without it")
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
