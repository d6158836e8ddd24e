"""A bot's process that is stopped, killed and started again."""

import asyncio
import sys
from pathlib import Path

import pytest

from sandbox.tools.bot_process import BotProcess
from tests.support.eventually import eventually

PROGRAM = """
import pathlib, signal, sys, time
signal.signal(signal.SIGTERM, lambda *_: (print("asked to stop", flush=True), sys.exit(0)))
print("begins", flush=True)
while not pathlib.Path(__file__).with_name("end").exists():
    time.sleep(0.02)
sys.exit(7)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="it has no SIGTERM to answer")
async def test_a_restart_is_no_end_and_the_log_goes_on(tmp_path: Path) -> None:
    program = tmp_path / "bot.py"
    program.write_text(PROGRAM)

    async def begun(bot: BotProcess, times: int) -> None:
        await eventually(lambda: bot.log.count("begins") >= times, 20)

    async with BotProcess(program, {}, tmp_path / "bot.log") as bot:
        ended = asyncio.create_task(bot.wait())
        await begun(bot, 1)
        await bot.restart()
        await begun(bot, 2)
        assert bot.log.split("\n") == ["begins", "asked to stop", "begins", ""]
        first = bot.process_id
        await bot.restart(kills=True)
        await begun(bot, 3)
        assert bot.log.split("\n")[3:] == ["begins", ""]
        assert bot.process_id != first
        assert not ended.done()
        (tmp_path / "end").touch()
        assert await ended == 7
        (tmp_path / "end").unlink()
        await bot.restart(kills=True)  # one that has crashed is started, too
        await begun(bot, 4)
