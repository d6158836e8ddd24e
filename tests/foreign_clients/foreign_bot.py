"""A bot of another library in a process of its own, and what it takes to have one."""

from __future__ import annotations

import asyncio
import base64
import json
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final, NoReturn

import numpy as np
import pytest

from sandbox import Sandbox
from sandbox.launch.bot_environment import bot_environment
from sandbox.voice.opus_codec import FRAME_SAMPLES, SAMPLE_RATE, OpusEncoder, Samples

_ENVIRONMENT: Final = Path(__file__).parents[2] / ".venv-foreign"
_BOTS: Final = Path(__file__).parent / "bots"


def hum(frames: int) -> Samples:
    """A tone of so many frames."""
    seconds = np.arange(frames * FRAME_SAMPLES) / SAMPLE_RATE
    return (8000 * np.sin(2 * np.pi * 440 * seconds)).astype(np.int16)


@asynccontextmanager
async def foreign_bot(discord: Sandbox, name: str, frames: int, folder: Path) -> AsyncIterator[None]:
    """The bot of this file name runs; it has a song of so many frames. What it says is in its log, in `folder`."""
    is_python = name.endswith(".py")
    interpreter = _ENVIRONMENT / "bin" / ("python" if is_python else "node")
    if not (_ENVIRONMENT / "installed").exists() or not interpreter.exists():
        _do_without_foreign_clients()
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
                "NODE_PATH": str(_ENVIRONMENT / "node_modules"),
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


def _do_without_foreign_clients() -> NoReturn:
    """Skip the test, or fail where it must not be skipped."""
    if os.environ.get("REQUIRE_FOREIGN") == "1":
        pytest.fail(f"REQUIRE_FOREIGN is set, and {_ENVIRONMENT} is not complete")
    pytest.skip("there are no foreign clients: make .venv-foreign/installed")
