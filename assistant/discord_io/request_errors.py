"""What a request of py-cord raises where Discord refuses, fails, or is not there."""

from typing import Final

import aiohttp
import discord

REQUEST_ERRORS: Final = (discord.DiscordException, OSError, aiohttp.ClientError)
"""py-cord lets out aiohttp's own errors: that Discord has hung up (ServerDisconnectedError) is no OSError."""

READING_ERRORS: Final = (*REQUEST_ERRORS, LookupError, AttributeError, TypeError, ValueError)
"""The same for messages, which py-cord takes apart: it may not know what is in one."""
