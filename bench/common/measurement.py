"""A file of what was measured. It says on which machine, when and by which command: a figure means nothing without."""

import datetime
import json
import shlex
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.common.machine_info import machine_info


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurement:
    """What a benchmark has written into a file."""

    machine: str
    """The line of `machine_info`."""
    date: str
    """When it was written, in ISO 8601."""
    command: str
    """What was typed to measure it."""
    figures: Any
    """Objects, lists, numbers and texts; each benchmark has its own."""


def write_measurement(path: Path, figures: Any) -> None:
    """Write what this process has measured, as JSON."""
    document = {
        "machine": machine_info(),
        "date": datetime.datetime.now().astimezone().isoformat(timespec="seconds"),
        "command": shlex.join(["python", *sys.orig_argv[1:]]),
        "figures": figures,
    }
    path.write_text(json.dumps(document, indent=1), "utf-8")


def read_measurement(path: Path) -> Measurement:
    """Read such a file.

    Raises:
        FileNotFoundError: there is none.
    """
    return Measurement(**json.loads(path.read_text("utf-8")))
