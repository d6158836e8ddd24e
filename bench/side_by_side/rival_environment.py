"""Where the others are installed: in an environment of their own, `make .venv-rivals/installed`."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.metadata import distributions, version
from pathlib import Path
from typing import IO, Final

from bench.side_by_side.contender import Contender
from sandbox.tools.bot_process import BotProcess, RunningProgram

RIVALS: Final = Path(__file__).parents[2] / ".venv-rivals"
"""The environment, with Python's packages and Node's."""
_PACKAGES: Final[Mapping[Contender, Sequence[str]]] = {
    Contender.ASSISTANT: ("py-cord",),
    Contender.USUAL_PIPELINE: ("py-cord", "gTTS"),
    Contender.DISCORD_JS: ("discord.js", "@discordjs/voice"),
    Contender.PIPECAT: ("pipecat-ai",),
    Contender.LIVEKIT: ("livekit-agents",),
}


def versions_of(contender: Contender) -> dict[str, str]:
    """The packages that make a contender, with their versions; some or all are missing where it is not installed."""
    found = {name: _version(contender, name) for name in _PACKAGES[contender]}
    return {name: number for name, number in found.items() if number}


def is_installed(contender: Contender) -> bool:
    """Whether it can be run."""
    return len(versions_of(contender)) == len(_PACKAGES[contender])


def interpreter_for(program: Path) -> Path:
    """What runs a rival's program."""
    return RIVALS / "bin" / ("node" if program.suffix == ".cjs" else "python")


async def start_rival(program: Path, environment: Mapping[str, str], log: IO[bytes]) -> RunningProgram:
    """Start a rival's program; see `start_program`."""
    return await asyncio.create_subprocess_exec(
        *(str(interpreter_for(program)), str(program)),
        env=environment,
        cwd=program.parent,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=log,
        stderr=log,
    )


class RivalProcess(BotProcess):
    """A bot in the rivals' environment."""

    start = staticmethod(start_rival)


def _version(contender: Contender, package: str) -> str | None:
    if contender.is_ours:
        return version(package)
    if contender is Contender.DISCORD_JS:
        manifest = RIVALS / "node_modules" / package / "package.json"
        return str(json.loads(manifest.read_text("utf-8"))["version"]) if manifest.exists() else None
    return python_packages().get(package)


@cache
def python_packages() -> dict[str, str]:
    """What is installed there for Python, with the versions."""
    folders = [str(folder) for folder in RIVALS.glob("lib/python3.*/site-packages")]
    return {each.metadata["Name"]: each.version for each in distributions(path=folders)}
