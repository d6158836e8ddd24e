"""The program of a bot under test: BENCHED_BOT says which; the other environment variables are the assistant's.

On SIGUSR1 it blocks its event loop for BLOCK_SECONDS, as a careless callback would.
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
from bench.subjects.benched_bot import BenchedBot


async def _run_reference(settings: Settings) -> None:
    from bench.subjects.reference_bot import make_bot  # noqa: PLC0415 - the assistant can be benched without the usual pipeline's ffmpeg

    discord.http.Route.API_BASE_URL = settings.discord_api_url
    # The voice gateway's certificate is trusted through SSL_CERT_FILE.
    await make_bot(settings.ai_base_url).start(settings.discord_token)


async def _run_assistant(settings: Settings) -> None:
    prepare_interpreter()
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    await run(settings, stop)


async def _main(bot: BenchedBot) -> None:
    asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, time.sleep, float(os.environ["BLOCK_SECONDS"]))
    settings = load_settings(os.environ)
    await (_run_reference(settings) if bot is BenchedBot.REFERENCE else _run_assistant(settings))


if __name__ == "__main__":
    with logging_to_stderr("INFO", ()):
        asyncio.run(_main(BenchedBot(os.environ["BENCHED_BOT"])))
