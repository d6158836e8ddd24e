"""LiteLLM's proxy, an OpenAI-compatible server that others wrote and many people run: in front of our stand-in.

It brings some hundred packages, so it has an environment of its own: `make .venv-litellm/installed`.
"""

import asyncio
import json
import os
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, NoReturn

import aiohttp
import pytest

ENVIRONMENT: Final = Path(__file__).parents[2] / ".venv-litellm"
KEY: Final = "sk-of-the-proxy"
MODEL: Final = "molly"
"""What the proxy calls the stand-in's model."""
READY_MADE: Final = "ready-made"
"""A model of the proxy's own, which always says READY_MADE_ANSWER."""
READY_MADE_ANSWER: Final = "Hello from the proxy. It is a fine day."
_START_SECONDS: Final = 110.0
"""It takes ten on a quiet machine."""


@dataclass(frozen=True)
class LiteLlmProxy:
    """A proxy that is running."""

    base_url: str
    """What the bot is given as AI_BASE_URL."""
    log: Path
    """What it says."""


def do_without_litellm() -> NoReturn:
    """Skip the test, or fail where it must not be skipped."""
    if os.environ.get("REQUIRE_LITELLM") == "1":
        pytest.fail(f"REQUIRE_LITELLM is set, and there is no {ENVIRONMENT}")
    pytest.skip("there is no LiteLLM: make .venv-litellm/installed")


@asynccontextmanager
async def litellm_proxy(upstream: str, folder: Path) -> AsyncIterator[LiteLlmProxy]:
    """The proxy in front of the API at `upstream`; all that it writes is in `folder`."""
    program = ENVIRONMENT / "bin" / "litellm"
    if sys.platform == "win32" or not program.exists():
        do_without_litellm()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    config = folder / "config.yaml"
    config.write_text(json.dumps(_config(upstream)))  # which is YAML, too
    log = folder / "litellm.log"
    with log.open("wb") as output:
        process = await asyncio.create_subprocess_exec(
            *(str(program), "--config", str(config), "--host", "127.0.0.1", "--port", str(port)),
            cwd=folder,
            # Nothing of ours, and nothing that reaches out: prices come from its package, and it reports nothing.
            env={
                "PATH": os.environ["PATH"],
                "HOME": str(folder),
                "LITELLM_LOCAL_MODEL_COST_MAP": "True",
                "LITELLM_LOCAL_ANTHROPIC_BETA_HEADERS": "True",
                "LITELLM_TELEMETRY": "False",
                "DO_NOT_TRACK": "1",
                "HTTPS_PROXY": "http://127.0.0.1:9",  # where nobody is, should it try all the same
                "NO_PROXY": "127.0.0.1",
            },
            stdout=output,
            stderr=output,
        )
    try:
        await _wait_until_alive(process, f"http://127.0.0.1:{port}/health/liveliness", log)
        yield LiteLlmProxy(f"http://127.0.0.1:{port}/v1", log)
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


def _config(upstream: str) -> dict[str, Any]:
    stand_in = {"model": "openai/sandbox-model", "api_base": upstream, "api_key": "sk-of-the-stand-in"}
    ready_made = {"model": "openai/none", "api_key": "sk-none", "mock_response": READY_MADE_ANSWER}
    return {
        "model_list": [
            {"model_name": MODEL, "litellm_params": stand_in},
            {"model_name": READY_MADE, "litellm_params": ready_made},
        ],
        "litellm_settings": {"telemetry": False, "num_retries": 0},
        "router_settings": {"num_retries": 0, "disable_cooldowns": True},
        "general_settings": {"master_key": KEY},
    }


async def _wait_until_alive(process: asyncio.subprocess.Process, url: str, log: Path) -> None:
    async with asyncio.timeout(_START_SECONDS), aiohttp.ClientSession() as session:
        while True:
            assert process.returncode is None, await asyncio.to_thread(log.read_text, errors="replace")
            try:
                async with session.get(url) as response:
                    if response.status == 200:
                        return
            except aiohttp.ClientError:
                pass  # it does not listen yet
            await asyncio.sleep(0.2)
