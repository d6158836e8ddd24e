"""The processes that the code under test has started."""

import psutil


def child_processes(program: str) -> list[psutil.Process]:
    """Children of ours that run a program with this in its path; none that has ended."""
    return [child for child in psutil.Process().children() if _runs(child, program)]


def _runs(child: psutil.Process, program: str) -> bool:
    try:
        return any(program in part for part in child.cmdline())
    except (psutil.ZombieProcess, psutil.NoSuchProcess):
        return False
