"""The program of a bot under test: the one that BENCHED_BOT names, with the assistant's environment variables.

On SIGUSR1 its event loop is blocked for BLOCK_SECONDS, as by a careless callback.
"""

import asyncio
import os
import signal
import sys
import time
from pathlib import Path

import discord.http

sys.path.insert(0, str(Path(__file__).parents[2]))

from assistant.config.settings import Settings, load_settings
from assistant.runtime.bot import run
from assistant.runtime.interpreter import prepare_interpreter
from assistant.telemetry.logs import logging_to_stderr


async def _seed(settings: Settings) -> None:
    from bench.subjects.reference_bot import make_bot  # noqa: PLC0415 - the assistant is tried also where the seed's ffmpeg is missing

    discord.http.Route.API_BASE_URL = settings.discord_api_url
    # The voice gateway's certificate is trusted through SSL_CERT_FILE.
    await make_bot(settings.ai_base_url).start(settings.discord_token)


async def _assistant(settings: Settings) -> None:
    prepare_interpreter()
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    await run(settings, stop)


async def _main(kind: str) -> None:
    asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, time.sleep, float(os.environ["BLOCK_SECONDS"]))
    settings = load_settings(os.environ)
    await (_seed(settings) if kind == "seed" else _assistant(settings))


if __name__ == "__main__":
    with logging_to_stderr("INFO", ()):
        asyncio.run(_main(os.environ["BENCHED_BOT"]))
