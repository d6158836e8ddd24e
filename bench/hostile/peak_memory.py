"""The highest resident memory of a process, since a moment that can be chosen. Linux only."""

import re
from pathlib import Path


def forget_peak(process_id: int) -> None:
    """Let the peak begin at what the process has now: https://docs.kernel.org/filesystems/proc.html, clear_refs.

    Raises:
        OSError: there is no such process, or no such system.
    """
    Path(f"/proc/{process_id}/clear_refs").write_text("5", "ascii")


def peak_bytes(process_id: int) -> int:
    """The most resident memory since then, in bytes, without that of children.

    Raises:
        OSError: there is no such process, or no such system.
    """
    status = Path(f"/proc/{process_id}/status").read_text("ascii", errors="replace")
    found = re.search(r"^VmHWM:\s+(\d+) kB$", status, re.MULTILINE)
    if found is None:
        raise OSError("the system does not tell the peak of memory")
    return int(found[1]) * 1024
