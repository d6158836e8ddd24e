"""Turns what ended the assistant into a log line and an exit code."""

import logging

import aiohttp
import discord

from assistant.discord_io.login_advice import BAD_TOKEN, NO_INTENT
from assistant.domain.errors import PortUnavailable, StorageTooNew, StorageUnavailable
from assistant.runtime.exit_codes import FAILED, MISCONFIGURED

_logger = logging.getLogger(__name__)


def report_failure(errors: BaseExceptionGroup) -> int:
    """Log each error of the group on a line that says what to do. Return the highest exit code."""
    return max(_report(error) for error in _leaves(errors))


def _leaves(errors: BaseExceptionGroup) -> list[BaseException]:
    leaves: list[BaseException] = []
    for error in errors.exceptions:
        leaves += _leaves(error) if isinstance(error, BaseExceptionGroup) else [error]
    return leaves


def _report(error: BaseException) -> int:
    match error:
        case discord.LoginFailure():
            _logger.error(BAD_TOKEN)
            return MISCONFIGURED
        case discord.PrivilegedIntentsRequired():
            _logger.error(NO_INTENT)
            return MISCONFIGURED
        case discord.ConnectionClosed():  # py-cord retries by itself where that may help
            _logger.error("Discord refuses the gateway connection, and starting again won't help: %s", error)
            return MISCONFIGURED
        case PortUnavailable():
            _logger.error("Can't listen on PORT: %s", error)
            return MISCONFIGURED
        case StorageTooNew():
            _logger.error("The database of DATABASE_URL was changed by a newer version of this program: %s", error)
            return MISCONFIGURED
        case StorageUnavailable():
            _logger.error("Can't open the database at DATABASE_URL: %s", error)
        case OSError() | aiohttp.ClientError() | discord.DiscordException():
            _logger.error("Can't reach Discord: %s", error)
        case _:  # logged here, with secrets masked; Python would print it unmasked
            _logger.error("Stopped by an unexpected error", exc_info=error)
    return FAILED
