"""Leaves out what Discord sends and py-cord can't read.

py-cord takes a message, a channel or a member apart while it reads the main gateway. What it did not expect there, such
as a null in the place of an object, ends `Client.connect`: one strange message would end the process and all its calls.
"""

import logging
from collections.abc import Callable
from typing import Any, Final

import discord

from assistant.pycord.private_parts import parsers_of

_logger = logging.getLogger(__name__)

_NEEDED: Final = {"READY", "RESUMED"}
"""Without these there is no session that could go on."""


def leave_out_unreadable_events(client: discord.Client) -> None:
    """Log an event that can't be read, from now on, and go on with the next one."""
    parsers = parsers_of(client)
    parsers.update({name: _guarded(name, parse) for name, parse in parsers.items() if name not in _NEEDED})


def _guarded(name: str, parse: Callable[[Any], None]) -> Callable[[Any], None]:
    def guarded(data: Any) -> None:
        try:
            parse(data)
        except Exception:
            _logger.exception("%s could not be read, and is left out", name)

    return guarded
