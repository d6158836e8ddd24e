"""`python app.py` as an owner runs it: a process of its own, told everything by its environment."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from sandbox import Sandbox
from tests.support.forked_programs import run_forked
from tests.support.scene import Scene

AI_KEY = "sk-not-to-be-seen-anywhere"
APP = Path(__file__).parents[2] / "app.py"


def variables(scene: Scene, **changes: str) -> dict[str, str]:
    """The environment of an assistant in this scene."""
    return {
        **in_discord(scene.discord),
        "AI_BASE_URL": scene.model.base_url,
        "AI_MODEL": "sandbox-model",
        "AI_API_KEY": AI_KEY,
        **scene.google.environment,
        "NO_PROXY": "127.0.0.1",
        "TTS_ENGINE": "gtts",
        "TTS_CACHE_MEGABYTES": "0",
        "STT_ENGINE": "off",
        "MEMBER_MESSAGES_PER_MINUTE": "0",  # tests type faster than people do
        "SERVER_MESSAGES_PER_MINUTE": "0",
        "DATABASE_URL": scene.settings.database_url,
        **changes,
    }


def in_discord(discord: Sandbox) -> dict[str, str]:
    """The part of it that says which Discord it is, and who the bot."""
    return {
        "DISCORD_TOKEN": discord.bot.token,
        "DISCORD_API_URL": discord.api_url,
        "DISCORD_CA_FILE": str(discord.ca_file),
    }


def without_davey(folder: Path) -> dict[str, str]:
    """A change of the environment after which davey cannot be imported."""
    (folder / "davey.py").write_text("raise ImportError('no wheel for this machine')\n")
    return {"PYTHONPATH": str(folder)}


def run_app(environment: Mapping[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run it until it ends by itself. Blocks."""
    return subprocess.run(
        [sys.executable, str(APP), *arguments],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def run_app_quickly(environment: Mapping[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    """The same, where it is not the start that is tested: see `forked_programs`. Blocks."""
    if sys.platform != "linux":
        return run_app(environment, *arguments)
    return run_forked([str(APP), *arguments], {**os.environ, **environment})
