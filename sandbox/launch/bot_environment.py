"""The environment in which an unmodified bot meets the sandbox instead of Discord."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from sandbox.loopback_discord import Sandbox

_STARTUP: Final = Path(__file__).parent / "startup"
"""The folder whose `sitecustomize.py` every Python that has it on its path runs first."""


def bot_environment(sandbox: Sandbox) -> dict[str, str]:
    """The variables for a bot's process, to be laid over those that it has anyway.

    A Python bot of py-cord, discord.py or disnake needs nothing else, whatever token and addresses it has. One of
    another kind finds here what it must be told: `DISCORD_API_URL`, `DISCORD_TOKEN`, and the certificate of the voice
    gateway, which Python and Node trust by these variables.

    The programs that the bot starts meet the sandbox too, since they get the same environment.
    """
    path = os.environ.get("PYTHONPATH", "")
    certificate = str(sandbox.ca_file)
    return {
        "DISCORD_TOKEN": sandbox.bot.token,
        "DISCORD_API_URL": sandbox.api_url,
        "DISCORD_GATEWAY_URL": sandbox.gateway_url,
        "DISCORD_LOOPBACK": "1",
        "PYTHONPATH": os.pathsep.join([str(_STARTUP), path] if path else [str(_STARTUP)]),
        "SSL_CERT_FILE": certificate,
        "NODE_EXTRA_CA_CERTS": certificate,
    }
