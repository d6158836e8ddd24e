"""What a request of py-cord raises where Discord refuses, fails, or is not there."""

from typing import Final

import aiohttp
import discord

REQUEST_ERRORS: Final = (discord.DiscordException, OSError, aiohttp.ClientError)
"""py-cord lets out aiohttp's own errors: that Discord has hung up (ServerDisconnectedError) is no OSError."""
