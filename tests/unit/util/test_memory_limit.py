"""How much memory a container lets us have, by either version of control groups."""

import os
from pathlib import Path

import pytest

from assistant.util.memory_limit import memory_limit

MACHINE = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") if hasattr(os, "sysconf") else None
LIMIT = 64 * 2**20


@pytest.mark.parametrize(
    ("own", "files"),
    [
        ("0::/\n", {"memory.max": f"{LIMIT}\n"}),
        (None, {"memory.max": f"{LIMIT}\n"}),
        ("0::/system.slice/bot.service\n", {"system.slice/bot.service/memory.max": f"{LIMIT}\n"}),
        ("0::/system.slice/bot.service\n", {"system.slice/memory.max": f"{LIMIT}\n"}),
        ("0::/a/b\n", {"a/b/memory.max": "max\n", "a/memory.max": f"{LIMIT}\n", "memory.max": f"{2 * LIMIT}\n"}),
        ("5:memory:/docker/1\n4:cpu:/x\n0::/\n", {"memory/docker/1/memory.limit_in_bytes": f"{LIMIT}\n"}),
        ("5:cpu,memory:/\n", {"memory/memory.limit_in_bytes": f"{LIMIT}\n"}),
    ],
)
def test_the_least_limit_of_all_groups_around_us_holds(tmp_path: Path, own: str | None, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = tmp_path / "cgroup" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    if own is not None:
        (tmp_path / "own").write_text(own)
    assert memory_limit(tmp_path / "cgroup", tmp_path / "own") == LIMIT


@pytest.mark.parametrize("text", ["max\n", "", "rubbish", "9223372036854771712\n"])
def test_without_a_limit_it_is_what_the_machine_has(tmp_path: Path, text: str) -> None:
    (tmp_path / "memory.max").write_text(text)
    assert memory_limit(tmp_path, tmp_path / "none") == MACHINE


@pytest.mark.parametrize("own", ["0::/../../etc\n", "rubbish", "1:2\n", "0::\n", "\n"])
def test_a_strange_list_of_groups_does_no_harm(tmp_path: Path, own: str) -> None:
    (tmp_path / "own").write_text(own)
    assert memory_limit(tmp_path / "cgroup", tmp_path / "own") == MACHINE
