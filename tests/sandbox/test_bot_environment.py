"""What an unmodified bot is started with: it meets the sandbox, and its own start is not lost."""

import asyncio
import os
import sys
from pathlib import Path

from sandbox import Sandbox
from sandbox.launch.bot_environment import bot_environment

LOGIN = """
import asyncio, sys
import discord

async def main():
    bot = discord.Client(intents=discord.Intents.none())
    await bot.login("MTIz.a-token.of-discord-itself")
    print(bot.user.id, bot.http.token == "MTIz.a-token.of-discord-itself")
    await bot.close()

asyncio.run(main())
"""


async def run(sandbox: Sandbox, program: str, *python_path: Path) -> str:
    """What a Python program prints that is started as a bot, with these folders on its path."""
    variables = bot_environment(sandbox)
    path = os.pathsep.join([variables["PYTHONPATH"], *map(str, python_path)])
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", program),
        env={**os.environ, **variables, "PYTHONPATH": path},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    return (await process.communicate())[0].decode()


async def test_bot_with_a_token_of_discord_itself_logs_into_the_sandbox_and_sends_it_nowhere() -> None:
    async with Sandbox() as sandbox:
        assert await run(sandbox, LOGIN) == f"{sandbox.bot.id} False\n"


async def test_what_the_environment_runs_at_the_start_still_runs(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text("import os\nos.environ['OTHER'] = 'ran'\n")
    show = "import os, sitecustomize; print(os.environ.get('OTHER'), 'launch' in sitecustomize.__file__)"
    async with Sandbox() as sandbox:
        assert await run(sandbox, show, tmp_path) == "ran True\n"
        assert await run(sandbox, show) == "None True\n"


async def test_nothing_is_imported_that_the_bot_does_not_import() -> None:
    async with Sandbox() as sandbox:
        assert await run(sandbox, "import sys; print({'asyncio', 'discord', 'ssl'} & {*sys.modules})") == "set()\n"
