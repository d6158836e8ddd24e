"""`python -m bench.guilds`: what a server takes in which the bot merely is; two minutes.

The servers have thirty channels and fifteen roles. py-cord keeps both; of the members it keeps those in voice channels.
"""

import argparse
import asyncio
import tempfile
import time
from pathlib import Path
from typing import Final

from bench.common.environment import environment_of
from bench.common.machine_info import machine
from bench.common.process_usage import ProcessUsage, usage_of
from sandbox import Sandbox
from sandbox.standins.google import GoogleSpeech
from sandbox.standins.language_model import LanguageModel
from sandbox.tools.bot_process import BotProcess

_APP: Final = Path(__file__).parents[2] / "app.py"
_COUNTS: Final = (1, 1000, 2000)
_CHANNELS: Final = 30
_ROLES: Final = 15
_SETTLE_SECONDS: Final = 5.0


def _found(discord: Sandbox, guilds: int) -> None:
    for number in range(guilds):
        guild = discord.add_guild(f"Reading club {number}")
        for place in range(_CHANNELS):
            guild.add_text_channel(f"book-{place}")
        for role in range(_ROLES):
            guild.add_role(f"Readers {role}")


async def measure(guilds: int) -> tuple[float, ProcessUsage]:
    """Seconds from the start of a bot to its being ready in that many servers, and what it takes then."""
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        async with Sandbox(bot_name="Molly") as discord, LanguageModel() as model, GoogleSpeech() as google:
            _found(discord, guilds)
            started = time.monotonic()
            async with BotProcess(_APP, environment_of(discord, model, google, folder), folder / "bot.log") as bot:
                while f"in {guilds} server(s)" not in bot.log:  # noqa: ASYNC110 - a log tells nobody when it grows
                    await asyncio.sleep(0.1)
                seconds = time.monotonic() - started
                await asyncio.sleep(_SETTLE_SECONDS)
                return seconds, usage_of(bot.process_id)


async def _main(counts: list[int]) -> None:
    print(machine())
    print("\n| servers | memory, MB | more for each, KB | ready after, s |\n| --- | --- | --- | --- |")
    least = None
    for count in counts:
        seconds, usage = await measure(count)
        least = least or (count, usage.resident_bytes)
        more = (usage.resident_bytes - least[1]) / 1e3 / max(count - least[0], 1)
        print(f"| {count} | {usage.resident_bytes / 1e6:.0f} | {more:.0f} | {seconds:.1f} |", flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--guilds", type=int, nargs="+", default=_COUNTS, help="how many servers, ascending")
    asyncio.run(_main(parser.parse_args().guilds))
