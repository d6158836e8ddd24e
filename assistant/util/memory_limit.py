"""How much memory this machine, or the container that we run in, lets us have."""

import os
from pathlib import Path
from typing import Final

_CGROUPS: Final = Path("/sys/fs/cgroup")
_OWN_CGROUPS: Final = Path("/proc/self/cgroup")


def memory_limit(root: Path = _CGROUPS, own: Path = _OWN_CGROUPS) -> int | None:
    """The least of the limits, in bytes, that hold here: those of our control groups, and the machine's memory.

    None where it can't be known. Both versions of control groups are read: `memory.max` of the second
    (https://docs.kernel.org/admin-guide/cgroup-v2.html) and `memory.limit_in_bytes` of the first. In a container, its
    own group is most often the root that is seen; outside of one, groups are inside each other, and each limits those
    inside.

    Args:
        root: where the control groups are.
        own: the file that says in which of them this process is.
    """
    limits = [limit for file in _limit_files(root, own) if (limit := _limit_in(file)) is not None]
    machine = _machine_memory()
    return min([*limits, *([] if machine is None else [machine])], default=None)


def _limit_files(root: Path, own: Path) -> list[Path]:
    files = [root / "memory.max", root / "memory" / "memory.limit_in_bytes"]
    try:
        lines = own.read_text().splitlines()
    except OSError:
        return files
    for line in lines:
        _, controllers, path = line.split(":", 2) if line.count(":") >= 2 else ("", "-", "")
        if controllers not in ("", "memory") and "memory" not in controllers.split(","):
            continue
        base, name = (root, "memory.max") if not controllers else (root / "memory", "memory.limit_in_bytes")
        group = Path(path.strip("/"))
        files += [base / each / name for each in (group, *group.parents) if ".." not in each.parts]
    return files


def _limit_in(file: Path) -> int | None:
    try:
        text = file.read_text().strip()
    except OSError:
        return None
    return int(text) if text.isascii() and text.isdigit() else None  # "max" where there is none


def _machine_memory() -> int | None:
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, OSError, ValueError):  # Windows has no sysconf, and other systems not all its names
        return None
