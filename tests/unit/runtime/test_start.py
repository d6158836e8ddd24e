"""What a process has loaded before its first call: what only calls need is large, and is loaded with the first one."""

import os
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).parents[3]
PROGRAM = """
import asyncio, os, sys
import discord
import assistant.runtime.main
import assistant.runtime.runner
from assistant.config.settings import load_settings
from assistant.runtime.assistant import Assistant
from assistant.runtime.shutdown_budget import ShutdownBudget
from assistant.voice.timing import VoiceTiming

LARGE = {
    "alembic", "asyncpg", "av", "cryptography", "dave", "emoji", "fasttext", "gtts", "numpy", "onnxruntime", "requests",
    "sqlalchemy.orm",
}

async def main():
    for name in ("voice_conversation", "voice_settings", "my_voice"):
        __import__(f"cogs.{name}")
    bot = discord.Bot(intents=discord.Intents.all())
    async with Assistant(bot, load_settings(os.environ), VoiceTiming(), ShutdownBudget()):
        await asyncio.sleep(0.1)
        print(*sorted(LARGE & sys.modules.keys()))

asyncio.run(main())
"""


def test_what_only_calls_need_is_not_loaded_at_the_start(tmp_path: Path) -> None:
    environment = {
        **os.environ,
        "PYTHONPATH": str(PROJECT),
        "DATABASE_URL": f"sqlite:///{tmp_path}/assistant.db",
        "DISCORD_TOKEN": "MTIz.x.y",
        "AI_BASE_URL": "http://127.0.0.1:1/v1",
        "AI_MODEL": "none",
        "TTS_CACHE_FOLDER": str(tmp_path / "speech"),
        "TTS_ENGINE": "gtts,hibari,pico",
    }
    ran = subprocess.run([sys.executable, "-c", PROGRAM], env=environment, capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stdout) == (0, "\n"), ran.stderr
