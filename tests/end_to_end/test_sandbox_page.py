"""docs/sandbox.md: what it shows runs as it stands there."""

import asyncio
import re
import sys
from asyncio.subprocess import PIPE, STDOUT
from pathlib import Path
from typing import Any

from tests.support.scene import Scene

ROOT = Path(__file__).parents[2]
TEST, BOT, SCRIPT = re.findall(r"```python\n(.*?)```", (ROOT / "docs" / "sandbox.md").read_text("utf-8"), re.DOTALL)


async def test_the_test_passes(scene: Scene) -> None:
    names: dict[str, Any] = {}
    exec(TEST, names)
    [shown] = [value for name, value in names.items() if name.startswith("test_")]
    await shown(scene)


async def test_the_script_for_a_bot_of_one_s_own_runs(tmp_path: Path) -> None:
    (tmp_path / "my_bot.py").write_text(BOT, "utf-8")
    (tmp_path / "try_my_bot.py").write_text(SCRIPT, "utf-8")
    environment = {"PYTHONPATH": str(ROOT)}
    script = await asyncio.create_subprocess_exec(
        sys.executable, "try_my_bot.py", cwd=tmp_path, env=environment, stdout=PIPE, stderr=STDOUT
    )
    printed, _ = await script.communicate()
    assert script.returncode == 0, printed.decode()
