"""What ended the assistant, as a line in the log and as an exit code."""

import logging

import aiohttp
import discord

from assistant.discord_io.login_advice import BAD_TOKEN, NO_INTENT
from assistant.domain.errors import PortUnavailable, StorageUnavailable
from assistant.runtime.exit_codes import FAILED, MISCONFIGURED

_logger = logging.getLogger(__name__)


def report_failure(errors: BaseExceptionGroup) -> int:
    """Log each error of the group in a line that says what to do; return the exit code, the gravest there is."""
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
        case discord.ConnectionClosed():  # what may pass, py-cord tries again by itself
            _logger.error("Discord refuses the gateway connection, and starting again won't help: %s", error)
            return MISCONFIGURED
        case PortUnavailable():
            _logger.error("PORT can't be listened at: %s", error)
            return MISCONFIGURED
        case StorageUnavailable():
            _logger.error("The database of DATABASE_URL can't be opened: %s", error)
        case OSError() | aiohttp.ClientError() | discord.DiscordException():
            _logger.error("Discord cannot be reached: %s", error)
        case _:  # logged here, where secrets are masked, and not by Python as it ends
            _logger.error("Stopped by an error of our own", exc_info=error)
    return FAILED
