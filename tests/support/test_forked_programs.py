"""A program that is forked runs and ends as one that is started."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.forked_programs import run_forked, start_forked

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="no program is forked elsewhere")

PROGRAM = """
import os, sys, time
print(sys.argv[1:], os.environ.get("COLOR"), os.environ.get("HOME"), os.getcwd(), __name__, flush=True)
print("wrong", file=sys.stderr)
if "wait" in os.environ:
    time.sleep(60)
sys.exit(3)
"""


@pytest.fixture
def program(tmp_path: Path) -> Path:
    path = tmp_path / "program.py"
    path.write_text(PROGRAM)
    return path


def test_its_arguments_variables_output_and_exit_status_are_those_of_one_that_is_started(program: Path) -> None:
    variables = {"COLOR": "green"}
    started = subprocess.run(
        [sys.executable, str(program), "-x"],
        env=variables, cwd=program.parent, capture_output=True, text=True, check=False,
    )  # fmt: skip
    forked = run_forked([str(program), "-x"], variables)
    assert (forked.returncode, forked.stdout, forked.stderr) == (3, started.stdout, started.stderr)


async def test_it_gets_signals_and_tells_by_which_it_ended(program: Path, tmp_path: Path) -> None:
    for number in (signal.SIGTERM, signal.SIGKILL):
        with (tmp_path / "log").open("wb") as log:
            running = await start_forked(program, {"wait": ""}, log)
            assert running.returncode is None
            running.send_signal(number)
            assert await running.wait() == -number
            running.send_signal(number)
