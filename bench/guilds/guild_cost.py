"""What servers cost a bot that has no call in them."""

import asyncio
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bench.common.environment import environment_of
from bench.common.process_usage import usage_of
from sandbox import Sandbox
from sandbox.standins.google import GoogleSpeech
from sandbox.standins.language_model import LanguageModel
from sandbox.tools.bot_process import BotProcess

_APP: Final = Path(__file__).parents[2] / "app.py"
_CHANNELS: Final = 30
_ROLES: Final = 15
_LOOK_SECONDS: Final = 0.1
_SETTLE_SECONDS: Final = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class GuildCost:
    """A bot in some number of servers."""

    guilds: int
    """How many servers there are."""
    ready_seconds: float
    """Seconds from its start until it was ready in all of them."""
    resident_bytes: int
    """Its memory then."""


async def measure_guilds(guilds: int) -> GuildCost:
    """Start a bot in some number of servers."""
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        async with (
            Sandbox(bot_name="Molly", rate_limits=False) as discord,
            LanguageModel() as model,
            GoogleSpeech() as google,
        ):
            _add_guilds(discord, guilds)
            start = time.monotonic()
            async with BotProcess(_APP, environment_of(discord, model, google, folder), folder / "bot.log") as bot:
                while f" in {guilds} server" not in bot.log:  # noqa: ASYNC110 - a log has no event for its growth
                    await asyncio.sleep(_LOOK_SECONDS)
                seconds = time.monotonic() - start
                await asyncio.sleep(_SETTLE_SECONDS)
                usage = usage_of(bot.process_id)
                return GuildCost(guilds=guilds, ready_seconds=seconds, resident_bytes=usage.resident_bytes)


def _add_guilds(discord: Sandbox, guilds: int) -> None:
    for number in range(guilds):
        guild = discord.add_guild(f"Reading club {number}")
        for channel in range(_CHANNELS):
            guild.add_text_channel(f"book-{channel}")
        for role in range(_ROLES):
            guild.add_role(f"Readers {role}")
