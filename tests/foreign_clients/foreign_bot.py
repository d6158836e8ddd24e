"""A bot of another library in a process of its own, and what it takes to have one."""

from __future__ import annotations

import asyncio
import base64
import json
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

import numpy as np
import pytest

from sandbox import Sandbox
from sandbox.launch.bot_environment import bot_environment
from sandbox.voice.opus_codec import FRAME_SAMPLES, SAMPLE_RATE, OpusEncoder, Samples

ENVIRONMENT: Final = Path(__file__).parents[2] / ".venv-foreign"
_BOTS: Final = Path(__file__).parent / "bots"


def hum(frames: int) -> Samples:
    """A tone of so many frames."""
    seconds = np.arange(frames * FRAME_SAMPLES) / SAMPLE_RATE
    return (8000 * np.sin(2 * np.pi * 440 * seconds)).astype(np.int16)


@asynccontextmanager
async def foreign_bot(discord: Sandbox, name: str, frames: int, folder: Path) -> AsyncIterator[None]:
    """The bot of this file name runs; it has a song of so many frames. What it says is in its log, in `folder`."""
    if not are_foreign_clients_there():
        pytest.skip("there are no foreign clients: make .venv-foreign/installed")
    interpreter = ENVIRONMENT / "bin" / ("python" if name.endswith(".py") else "node")
    song = folder / "song.json"
    encoder = OpusEncoder()
    pieces = np.split(hum(frames), frames)
    song.write_text(json.dumps([base64.b64encode(encoder.encode(piece)).decode() for piece in pieces]))
    with (folder / "bot.log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            *(str(interpreter), str(_BOTS / name)),
            cwd=folder,
            env={
                "PATH": os.environ["PATH"],
                "HOME": str(folder),
                "NODE_PATH": str(ENVIRONMENT / "node_modules"),
                "FRAMES": str(song),
                **bot_environment(discord),
            },
            stdin=asyncio.subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
        try:
            yield
        finally:
            if process.returncode is None:
                process.kill()
            await process.wait()


def are_foreign_clients_there() -> bool:
    """Whether there is an environment of theirs; where there must be one, the test fails without."""
    is_there = (ENVIRONMENT / "installed").exists()
    if not is_there and os.environ.get("REQUIRE_FOREIGN") == "1":
        pytest.fail(f"REQUIRE_FOREIGN is set, and there is no {ENVIRONMENT}")
    return is_there
