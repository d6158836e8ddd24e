"""The Makefile: which Python it runs on."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
OURS = f"{sys.version_info.major}.{sys.version_info.minor}"

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there is no make")


def environment_of(version: str, folder: Path) -> Path:
    """What looks like an environment of this version of Python."""
    program = folder / "bin" / "python"
    program.parent.mkdir(parents=True)
    program.write_text(f"#!/bin/sh\necho {version}\n")
    program.chmod(0o755)
    return folder


def make(*arguments: str) -> tuple[int, str]:
    """The exit status of `make`, and what it says is wrong, whatever a `make` above it was told."""
    plain = {"PATH": os.environ["PATH"]}
    ended = subprocess.run(["make", *arguments], cwd=ROOT, env=plain, capture_output=True, text=True, check=False)
    return ended.returncode, ended.stderr


def test_an_environment_of_another_python_is_refused_in_one_line_that_says_what_to_do(tmp_path: Path) -> None:
    other = environment_of("3.9", tmp_path / "other")
    status, told = make("same-python", f"PYTHON={sys.executable}", f"VENV={other}")
    assert status != 0
    assert told.splitlines()[0] == (
        f"{other} is of Python 3.9, not {OURS}: make clean, or VENV=.venv-{OURS} for one beside it"
    )


def test_an_environment_of_the_python_that_is_named_is_used_and_so_is_any_where_none_is_named(tmp_path: Path) -> None:
    same = environment_of(OURS, tmp_path / "same")
    assert make("same-python", f"PYTHON={sys.executable}", f"VENV={same}") == (0, "")
    other = environment_of("3.9", tmp_path / "other")
    assert make("same-python", f"VENV={other}") == (0, "")
